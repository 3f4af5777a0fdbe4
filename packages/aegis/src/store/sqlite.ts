import type { DatabaseSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import { sha256 } from '../platform.ts';
import type { AppendRequest, StoredEntry, StoredPin } from '../ports.ts';
import { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
import type { LedgerView, VerifiableStore } from './ledger-view.ts';
import { storeError } from './sqlite-error.ts';
import { openForReading, openForWriting } from './sqlite-file.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';

export interface SqliteStoreOptions extends Partial<GroupCommitLimits> {
  /** Largest size of the file, in bytes; an append beyond is refused. Absent: as the disk allows. */
  readonly maxBytes?: number;
}

const LIMITS: GroupCommitLimits = {
  maxBatchEvents: 1024,
  maxWaitingEvents: 16_384,
  maxWaitingBytes: 64 * 1024 * 1024,
};

/**
 * The ledger in one SQLite file. Several processes may share it. Throws `STORE_UNAVAILABLE` when the
 * file cannot be opened, is damaged, belongs to another program or to a newer version of this one.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): VerifiableStore {
  const db = openForWriting(path);
  return using(db, path, () => {
    const readable = openForReading(path);
    return using(readable, path, () => storeOver(db, readable, path, options));
  });
}

function storeOver(
  db: DatabaseSync,
  readable: DatabaseSync,
  path: string,
  options: SqliteStoreOptions,
): VerifiableStore {
  const writer = new SqliteWriter(db);
  const reader = new SqliteReader(readable);
  if (options.maxBytes !== undefined) limitSize(db, options.maxBytes);
  const queue = new GroupCommit((batch) => writer.commit(batch), { ...LIMITS, ...options });
  let closed: Promise<void> | undefined;

  async function finish(): Promise<void> {
    await queue.drained();
    readable.close();
    db.close();
  }

  return {
    append(request: AppendRequest): Promise<void> {
      if (closed !== undefined) {
        return Promise.reject(new AegisError('STORE_UNAVAILABLE', 'the ledger is closed'));
      }
      return queue.append(request);
    },
    async *session(tenant: string, session: string): AsyncGenerator<StoredEntry> {
      yield* reader.session(tenant, session);
    },
    async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}): AsyncGenerator<StoredEntry> {
      yield* reader.entries(after, limit);
    },
    async *pins(after = 0): AsyncGenerator<StoredPin> {
      yield* reader.pins(after);
    },
    async blob(hash: string, position: number): Promise<Uint8Array | undefined> {
      const bytes = reader.blob(hash, position);
      if (bytes === undefined || sha256(bytes) === hash) return bytes;
      throw new AegisError('CHAIN_BROKEN', `the sealed value ${hash} was changed`);
    },
    view: () => openSqliteView(path),
    problem: () => queue.problem,
    close(): Promise<void> {
      closed ??= finish();
      return closed;
    },
  };
}

/** A ledger file as it is now, to be verified: nothing is written, not even a missing file. */
export function openSqliteView(path: string): LedgerView {
  const db = openForReading(path);
  return using(db, path, () => {
    // One transaction from here to `close`: writers go on, and this view does not see them.
    db.exec('BEGIN');
    const reader = new SqliteReader(db);
    return {
      head: reader.head(),
      async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) {
        yield* reader.entries(after, limit);
      },
      async *session(tenant, session) {
        yield* reader.session(tenant, session);
      },
      async *pins() {
        yield* reader.pins(-1);
      },
      async *sessions() {
        yield* reader.sessions();
      },
      blob: async (hash, position) => reader.blob(hash, position),
      close: () => db.close(),
    };
  });
}

/** Closes the connection when the next step on it fails. */
function using<T>(db: DatabaseSync, path: string, next: () => T): T {
  try {
    return next();
  } catch (error) {
    db.close();
    throw storeError(`the ledger \`${path}\` cannot be opened`, error);
  }
}

function limitSize(db: DatabaseSync, maxBytes: number): void {
  const pageSize = Number(db.prepare('PRAGMA page_size').get()?.['page_size']);
  db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / pageSize)}`);
}
