import type { LogHead, SessionHead } from '@aegis/core';
import type { EventStore, StoredEntry, StoredPin } from '../ports.ts';

/** A ledger as it was at one moment, read-only; writers go on without changing it. */
export interface LedgerView {
  /** What the store keeps as the end of the log. */
  readonly head: LogHead;
  /** All entries in commit order, from `after` (exclusive). */
  entries(options?: { readonly after?: number; readonly limit?: number }): AsyncIterable<StoredEntry>;
  /** A session's entries in `seq` order. */
  session(tenant: string, session: string): AsyncIterable<StoredEntry>;
  /** What the store keeps of the pins, in the order of their newest events. */
  pins(): AsyncIterable<StoredPin>;
  /** What the store keeps as the end of each session. */
  sessions(): AsyncIterable<SessionHead>;
  /** The bytes kept under the hash of a commitment in the entry at `position`, as they are; undefined when there are none. */
  blob(hash: string, position: number): Promise<Uint8Array | undefined>;
  close(): void;
}

/** An event store whose evidence can be verified. */
export interface VerifiableStore extends EventStore {
  view(): LedgerView;
  /** Why the newest append could not be written; undefined while appends succeed. */
  problem(): string | undefined;
}
