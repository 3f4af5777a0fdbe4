import type { LogHead, SessionHead } from '@aegis/core';
import type { AppendRequest, EventStore, StoredEntry, StoredPin } from './ports.ts';

/** An event that says that a sealed value was erased, and the value that it is about. */
export interface StoredErasure extends ValuePlace {
  /** Position of the `DATA_ERASED` event that names the hash. */
  readonly by: number;
}

/** A session whose entries were taken out of the store, as it keeps its end; none where a segment has no session. */
export interface StoredRemoval {
  readonly head: SessionHead | undefined;
  /** The segment that it went into, and the position of the `SEGMENT_ARCHIVED` event that says so. */
  readonly segment: string;
  readonly by: number;
}

/** Consecutive positions, all of them of one archived session, and the position and hash of its newest entry. */
export interface RemovedRun extends SessionPlace {
  readonly first: number;
  readonly last: number;
  readonly newest: number;
  readonly hash: string;
}

/** An entry, and the position to which the store leads from it: of the one before it in its session; 0 from the first. */
export interface LinkedEntry extends StoredEntry {
  readonly prev: number;
}

/** A process that shares a ledger, as the store keeps it. */
export interface StoredProcess {
  readonly writer: string;
  /** Until when its lease lasts, in Unix milliseconds; undefined when it has none. */
  readonly untilMs: number | undefined;
  /** How many sessions belong to it. */
  readonly sessions: number;
}

/** A session that has ended and belongs to a process all the same, or has not and belongs to none. */
export interface MisownedSession extends SessionPlace {
  readonly owner: string | undefined;
}

