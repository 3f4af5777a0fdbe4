/** What can be wrong with a stored ledger. */
export type LedgerFindingKind =
  /** The stored hash is not the SHA-256 of the stored body. */
  | 'hash-mismatch'
  /** The body is not the canonical form of any JSON value. */
  | 'not-canonical'
  /** The body is canonical JSON and not an event envelope. */
  | 'not-an-envelope'
  /** A column says something else than the body. */
  | 'column-mismatch'
  /** A payload is not as its event type describes it. */
  | 'bad-payload'
  /** An event stands where the order of events forbids it. */
  | 'illegal-transition'
  /** A session does not begin at seq 0. */
  | 'missing-start'
  /** Entries of a session are missing in its middle. */
  | 'chain-gap'
  /** An entry stands after one with the same or a higher seq. */
  | 'out-of-order'
  /** An entry was not sealed on the entry before it. */
  | 'prev-mismatch'
  /** Positions of the log are missing. */
  | 'position-gap'
  /** The newest entries of the log or of a session are missing. */
  | 'cut-tail'
  /** A session that the store knows has no entries. */
  | 'session-missing'
  /** The entries of a session, or of the log, do not end in the head that the store keeps. */
  | 'head-mismatch'
  /** A session that is read by itself does not give the entries that the log has of it. */
  | 'session-mismatch'
  /** A sealed value is gone. */
  | 'blob-missing'
  /** A sealed value is not the one that was committed to. */
  | 'blob-mismatch'
  /** What the store keeps of a pinned definition is not what the events say. */
  | 'pin-mismatch'
  /** A Merkle log is not as long as the events that it says it holds, or holds them in another order. */
  | 'tree-mismatch'
  /** A tile does not have the hashes that the events give. */
  | 'tile-mismatch'
  /** A tile is gone. */
  | 'tile-missing'
  /** What the store keeps of which positions became which leaves is not what the events give. */
  | 'seal-mismatch'
  /** A checkpoint was signed over another tree than the one that the events give. */
  | 'checkpoint-mismatch'
  /** What the store keeps of an erased value is not what the events say. */
  | 'erasure-mismatch'
  /** What the store keeps of archived sessions is not what the events say. */
  | 'archive-mismatch'
  /** The store keeps something that no event and no signature accounts for. */
  | 'stray-row'
  /** A table of the store, or an index of it, is not as a database keeps it. */
  | 'table-damaged'
  /** What should refuse changes in the store is missing, or was changed. */
  | 'trigger-missing';

/** One thing wrong with a stored ledger, and where. What is unknown or does not apply is absent. */
export interface LedgerFinding {
  readonly kind: LedgerFindingKind;
  readonly tenant?: string;
  readonly session?: string;
  readonly seq?: number;
  readonly position?: number;
  /** The Merkle log: a tenant, or the empty text for the log of the installation. */
  readonly log?: string;
  /** The size of the Merkle log at which it shows. */
  readonly size?: number;
  /** In words: lower case, without a final period, without stored text beyond ids. */
  readonly message: string;
}
