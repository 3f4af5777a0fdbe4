import { killedReason, onlyReads, type Reason, type ReceiptDefinition } from '@aegis/core';
import { UpstreamError } from '../../ports.ts';
import { readContent } from '../content.ts';
import type { Turn } from '../content-turns.ts';
import { denialOf, type Execution, type Mediation, type Step } from '../mediation.ts';

/** The door's own effect, within the obligations. What an upstream does wrong is a value, not a throw. */
export const execute: Step = {
  name: 'execute',
  async run(m) {
    const turns = turnsOf(m);
    if (turns.size > 0) m.leave = await m.session.turns.take(turns);
    if (m.facts.contents.length > 0) m.refusal = await changedContent(m);
    if (m.refusal !== undefined) return;
    const earnable = earnableBy(m);
    if (earnable.length > 0) m.validated = await contentsBefore(m, earnable);
    // SECURITY: while the call waited, its session can have ended, and with it the record of what it does.
    if (m.session.snapshot.terminated) {
      m.answer = { kind: 'denied', denial: denialOf(m, ENDED) };
      return;
    }
    // SECURITY: who was stopped meanwhile runs nothing, whatever the door makes of its signal.
    const killed = m.ports.killed?.(m.request.subject);
    if (killed !== undefined) {
      m.refusal = killedReason(killed);
      return;
    }
    const startedAtMs = m.ports.clock.now();
    m.startedAtMs = startedAtMs;
    m.execution = await perform(m);
    // The wall clock can be set back meanwhile.
    m.durationMs = Math.max(0, m.ports.clock.now() - startedAtMs);
  },
};

const ENDED: Reason = {
  code: 'PROTOCOL_VIOLATION',
  phase: 'enforce',
  message: 'the session ended before the call could run',
  remedy: 'open a new session',
};

const NO_TURNS: ReadonlyMap<string, Turn> = new Map();

/** Servers whose contents some receipt speaks of: only there does it matter who acts beside whom. */
function turnsOf(m: Mediation): ReadonlyMap<string, Turn> {
  const { receipts, mints } = m.rules;
  const { server, name } = m.request.resource;
  if (receipts.size === 0) return NO_TURNS;
  const turns = new Map<string, Turn>();
  const spokenOf = [...receipts.values()].some((receipt) => receipt.server === server);
  if (spokenOf && !m.facts.capabilities.every(onlyReads)) turns.set(server, 'shared');
  if (m.call.method === 'tools/call' && mints.get(server)?.has(name)) turns.set(server, 'alone');
  for (const { receipt } of m.facts.contents) {
    const definition = receipts.get(receipt);
    if (definition !== undefined) turns.set(definition.server, 'alone');
  }
  return turns;
}

/**
 * Why the call may not run after all: a content that it was allowed for is another one now.
 *
 * SECURITY: what was decided on was read before other calls had their turn.
 */
async function changedContent(m: Mediation): Promise<Reason | undefined> {
  for (const { receipt, subject, sha256 } of m.decision?.effect === 'deny' ? [] : m.facts.contents) {
    const definition = m.rules.receipts.get(receipt);
    if (definition === undefined) continue;
    if ((await readContent(m.ports, definition, subject, obligationsOf(m))) === sha256) continue;
    return {
      code: 'PRECONDITION_FAILED',
      phase: 'preconditions',
      message: `the content that the receipt \`${receipt}\` speaks of changed before the call could run`,
      remedy: `call \`${definition.mintedBy}\` again, and change nothing before this call is answered`,
    };
  }
  return undefined;
}

async function perform(m: Mediation): Promise<Execution> {
  const { timeoutMs, maxOutputBytes, mask } = obligationsOf(m);
  const { signal } = m.call;
  try {
    const limits = { timeoutMs, maxOutputBytes, ...(signal === undefined ? {} : { signal }) };
    const reply = await m.call.execute(limits, [...mask, ...m.rules.policy.personal.masked], m.request.args);
    return { kind: 'reply', reply };
  } catch (error) {
    if (error instanceof UpstreamError) {
      return { kind: 'failure', failure: error.failure, message: error.message };
    }
    throw error;
  }
}

function obligationsOf(m: Mediation) {
  if (m.decision === undefined) throw new TypeError('executed before it was decided');
  return m.decision.obligations;
}

function earnableBy({ rules, request, call }: Mediation): readonly ReceiptDefinition[] {
  const { server, name } = request.resource;
  const definitions = call.method === 'tools/call' ? rules.mints.get(server)?.get(name) : undefined;
  return definitions ?? NO_RECEIPTS;
}

const NO_RECEIPTS: readonly ReceiptDefinition[] = [];

/** What the content is before a tool that can earn a receipt for it runs, by receipt name. */
async function contentsBefore(
  m: Mediation,
  definitions: readonly ReceiptDefinition[],
): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  for (const definition of definitions) {
    const subject = m.request.args[definition.subject];
    if (typeof subject !== 'string') continue;
    const sha256 = await readContent(m.ports, definition, subject, obligationsOf(m));
    if (sha256 !== undefined) contents.set(definition.name, sha256);
  }
  return contents;
}