/** A ledger as it was at one moment, read-only; writers go on without changing it. */
export interface LedgerView {
  /** What the store keeps as the end of the log. */
  readonly head: LogHead;
  /** All entries in commit order, from `after` (exclusive). */
  entries(options?: { readonly after?: number; readonly limit?: number }): AsyncIterable<LinkedEntry>;
  /** A session's entries in `seq` order. */
  session(tenant: string, session: string): AsyncIterable<StoredEntry>;
  /** Where the entries stand that `session` gives, in the same order. */
  positions(tenant: string, session: string): Promise<readonly number[]>;
  /** What the store keeps of the pins, all of it, in the order of their newest events. */
  pins(): AsyncIterable<StoredPin>;
  /** What the store keeps as the end of each session. */
  sessions(): AsyncIterable<SessionHead>;
  /** The bytes kept under the hash of a commitment in the entry at `position`, as they are; undefined when there are none. */
  blob(hash: string, position: number): Promise<Uint8Array | undefined>;
  /** How many sealed values there are, and where, by rising position. */
  countValues(): Promise<number>;
  values(): AsyncIterable<ValuePlace>;
  /** The Merkle logs; undefined in a store that keeps none. */
  readonly trees: TreeView | undefined;
  /** What was erased, in the order of the positions of the values. */
  erasures(): AsyncIterable<StoredErasure>;
  /** The archived sessions, each with its segment. */
  removals(): AsyncIterable<StoredRemoval>;
  /** Where the entries of archived sessions stood, by rising position. */
  removedRuns(): AsyncIterable<RemovedRun>;
  /** All that have a lease or a session. */
  processes(): Promise<readonly StoredProcess[]>;
  /** At most so many. */
  misowned(limit: number): Promise<readonly MisownedSession[]>;
  /** What should refuse changes in the store and is missing, or is not as this program made it: names. */
  unguarded(): Promise<readonly string[]>;
  /** Rows that belong to nothing, or say another thing than the one that they are of: in words, at most so many. */
  strays(limit: number): Promise<readonly string[]>;
  /** Tables whose indexes do not have their rows, or with values that they cannot have: in words, at most so many. */
  damagedTables(limit: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** An event store whose evidence can be verified. */
export interface VerifiableStore extends EventStore {
  view(): Promise<LedgerView>;
  /** Why the newest append could not be written; undefined while appends succeed. */
  problem(): string | undefined;
}

/**
 * When an append counts as durable.
 *
 * - `full`: each append has a transaction and a flush of its own.
 * - `group`: one transaction and one flush serve everything that waits. An acknowledged event survives
 *   the loss of power.
 * - `relaxed`: as `group`, and the flush is left to the system: an acknowledged event survives a killed
 *   process, and may not survive the loss of power.
 */
export type Durability = 'full' | 'group' | 'relaxed';

/** The log over all tenants: its leaves are the tenants' checkpoints. No tenant can have this name. */
export const INSTALLATION_LOG = '';

/** How far a Merkle log has grown. */
export interface LogState {
  /** The tenant, or `INSTALLATION_LOG`. */
  readonly log: string;
  /** Leaves. */
  readonly size: number;
  /** Position of the newest event among its leaves; 0 in the log of the installation. */
  readonly through: number;
  /** The hashes of the partial tile at the right edge of each level, from level 0. */
  readonly edge: readonly Uint8Array[];
}

/** A signed note over one size of a log (C2SP tlog-checkpoint). */
export interface StoredCheckpoint {
  readonly log: string;
  readonly size: number;
  /** The note with all its signatures. A later version of the same size has more of them, never fewer. */
  readonly note: string;
  /** Unix time in milliseconds. */
  readonly atMs: number;
}

/** A checkpoint of a tenant that is a leaf of the log of the installation, and which one. */
export interface InstallationLeaf {
  readonly leaf: number;
  /** The tenant. */
  readonly log: string;
  readonly size: number;
  /** The checkpoint, as it is kept by now. */
  readonly note: string;
}

/** A part of the positions that entered a log: those after `after` and up to `through`, after which it had `size` leaves. */
export interface SealedPart {
  readonly after: number;
  readonly through: number;
  readonly size: number;
}

/** The Merkle logs over the events, read: RFC 6962 trees, kept as C2SP tiles of 256 hashes. */
export interface TreeView {
  /** The id of this installation; undefined while it has none. */
  named(): Promise<string | undefined>;
  /** By which parts of the positions a log grew, by rising position. */
  sealed(log: string): AsyncIterable<SealedPart>;
  logs(): Promise<readonly LogState[]>;
  /** The hashes of a tile, one after the other, as far as it has grown; undefined when there is none. */
  tile(log: string, level: number, n: number): Promise<Uint8Array | undefined>;
  /** Where an event stands in the tree of its tenant; undefined while it is not sealed. */
  leafOf(position: number): Promise<{ readonly log: string; readonly leaf: number } | undefined>;
  /** The newest checkpoint of a log, or the newest one at `size`. */
  checkpoint(log: string, size?: number): Promise<StoredCheckpoint | undefined>;
  /** All checkpoints of a log, by rising size; those of one size, which differ in their origins, in the order of their making. */
  checkpoints(log: string): AsyncIterable<StoredCheckpoint>;
  /** Which checkpoint each leaf of the installation's log is, from `first` on; all that are kept when it is left out. */
  installationLeaves(first?: number): AsyncIterable<InstallationLeaf>;
}

/** The Merkle logs over the events. */
export interface TreeStore extends TreeView {
  /** The id of this installation; `made` is kept when there is none. */
  installation(made: string): Promise<string>;
  /**
   * Moves all committed events into the tree of their tenant, in the order of their positions, and
   * answers with every log. Safe to call from several processes at once: an event enters once.
   */
  seal(): Promise<readonly LogState[]>;
  /**
   * Keeps a checkpoint; one of a tenant also enters the log of the installation as its next leaf, once,
   * with `leafData`. A checkpoint that is there gains the signatures that it has not. Refused when the log has not grown so far, or another
   * root was signed at this size under the same origin (`STORE_UNAVAILABLE`).
   */
  addCheckpoint(checkpoint: StoredCheckpoint, leafData?: Uint8Array): Promise<void>;
}

/** A sealed value: the hash in its commitment and the position of the entry that has the commitment. */
export interface ValuePlace {
  readonly position: number;
  readonly hash: string;
}

export interface SessionPlace {
  readonly tenant: string;
  readonly session: string;
}

/** A session's folded state, kept so that a start need not read the whole session: a cache, never evidence. */
export interface StoredSnapshot {
  readonly tenant: string;
  readonly session: string;
  /** The newest event folded, and its hash: a snapshot whose chain says otherwise is thrown away. */
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
}

/** For how long a wish for a session stands when it is not said again, in milliseconds. */
export const WISH_MS = 5_000;

/**
 * The leases by which processes share a ledger. A process owns the sessions that it started, until they
 * end, for as long as it renews its lease; those of a process that is gone fall to whoever takes them
 * over. A process that has not renewed its lease yet has one of a minute from its first session on.
 *
 * INVARIANT: an append to a session that belongs to another process is refused (`STORE_UNAVAILABLE`).
 */
export interface LeaseStore {
  /** The process as which this store writes. */
  readonly writer: string;
  renew(nowMs: number, untilMs: number): Promise<void>;
  /** Ends the lease: sessions that are still open may be taken over at once. `close` does it, too. */
  release(): Promise<void>;
  /** Makes the open sessions of all processes whose lease ended before `nowMs` this process's own. */
  takeOver(nowMs: number): Promise<readonly SessionPlace[]>;
  /**
   * Wants one session: `own` when it belongs to this process, also from now on because its owner's lease ended before
   * `nowMs` (`taken`); `wished` when its owner is asked for it; `ended` when nobody owns it any more, or ever did.
   */
  want(place: SessionPlace, nowMs: number): Promise<'own' | 'taken' | 'wished' | 'ended'>;
  /** The sessions of this process that others have wanted since `sinceMs`. */
  wanted(sinceMs: number): Promise<readonly SessionPlace[]>;
  /** Gives a session of this process to whoever wants it. Nothing where nobody does. */
  give(place: SessionPlace): Promise<void>;
}

/** How long permits can be spent after they were asked for, in milliseconds. */
export const PERMIT_LEASE_MS = 2_000;

/** What is counted in one window of time, and how many permits of it are wanted. */
export interface PermitRequest {
  /** Names what is counted, with the length of its window. */
  readonly place: string;
  /** Most permits in any window. */
  readonly most: number;
  readonly windowMs: number;
  readonly wanted: number;
}

/** Permits that a process may spend, until `PERMIT_LEASE_MS` after it asked. */
export interface PermitBlock {
  readonly id: string;
  /** 0 when none is free. */
  readonly permits: number;
  /** Milliseconds until one can be free; 0 when some were given. */
  readonly waitMs: number;
}

/** What became of a block. */
export interface SpentBlock {
  readonly id: string;
  readonly place: string;
  readonly windowMs: number;
  readonly spent: number;
  /** Milliseconds since the newest was spent. */
  readonly ageMs: number;
}

/**
 * Permits of rates, for all processes on a ledger, on the clock of the store.
 *
 * INVARIANT: no window holds more permits than `most`, spent or leased: those of a process that is gone count as
 * spent at the last moment at which it could have.
 */
export interface PermitStore {
  /** Leases what is free of what is wanted, and less where little is left; an answer for each request, in order. */
  lease(requests: readonly PermitRequest[]): Promise<readonly PermitBlock[]>;
  /** Gives back what was not spent. A block that has lapsed meanwhile stays as it was counted. */
  settle(blocks: readonly SpentBlock[]): Promise<void>;
}

/** A store with everything that the ledger's evidence needs. */
export interface LedgerStore extends VerifiableStore {
  readonly durability: Durability;
  readonly trees: TreeStore;
  readonly leases: LeaseStore;
  readonly permits: PermitStore;
  /**
   * Appends the events that say so and removes the values, in one transaction. Values that are not
   * there any more are left out of the count. Refused when no `DATA_ERASED` event among them names the
   * hash of a value (`STORE_UNAVAILABLE`).
   */
  erase(request: AppendRequest, values: readonly ValuePlace[]): Promise<number>;
  /**
   * Appends the event that says so and removes the entries and values of whole sessions that have
   * ended; their heads and their leaves stay. Answers with how many events were removed. Refused, and
   * nothing of it is kept, when a session has not ended, is archived already, or holds events on which
   * others stand (pins, erasures, archives, keys), or when the `SEGMENT_ARCHIVED` event counts other sessions or events
   * (`STORE_UNAVAILABLE`).
   */
  archive(request: AppendRequest, segment: string, sessions: readonly SessionPlace[]): Promise<number>;
  /** Keeps a snapshot in place of an older one of the same session. */
  putSnapshot(snapshot: StoredSnapshot): Promise<void>;
  snapshot(place: SessionPlace): Promise<StoredSnapshot | undefined>;
}
