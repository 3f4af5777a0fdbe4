import { isJsonObject, type JsonObject, type ReceiptDefinition } from '@aegis/core';
import type { UpstreamReply } from '../../ports.ts';
import { readContent } from '../content.ts';
import type { EarnedReceipt, Mediation, Step } from '../mediation.ts';
import { inspectAnswer, maskAnswer, type MaskedAnswer, type SeenAnswer } from '../release.ts';

/** What may leave: answers are scanned, withheld and masked as policy says, and receipts are earned. */
export const transform: Step = {
  name: 'transform',
  run(m) {
    if (m.execution?.kind !== 'reply') return undefined;
    const { reply } = m.execution;
    const earnable = reply.kind === 'result' ? earnableBy(m, reply.result) : [];
    const later = inspectAnswer(m, reply);
    return later === undefined
      ? release(m, reply, earnable)
      : later.then((seen) => release(m, reply, earnable, seen));
  },
};

function release(
  m: Mediation,
  reply: UpstreamReply,
  earnable: readonly ReceiptDefinition[],
  seen?: SeenAnswer,
): Promise<void> | undefined {
  const answer = maskAnswer(m, reply);
  return answer instanceof Promise
    ? answer.then((later) => settle(m, later, earnable, seen))
    : settle(m, answer, earnable, seen);
}

function settle(
  m: Mediation,
  { reply: clean, masked, findingIds }: MaskedAnswer,
  earnable: readonly ReceiptDefinition[],
  seen: SeenAnswer | undefined,
): Promise<void> | undefined {
  m.execution = { kind: 'reply', reply: clean };
  m.masked = masked;
  m.answerFindings =
    seen === undefined && findingIds.length === 0
      ? undefined
      : [...new Set([...(seen?.findingIds ?? []), ...findingIds])];
  m.answerScore = seen?.score;
  m.withheld = seen?.withheld;
  return earnable.length === 0 ? undefined : mint(m, earnable);
}

function earnableBy(m: Mediation, result: JsonObject): readonly ReceiptDefinition[] {
  if (m.validated.size === 0 || result['isError'] === true) return [];
  const structured = result['structuredContent'];
  if (!isJsonObject(structured)) return [];
  const { server, name } = m.request.resource;
  const definitions = m.rules.mints.get(server)?.get(name) ?? [];
  return definitions.filter(({ when }) =>
    Object.entries(when).every(([field, value]) => structured[field] === value),
  );
}

/**
 * Receipts speak of the content as the kernel itself reads it, before and after the validation.
 *
 * SECURITY: content that changed while it was being validated earns nothing.
 */
async function mint(m: Mediation, definitions: readonly ReceiptDefinition[]): Promise<void> {
  const earned: EarnedReceipt[] = [];
  for (const definition of definitions) {
    const subject = m.request.args[definition.subject];
    if (typeof subject !== 'string') continue;
    const before = m.validated.get(definition.name);
    const sha256 = await readContent(m.ports, definition, subject, m.rules.policy.settings.limits);
    if (sha256 === undefined || sha256 !== before) continue;
    const mintedAtMs = m.ports.clock.now();
    earned.push({
      id: m.ports.ids.next('rcp'),
      name: definition.name,
      subject,
      sha256,
      mintedAtMs,
      expiresAtMs: mintedAtMs + definition.ttlMs,
    });
  }
  m.earned = earned;
}
