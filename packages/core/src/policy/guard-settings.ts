import type { PersonalPattern } from '../inspect/pii/pattern.ts';
import type { Band } from '../model/threat.ts';
import type { PiiKind } from './rule.ts';

/** Bands that can lead to something. */
export const GUARDED_BANDS = ['medium', 'high', 'critical'] as const satisfies readonly Band[];
export type GuardedBand = (typeof GUARDED_BANDS)[number];

/** What a band leads to, from it on until a higher one says otherwise. Empty: it is recorded and leads to nothing. */
export type BandAnswers<Answer> = Readonly<Partial<Record<GuardedBand, Answer>>>;

/** What to do about a call. */
export const CALL_ANSWERS = ['require_approval', 'deny'] as const;
export type CallAnswer = (typeof CALL_ANSWERS)[number];

/** What becomes of personal data in a result. */
export const PERSONAL_ANSWERS = ['mask', 'redact', 'withhold'] as const;

/** The kinds that are somebody's own and that few calls need: what `pii` is about where it names none. */
export const GUARDED_KINDS = ['card', 'iban', 'ssn', 'national_id'] as const satisfies readonly PiiKind[];

/** What personal data of these kinds leads to. */
export interface PersonalSettings {
  readonly kinds: readonly PiiKind[];
  /** Among the arguments of a call. */
  readonly requests?: CallAnswer;
  readonly results?: (typeof PERSONAL_ANSWERS)[number];
}

/**
 * What content leads to by itself, for every call. Absent members ask for nothing; what is there has calls or results
 * scanned and scored, and the record says what was found.
 */
export interface GuardSettings {
  /** By the threat score of the call. */
  readonly requests?: BandAnswers<CallAnswer>;
  /** By the threat score of the result alone. */
  readonly results?: BandAnswers<'withhold'>;
  /** About a credential among the arguments that nothing but a credential looks like. */
  readonly secrets?: CallAnswer;
  readonly pii?: PersonalSettings;
  /** Personal data of forms that the configuration tells. */
  readonly patterns?: readonly PersonalPattern[];
}

/** What a score of this band leads to; undefined for nothing. */
export function answerTo<Answer>(answers: BandAnswers<Answer> | undefined, band: Band): Answer | undefined {
  if (answers === undefined || band === 'low') return undefined;
  let answer: Answer | undefined;
  for (const from of GUARDED_BANDS) {
    answer = answers[from] ?? answer;
    if (from === band) break;
  }
  return answer;
}
