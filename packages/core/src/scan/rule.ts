import type { Capability } from '../model/capability.ts';
import type { Severity } from '../model/finding.ts';
import type { Source } from './source.ts';

/** What a rule saw in a source; offsets in the source's own text. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  /** Lower case, no final period; of the text itself names at most. */
  readonly message: string;
  /** In place of the rule's own. */
  readonly severity?: Severity;
  readonly capability?: Capability;
}

/** A bad pattern that is looked for. */
export interface ScanRule {
  /** Stable: `exec.built_command`. */
  readonly id: string;
  /** Of what it finds, as far as a finding says nothing else. */
  readonly severity: Severity;
  /** What it finds, in a few words. */
  readonly title: string;
  /** Why it matters, and what to do about it: a sentence or two. */
  readonly why: string;
  readonly find: (source: Source) => readonly Hit[];
}
