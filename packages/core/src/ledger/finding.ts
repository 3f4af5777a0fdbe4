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
  /** A session's entries do not end in the head that the store keeps for it. */
  | 'head-mismatch'
  /** A session that is read by itself does not give the entries that the log has of it. */
  | 'session-mismatch'
  /** The entries do not add up to the running hash of the log. */
  | 'log-head-mismatch'
  /** A sealed value is gone. */
  | 'blob-missing'
  /** A sealed value is not the one that was committed to. */
  | 'blob-mismatch'
  /** What the store keeps of a pinned definition is not what the events say. */
  | 'pin-mismatch';

/** One thing wrong with a stored ledger, and where. What is unknown or does not apply is absent. */
export interface LedgerFinding {
  readonly kind: LedgerFindingKind;
  readonly tenant?: string;
  readonly session?: string;
  readonly seq?: number;
  readonly position?: number;
  /** In words: lower case, without a final period, without stored text beyond ids. */
  readonly message: string;
}
