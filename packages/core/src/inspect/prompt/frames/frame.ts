import type { Severity } from '../../../model/finding.ts';
import type { Direction } from '../direction.ts';
import type { Concept } from '../lexicon/concept.ts';

/** Concepts that mean something when they stand near each other, in any order and language. */
export interface Frame {
  /** Of the finding, after `prompt.`. */
  readonly id: string;
  /** For each slot one of its concepts must be there. */
  readonly slots: readonly (readonly Concept[])[];
  /** Whether English puts them in this order. */
  readonly ordered?: true;
  /** Whether it means nothing in a text without blanks, where its words stand inside of others. */
  readonly spaced?: true;
  /** Whether all of it must stand in one sentence, cell of a table or item of a list. */
  readonly sentence?: true;
  /** Whether English says it in too many other senses. */
  readonly foreign?: true;
  /** Whether it means little in a text that speaks of assistants all along. */
  readonly outOfPlace?: true;
  /** Whether talk about attacks near it makes it weaker even without quotation marks. */
  readonly mild?: true;
  /** Whether a word of direction (`to`, `at`) or a program that sends must lead to the last slot in English. */
  readonly directed?: true;
  /** Most words from the first to the last. */
  readonly window: number;
  readonly severity: Readonly<Partial<Record<Direction, Severity>>>;
  readonly message: string;
}

/** The same severity in whatever direction. */
export function everywhere(severity: Severity): Frame['severity'] {
  return { request: severity, result: severity, definition: severity };
}
