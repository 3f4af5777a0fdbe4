import type { LogHead, SessionHead } from '@aegis/core';
import type { EventStore, StoredEntry } from '../ports.ts';

/** A ledger as it was at one moment, read-only; writers go on without changing it. */
export interface LedgerView {
  /** What the store keeps as the end of the log. */
  readonly head: LogHead;
  /** All entries in commit order. */
  entries(): AsyncIterable<StoredEntry>;
  /** What the store keeps as the end of each session. */
  sessions(): AsyncIterable<SessionHead>;
  /** The bytes kept under a commitment's hash, as they are; undefined when there are none. */
  blob(hash: string): Promise<Uint8Array | undefined>;
  close(): void;
}

/** An event store whose evidence can be verified. */
export interface VerifiableStore extends EventStore {
  view(): LedgerView;
  /** Why the newest append could not be written; undefined while appends succeed. */
  problem(): string | undefined;
}
