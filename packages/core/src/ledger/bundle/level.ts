/** What a verification of a bundle can prove, in the order in which it is told. */
export const BUNDLE_LEVELS = [
  'hashes',
  'events',
  'chain',
  'inclusion',
  'completeness',
  'checkpoint',
  'consistency',
  'witnesses',
  'values',
] as const;

export type BundleLevel = (typeof BUNDLE_LEVELS)[number];

/** `not_checked`: nothing was found, and nothing is proved. */
export type LevelState = 'pass' | 'fail' | 'not_checked';

export interface LevelResult {
  readonly state: LevelState;
  /** What exactly was proved, or why it was not: in words, without text from outside beyond ids. */
  readonly detail: string;
}

export type BundleFindingKind =
  /** `bundle.json` is not what it must be; nothing else can be judged. */
  | 'bad-manifest'
  | 'missing-file'
  | 'unexpected-file'
  /** A file does not have the hash that `bundle.json` names. */
  | 'changed-file'
  /** A link, a device, or larger than it may be. */
  | 'bad-file'
  /** A line that cannot be read: its length, its encoding, its form. */
  | 'bad-line'
  /** Not as many events as `bundle.json` says. */
  | 'count-mismatch'
  | 'not-canonical'
  | 'not-an-envelope'
  | 'bad-payload'
  | 'illegal-transition'
  | 'wrong-tenant'
  /** An event that the scope does not cover. */
  | 'out-of-scope'
  | 'missing-start'
  | 'chain-gap'
  | 'out-of-order'
  | 'prev-mismatch'
  /** The tiles of the right edge do not give the root. */
  | 'root-mismatch'
  | 'missing-tile'
  /** A tile of another size than its place in the tree asks for. */
  | 'bad-tile'
  /** A tile whose root does not stand in the tile above it. */
  | 'tile-mismatch'
  /** An event that is not the leaf that it is said to be. */
  | 'leaf-mismatch'
  | 'leaf-order'
  /** Leaves or events are absent, and no archived segment accounts for them. */
  | 'missing-events'
  /** What was given as an archived segment of the log is none. */
  | 'segment-mismatch'
  | 'bad-note'
  /** A note over something else than the bundle is about. */
  | 'note-mismatch'
  | 'bad-signature'
  | 'untrusted-key'
  | 'bad-keys'
  | 'installation-mismatch'
  /** The log is shorter than the older checkpoint. */
  | 'rolled-back'
  /** The log is not a continuation of the older checkpoint. */
  | 'forked'
  | 'missing-cosignature'
  | 'value-missing'
  | 'value-mismatch'
  | 'value-unexpected';

/** One thing wrong with a bundle, and where. What is unknown or does not apply is absent. */
export interface BundleFinding {
  readonly level: BundleLevel;
  readonly kind: BundleFindingKind;
  /** Path within the bundle, or what was given beside it. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly leaf?: number;
  readonly session?: string;
  readonly seq?: number;
  /** In words: lower case, without a final period. May hold names from the bundle: print it as such. */
  readonly message: string;
}
