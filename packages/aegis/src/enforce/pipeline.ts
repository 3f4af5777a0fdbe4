import {
  type AccessRequest,
  AegisError,
  type Decision,
  codeOf,
  NO_FACTS,
  type Reason,
  type ReasonCode,
} from '@aegis/core';
import type { Denial, GovernedCall, Verdicted } from './door.ts';
import { denied, outcome, proposal } from './evidence.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
import { type DelegatorOf, denialOf, type Edit, type Mediation, type Step } from './mediation.ts';
import type { Session } from './session.ts';
import { approve } from './steps/approve.ts';
import { consult } from './steps/consult.ts';
import { decide } from './steps/decide.ts';
import { execute } from './steps/execute.ts';
import { finish } from './steps/finish.ts';
import { identify } from './steps/identify.ts';
import { inspect } from './steps/inspect.ts';
import { record } from './steps/record.ts';
import { reserve } from './steps/reserve.ts';
import { transform } from './steps/transform.ts';

/** The one way from an agent to the world, the same for every door. */
export const PIPELINE: readonly Step[] = [
  identify,
  inspect,
  consult,
  reserve,
  decide,
  approve,
  record,
  execute,
  transform,
  finish,
];

/**
 * Takes one action through the steps. Never rejects: whatever a step throws is a recorded denial.
 *
 * A step is awaited only when it has something to wait for, so that deciding and sealing happen in
 * one turn.
 */
export async function mediate(
  ports: KernelPorts,
  rules: () => Ruleset,
  session: Session,
  call: GovernedCall,
  pipeline: readonly Step[] = PIPELINE,
  delegatorOf: DelegatorOf = NOBODY,
): Promise<Verdicted> {
  const m = begin(ports, rules, session, call, delegatorOf);
  const answer = await run(m, pipeline);
  const { superseded, approval } = m;
  if (superseded === undefined || approval === undefined || m.recorded !== 'denied') return answer;
  // SECURITY: what a person wrote is judged like anything else, from the first step on.
  const edited = { ...call, args: superseded.args };
  return run(begin(ports, rules, session, edited, delegatorOf, { ...superseded, approval }), pipeline);
}

async function run(m: Mediation, pipeline: readonly Step[]): Promise<Verdicted> {
  try {
    for (const step of pipeline) {
      const later = step.run(m);
      if (later !== undefined) await later;
      if (m.answer !== undefined) return m.answer;
    }
    throw new TypeError('the pipeline ended without an answer');
  } catch (error) {
    return failClosed(m, error);
  } finally {
    m.permits?.release();
    m.leave?.();
    m.release?.();
  }
}

function begin(
  ports: KernelPorts,
  currentRules: () => Ruleset,
  session: Session,
  call: GovernedCall,
  delegatorOf: DelegatorOf,
  edit?: Edit,
): Mediation {
  const rules = currentRules();
  const { tenant, agent, user, session: id, door } = session.identity;
  const { server, kind, name } = call.resource;
  const callId = ports.ids.next('call');
  call.proposed?.(callId);
  const request: AccessRequest = {
    id: callId,
    subject: { tenant, agent, user, session: id },
    action: { method: call.method, door },
    resource: call.resource,
    args: call.args,
    nowMs: ports.clock.now(),
  };
  return {
    ports,
    rules,
    currentRules,
    session,
    call,
    request,
    delegatorOf,
    delegators: [],
    release: undefined,
    sameness: [],
    edit,
    tool: kind === 'tool' ? rules.manifests.get(server)?.tools.get(name) : undefined,
    fingerprint: '',
    facts: NO_FACTS,
    rates: [],
    permits: undefined,
    opinions: undefined,
    delegatorOpinions: [],
    decision: undefined,
    approvedBy: undefined,
    approval: undefined,
    pending: undefined,
    superseded: undefined,
    refusal: undefined,
    recorded: 'nothing',
    startedAtMs: undefined,
    leave: undefined,
    execution: undefined,
    durationMs: 0,
    validated: new Map(),
    masked: 0,
    userText: undefined,
    labels: undefined,
    answerFindings: undefined,
    answerScore: undefined,
    withheld: undefined,
    earned: [],
    answer: undefined,
  };
}

/** Records a message that could not become an action as one denied access. Never rejects. */
export async function refuse(
  ports: KernelPorts,
  rules: () => Ruleset,
  session: Session,
  method: string,
  reason: Reason,
): Promise<Denial> {
  const refused: GovernedCall = {
    method: method.slice(0, MAX_METHOD_CHARS).toWellFormed(),
    resource: { kind: 'server', server: 'aegis', name: 'protocol' },
    args: {},
    execute: () => Promise.reject(new TypeError('a refused message has no effect')),
  };
  const m = begin(ports, rules, session, refused, NOBODY);
  m.fingerprint = session.fingerprint([m.call.method, reason.code]);
  try {
    await session.ready();
    await recordFailure(m, reason);
  } catch {
    // SECURITY: without evidence the answer is the same: denied.
  }
  return denialOf(m, reason);
}

const NOBODY: DelegatorOf = () => Promise.resolve(undefined);

const MAX_METHOD_CHARS = 128;

/**
 * What a step threw becomes a denial. It is recorded where the ledger still takes records; where it
 * does not, the caller is still denied.
 */
async function failClosed(m: Mediation, error: unknown): Promise<Verdicted> {
  const reason = reasonOf(m, error);
  const answer: Verdicted = { kind: 'denied', denial: denialOf(m, reason) };
  try {
    await m.session.ready();
    await recordFailure(m, reason);
  } catch {
    // SECURITY: no evidence can be kept, so nothing may happen; the caller hears the first failure.
  }
  return answer;
}

function reasonOf(m: Mediation, error: unknown): Reason {
  const ledger = codeOf(error) === 'STORE_UNAVAILABLE';
  const code: ReasonCode = ledger ? 'LEDGER_UNAVAILABLE' : 'INTERNAL_ERROR';
  const ran = m.startedAtMs !== undefined;
  const what = ledger ? 'the ledger cannot take the record' : 'the kernel failed';
  return {
    code,
    phase: 'enforce',
    message: ran ? `${what}; the action may have run and its result is withheld` : `${what}; nothing was run`,
    remedy: ledger ? retryText(error) : 'report the decision id to whoever runs Aegis',
  };
}

function retryText(error: unknown): string {
  const wait = error instanceof AegisError ? error.retryAfterMs : undefined;
  return wait === undefined ? 'try again in a moment' : `try again in ${wait} ms`;
}

async function recordFailure(m: Mediation, reason: Reason): Promise<void> {
  const stage = m.session.snapshot.openCalls.get(m.request.id)?.stage;
  switch (stage) {
    case undefined:
      // Either nothing of the call is sealed, or its outcome already is.
      if (m.recorded !== 'outcome') {
        await m.session.record([...proposal(m, failedDecision(m, reason)), denied(m, reason)]);
      }
      return;
    case 'proposed':
    case 'decided':
      await m.session.record([denied(m, reason)]);
      return;
    case 'allowed':
    case 'executed':
      await m.session.record(
        outcome(m, { outcome: m.startedAtMs === undefined ? 'failed' : 'withheld', code: reason.code }),
      );
  }
}

function failedDecision(m: Mediation, reason: Reason): Decision {
  const { timeoutMs, maxOutputBytes } = m.rules.policy.settings.limits;
  return {
    effect: 'deny',
    reasons: [reason],
    obligations: { mask: [], timeoutMs, maxOutputBytes },
    policyDigest: m.rules.policy.digest,
    mode: 'enforce',
    audit: true,
  };
}
