import type { Severity } from '../../../model/finding.ts';

/** What a definition wants of a model besides the work of its tool. */
export interface Intent {
  /** Of the finding, after `definition.`. */
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
}

/** Words that must all be in one sentence, in whatever order. */
export interface IntentRule extends Intent {
  readonly every: readonly RegExp[];
  /** What makes the sentence harmless. */
  readonly unless?: RegExp;
  /** Whether it still means something behind a word that forbids. */
  readonly forbidden?: true;
  /** Whether the sentence must name a parameter of the tool. */
  readonly parameter?: true;
}
