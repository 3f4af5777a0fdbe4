import {
  answerDirection,
  answerTo,
  type BandAnswers,
  type Finding,
  type JsonObject,
  type MaskedResult,
  NO_KNOWN_VALUES,
  type Reason,
  score,
  scoreText,
  type ThreatScore,
} from '@aegis/core';
import type { UpstreamReply } from '../ports.ts';
import { READ_HERE } from './content-scan.ts';
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
export function inspectAnswer(m: Mediation, reply: UpstreamReply): Promise<SeenAnswer> | undefined {
  const { guards, taint } = m.rules.policy.settings;
  const scored = guards?.results !== undefined || taint !== undefined;
  const { withheld } = m.rules.policy.personal;
  return scored || withheld.size > 0 ? scanAnswer(m, reply, scored) : undefined;
}

async function scanAnswer(m: Mediation, reply: UpstreamReply, scored: boolean): Promise<SeenAnswer> {
  const { settings, personal } = m.rules.policy;
  const everything = await (m.ports.content ?? READ_HERE).scan(contentOf(reply), {
    direction: answerDirection(m.call.method),
    text: scored,
    secrets: settings.guards?.results !== undefined,
    ...(personal.withheld.size > 0 ? { personal: personal.patterns } : {}),
    known: NO_KNOWN_VALUES,
  });
  const found = everything.filter(({ id }) => !id.startsWith('pii.'));
  // SECURITY: what could not be read may hold what is withheld.
  const keeps =
    personal.withheld.size > 0 ? new Set([...personal.withheld, 'text.unscanned']) : personal.withheld;
  const kept = everything.find(({ id }) => keeps.has(id));
  const { score, withheld } = scored ? scoreAnswer(m, found, settings.guards?.results ?? {}) : UNSCORED;
  const enforced = m.decision?.mode !== 'shadow';
  return {
    findingIds: [...new Set(everything.map(({ id }) => id))],
    score,
    withheld: withheld ?? (kept !== undefined && enforced ? withholdingPersonal(kept) : undefined),
  };
}

const UNSCORED: Pick<SeenAnswer, 'score' | 'withheld'> = { score: undefined, withheld: undefined };

function scoreAnswer(
  m: Mediation,
  found: readonly Finding[],
  answers: BandAnswers<'withhold'>,
): Pick<SeenAnswer, 'score' | 'withheld'> {
  // What is masked is not released, and threatens nobody.
  const masks = m.decision?.obligations.mask.includes('secret') === true;
  const released = masks ? found.filter(({ id }) => !id.startsWith('secret.')) : found;
  const scored = score({ findings: released, capabilities: [], tainted: false, denied: 0 });
  const withheld = m.decision?.mode !== 'shadow' && answerTo(answers, scored.band) === 'withhold';
  return { score: scored, withheld: withheld ? withholding(scored, released) : undefined };
}

function withholdingPersonal({ id, at }: Finding): Reason {
  return {
    code: 'GUARD_PII',
    phase: 'enforce',
    message: `the call ran and its result is withheld, since it holds personal data (\`${id}\`) at \`${at}\``,
    remedy: 'do not make the call again: ask for less, or ask whoever runs Aegis to have it masked',
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

export function maskAnswer(m: Mediation, reply: UpstreamReply): MaskedAnswer | Promise<MaskedAnswer> {
  const masks = [...(m.decision?.obligations.mask ?? []), ...m.rules.policy.personal.masked];
  const known = m.ports.known?.() ?? NO_KNOWN_VALUES;
  if (masks.length === 0 && known.empty) return { reply, masked: 0, findingIds: [] };
  const content = contentOf(reply);
  const reader = m.ports.content ?? READ_HERE;
  const cleared = reader.mask(content, masks, known);
  return cleared instanceof Promise
    ? cleared.then((later) => answerWith(reply, content, later))
    : answerWith(reply, content, cleared);
}

function answerWith(
  reply: UpstreamReply,
  content: JsonObject,
  { result, masked, secretIds: findingIds }: MaskedResult,
): MaskedAnswer {
  if (result === content) return { reply, masked, findingIds };
  if (reply.kind === 'result') return { reply: { ...reply, result }, masked, findingIds };
  const message = String(result['message']);
  const data = reply.data === undefined ? {} : { data: result['data'] ?? null };
  return { reply: { ...reply, message, ...data }, masked, findingIds };
}
