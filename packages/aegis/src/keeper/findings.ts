import type { LedgerFinding } from '@aegis/core';

/** What a verification of a ledger can prove, in the order in which it is told. */
export const LEDGER_LEVELS = [
  'hashes',
  'chain',
  'inclusion',
  'checkpoint',
  'consistency',
  'witnesses',
  'values',
  'guards',
] as const;

export type LedgerLevel = (typeof LEDGER_LEVELS)[number];

/** What else can be wrong with a ledger when those who signed it are asked. */
export type SigningFindingKind =
  /** A checkpoint that no believed key has signed, or with a signature that is not valid. */
  | 'bad-signature'
  /** A log is shorter than it was when it was signed. */
  | 'rolled-back'
  /** A log is not a continuation of what was signed. */
  | 'forked'
  | 'missing-cosignature'
  /** An imported bundle is not sound any more. */
  | 'import-damaged';

export type StoreFinding = Omit<LedgerFinding, 'kind'> & {
  readonly kind: LedgerFinding['kind'] | SigningFindingKind;
};

const LEVELS: Readonly<Record<StoreFinding['kind'], LedgerLevel>> = {
  'hash-mismatch': 'hashes',
  'not-canonical': 'hashes',
  'not-an-envelope': 'hashes',
  'column-mismatch': 'hashes',
  'bad-payload': 'hashes',
  'illegal-transition': 'chain',
  'missing-start': 'chain',
  'chain-gap': 'chain',
  'out-of-order': 'chain',
  'prev-mismatch': 'chain',
  'position-gap': 'chain',
  'cut-tail': 'chain',
  'session-missing': 'chain',
  'head-mismatch': 'chain',
  'session-mismatch': 'chain',
  'pin-mismatch': 'chain',
  'archive-mismatch': 'chain',
  'tree-mismatch': 'inclusion',
  'tile-mismatch': 'inclusion',
  'tile-missing': 'inclusion',
  'seal-mismatch': 'inclusion',
  'checkpoint-mismatch': 'checkpoint',
  'bad-signature': 'checkpoint',
  'rolled-back': 'consistency',
  forked: 'consistency',
  'missing-cosignature': 'witnesses',
  'blob-missing': 'values',
  'blob-mismatch': 'values',
  'erasure-mismatch': 'values',
  'stray-row': 'guards',
  'table-damaged': 'guards',
  'trigger-missing': 'guards',
  'import-damaged': 'hashes',
};

/** The level that something wrong belongs to. */
export function levelOf(kind: StoreFinding['kind']): LedgerLevel {
  return LEVELS[kind];
}
