/** What data is called: a source, or a word of a manifest or a rule. */
export const LABEL = /^[a-z][a-z0-9_.-]{0,63}$/;

/** Most labels of one result. */
export const MAX_LABELS = 16;

/** Most taints of one call that its record names; the authority ones come first. */
export const MAX_RECORDED_TAINTS = 16;

/**
 * How an argument agrees with what was read: all of it, a name inside of it, a sequence of its words. `unknown`: what
 * was read is not there any more, and nobody else is known to have said it.
 */
export const AGREEMENTS = ['value', 'part', 'quotation', 'unknown'] as const;
export type Agreement = (typeof AGREEMENTS)[number];

/**
 * What an argument decides. `authority`: where to, on what, how. `choice`: which of the things that the same server
 * named, or which page to look at. `content`: what is written, and nothing else.
 */
export const ARGUMENT_USES = ['authority', 'choice', 'content'] as const;
export type ArgumentUse = (typeof ARGUMENT_USES)[number];

/** One argument that holds what a labelled result said. */
export interface TaintFact {
  /** RFC 6901 pointer into the arguments. */
  readonly at: string;
  /** Of every result that said it, sorted. */
  readonly labels: readonly string[];
  /** Ids of the calls whose results said it first; empty where that is not known. */
  readonly from: readonly string[];
  readonly agreement: Agreement;
  readonly use: ArgumentUse;
}

/** A taint that was taken from an argument, and by which sanitizer. */
export interface Declassification {
  readonly at: string;
  readonly labels: readonly string[];
  readonly by: string;
}

/** Where the arguments of a call come from. */
export interface TaintFacts {
  readonly taints: readonly TaintFact[];
  /**
   * Why the call does not follow from what the user and the model said before something that tries to steer the model
   * was read: pointer of the first argument, empty for a call of which nothing does. Absent where nothing was read
   * that tries to.
   */
  readonly unfounded?: string;
  readonly declassified: readonly Declassification[];
}

/** What is known of a call in a session that has read nothing. */
export const NO_TAINTS: TaintFacts = Object.freeze({ taints: [], declassified: [] });
