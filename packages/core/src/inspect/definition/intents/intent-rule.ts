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
  /**
   * Whether the sentence must name a parameter of the tool; `unexpected`: one that is not there for conversations,
   * as `messages` is.
   */
  readonly parameter?: true | 'unexpected';
  /** Whether the sentence must name a tool that is not this one: a name with an underscore that is no parameter. */
  readonly otherTool?: true;
  /** Whether its words may be spread over two sentences that follow each other. */
  readonly across?: true;
}
