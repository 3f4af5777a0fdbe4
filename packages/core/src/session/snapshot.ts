/** A statement minted by the kernel that a precondition held for exactly this content. */
export interface Receipt {
  /** `rcp_...` */
  readonly id: string;
  /** The receipt's name in the manifest that defines it: `silver_validation`. */
  readonly name: string;
  /** What it speaks of, as the call that earned it named it: a dataset, an object key. */
  readonly subject: string;
  /** SHA-256 (hex) of the content when it was minted; other content is not covered. */
  readonly sha256: string;
  readonly mintedAtMs: number;
  readonly expiresAtMs: number;
}

/** How far a call has come; a call leaves the snapshot when its outcome is sealed. */
export type CallStage = 'proposed' | 'decided' | 'allowed' | 'executed';

/**
 * On what ground a call may be allowed now: the word that its `*_ALLOWED` event must carry.
 * `ask`: only after a person was asked. `asked`: a person has not answered yet. `none`: it may
 * only be denied.
 */
export type Passage = 'none' | 'ask' | 'asked' | 'allow' | 'approved' | 'shadow';

/** A call without an outcome. */
export interface OpenCall {
  /** `tool`: the TOOL_* events speak of it; `access`: the ACCESS_* events do. */
  readonly family: 'tool' | 'access';
  readonly stage: CallStage;
  readonly passage: Passage;
}

/**
 * The state of one session: a pure fold of its sealed events and of nothing else.
 * Counts are exact; times are Unix milliseconds.
 */
export interface Snapshot {
  readonly tenant: string;
  readonly session: string;
  readonly agent: string;
  readonly user: string;
  readonly startedAtMs: number;
  /** Events folded so far; the next event has this `seq`. */
  readonly events: number;
  /** Governed actions that were allowed, of every method. */
  readonly steps: number;
  /** Tool calls that were allowed. */
  readonly toolCalls: number;
  /** Actions that were denied; they consume no budget. */
  readonly denied: number;
  /** Whether something was released to the session that scores as steering a model (`high` and above). */
  readonly exposed: boolean;
  /** Fingerprints of the newest allowed calls, oldest first, at most `LOOP_WINDOW`. */
  readonly recentCalls: readonly string[];
  readonly receipts: readonly Receipt[];
  /** Calls without an outcome, by call id. */
  readonly openCalls: ReadonlyMap<string, OpenCall>;
  readonly terminated: boolean;
}

/** How many allowed calls the loop detector remembers. */
export const LOOP_WINDOW = 64;

/** How many calls of one session may be without an outcome at a time. */
export const MAX_OPEN_CALLS = 1024;

/** How many receipts a session can hold; the oldest gives way. */
export const MAX_RECEIPTS = 256;
