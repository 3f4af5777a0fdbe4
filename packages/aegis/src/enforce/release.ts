import {
  answerDirection,
  answerTo,
  type Finding,
  type JsonObject,
  maskResult,
  NO_KNOWN_VALUES,
  type Reason,
  score,
  scoreText,
  type ThreatScore,
} from '@aegis/core';
import type { UpstreamReply } from '../ports.ts';
import { scanInPieces } from './content-scan.ts';
import type { Mediation } from './mediation.ts';

/** What an answer holds, as far as anybody asked, and why it may not be released, if it may not. */
export interface SeenAnswer {
  readonly findingIds: readonly string[];
  /** Undefined where nothing asks for it. */
  readonly score: ThreatScore | undefined;
  readonly withheld: Reason | undefined;
}

/** The answer as it is scanned and masked: an error's words and data are content, too. */
function contentOf(reply: UpstreamReply): JsonObject {
  return reply.kind === 'result' ? reply.result : { message: reply.message, data: reply.data ?? null };
}

/** Looks at an answer as the settings of the guards ask; undefined where they do not. */
export async function inspectAnswer(m: Mediation, reply: UpstreamReply): Promise<SeenAnswer | undefined> {
  const answers = m.rules.policy.settings.guards?.results;
  if (answers === undefined) return undefined;
  const found = await scanInPieces(contentOf(reply), {
    direction: answerDirection(m.call.method),
    text: true,
    secrets: true,
    known: NO_KNOWN_VALUES,
  });
  // What is masked is not released, and threatens nobody.
  const masks = m.decision?.obligations.mask.includes('secret') === true;
  const released = masks ? found.filter(({ id }) => !id.startsWith('secret.')) : found;
  const scored = score({ findings: released, capabilities: [], tainted: false, denied: 0 });
  const withheld = m.decision?.mode !== 'shadow' && answerTo(answers, scored.band) === 'withhold';
  return {
    findingIds: [...new Set(found.map(({ id }) => id))],
    score: scored,
    withheld: withheld ? withholding(scored, released) : undefined,
  };
}

function withholding(scored: ThreatScore, found: readonly Finding[]): Reason {
  const heaviest = scored.parts.find(({ kind }) => kind === 'finding')?.name ?? found[0]?.id ?? '';
  const secret = heaviest.startsWith('secret.');
  return {
    code: secret ? 'GUARD_SECRET' : 'GUARD_PROMPT',
    phase: 'enforce',
    message: `the call ran and its result is withheld, since it holds ${secret ? 'credentials' : 'text that tries to steer the model'}: ${scoreText(scored)}`,
    remedy: 'do not make the call again: use another source, or ask whoever runs Aegis to look at this one',
  };
}

/** What an answer is once everything is masked that the decision obliges to, and every credential of Aegis itself. */
export interface MaskedAnswer {
  readonly reply: UpstreamReply;
  readonly masked: number;
  readonly findingIds: readonly string[];
}

export function maskAnswer(m: Mediation, reply: UpstreamReply): MaskedAnswer {
  const kinds = m.decision?.obligations.mask ?? [];
  const known = m.ports.known?.() ?? NO_KNOWN_VALUES;
  if (kinds.length === 0 && known.empty) return { reply, masked: 0, findingIds: [] };
  const content = contentOf(reply);
  const { result, masked, secretIds: findingIds } = maskResult(content, kinds, known);
  if (result === content) return { reply, masked, findingIds };
  if (reply.kind === 'result') return { reply: { ...reply, result }, masked, findingIds };
  const message = String(result['message']);
  const data = reply.data === undefined ? {} : { data: result['data'] ?? null };
  return { reply: { ...reply, message, ...data }, masked, findingIds };
}
