import type { Diagnostic, Position } from '../../diagnostic.ts';
import { MAX_RATES, type RateLimit } from '../../rate/rate-limit.ts';
import {
  answerTo,
  type BandAnswers,
  CALL_ANSWERS,
  GUARDED_BANDS,
  type GuardSettings,
} from '../guard-settings.ts';
import type { PolicySettings } from '../settings.ts';

/** Settings that a policy file of another format asks for: native rules have no words for them. */
export interface AskedSettings {
  /** The key of the file that asks. */
  readonly key: string;
  readonly at: Position;
  readonly rate?: RateLimit;
  readonly guards?: GuardSettings;
}

/** Settings with what files ask for beside them: of two answers to the same the stricter holds. */
export function withAsked(
  settings: PolicySettings,
  asked: readonly AskedSettings[],
): { readonly settings: PolicySettings; readonly diagnostics: readonly Diagnostic[] } {
  if (asked.length === 0) return { settings, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const rates = [...(settings.rates ?? [])];
  let guards = settings.guards ?? {};
  for (const { key, at, rate, guards: more = {} } of asked) {
    const fault = (code: string, message: string): void => {
      diagnostics.push({ code, message, at });
    };
    if (rate !== undefined) {
      if (rates.some(({ name }) => name === rate.name)) {
        fault('duplicate-name', `\`${rate.name}\` is already the name of another rate`);
      }
      if (rates.length === MAX_RATES) fault('out-of-range', `there are at most ${MAX_RATES} rates`);
      rates.push(rate);
    }
    const known = new Set(guards.patterns?.map(({ name }) => name));
    for (const { name } of more.patterns ?? []) {
      if (known.has(name)) fault('duplicate-name', `\`${name}\` is already the name of another pattern`);
      known.add(name);
    }
    if (guards.pii !== undefined && more.pii !== undefined) {
      fault('duplicate-key', `\`${key}\` and another \`pii\` both say what personal data leads to`);
    }
    guards = bothGuards(guards, more);
  }
  return {
    settings: {
      ...settings,
      ...(Object.keys(guards).length === 0 ? {} : { guards }),
      ...(rates.length === 0 ? {} : { rates }),
    },
    diagnostics,
  };
}

function bothGuards(a: GuardSettings, b: GuardSettings): GuardSettings {
  const requests = strictest(a.requests, b.requests, CALL_ANSWERS);
  const results = strictest(a.results, b.results, ['withhold']);
  const patterns = [...(a.patterns ?? []), ...(b.patterns ?? [])];
  return {
    ...a,
    ...b,
    ...(requests === undefined ? {} : { requests }),
    ...(results === undefined ? {} : { results }),
    ...(patterns.length === 0 ? {} : { patterns }),
  };
}

/** `answers` from the mildest. */
function strictest<Answer extends string>(
  a: BandAnswers<Answer> | undefined,
  b: BandAnswers<Answer> | undefined,
  answers: readonly Answer[],
): BandAnswers<Answer> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both: Partial<Record<(typeof GUARDED_BANDS)[number], Answer>> = {};
  for (const band of GUARDED_BANDS) {
    const given = [answerTo(a, band), answerTo(b, band)].filter((answer) => answer !== undefined);
    const answer = answers.findLast((one) => given.includes(one));
    if (answer !== undefined) both[band] = answer;
  }
  return both;
}
