import type { DatabaseSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import type { Durability, LedgerStore, LedgerView } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import type { AppendRequest, StoredEntry, StoredPin, TypedEntries } from '../ports.ts';
import { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
import { SqliteArchiver } from './sqlite/archiver.ts';
import { SqliteConnection } from './sqlite/connection.ts';
import { SqliteEraser } from './sqlite/eraser.ts';
import { storeError } from './sqlite/error.ts';
import { openForReading, openForWriting } from './sqlite/file.ts';
import { SqliteLeases } from './sqlite/leases.ts';
import { LogFlush } from './sqlite/log-flush.ts';
import { SqlitePermits } from './sqlite/permits.ts';
import { SqliteReader } from './sqlite/reader.ts';
import { RecentEvents } from './sqlite/recent-events.ts';
import { SqliteSnapshots } from './sqlite/snapshots.ts';
import { openTrees } from './sqlite/trees.ts';
import { viewOver } from './sqlite/view.ts';
import { WriteAheadLog } from './sqlite/wal.ts';
import { SqliteWriter } from './sqlite/writer.ts';

export interface SqliteStoreOptions extends Partial<GroupCommitLimits> {
  /** When an append counts as durable; `group` unless said. */
  readonly durability?: Durability;
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
 * file cannot be opened, is damaged, belongs to another program or to a newer version of this one, or
 * lacks what guards the evidence.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): LedgerStore {
  const db = openForWriting(path, options.durability ?? 'group');
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
): LedgerStore {
  const { durability = 'group', maxBytes } = options;
  if (maxBytes !== undefined) limitSize(db, maxBytes);
  const connection = new SqliteConnection(db);
  const leases = new SqliteLeases(connection);
  const recent = new RecentEvents(connection);
  const writer = new SqliteWriter(connection, leases, recent);
  const reader = new SqliteReader(readable);
  const snapshots = new SqliteSnapshots(connection, readable);
  const eraser = new SqliteEraser(connection, writer);
  const archiver = new SqliteArchiver(connection, writer);
  const wal = new WriteAheadLog(db);
  const log = durability === 'group' ? new LogFlush(connection) : undefined;
  const write = (batch: readonly AppendRequest[]) => () => writer.write(batch).map(({ refusal }) => refusal);
  const queue = new GroupCommit(
    log === undefined
      ? (batch) => connection.transaction(write(batch))
      : (batch) => connection.unflushed(write(batch)),
    // A request has a transaction of its own when no other has room beside it.
    { ...LIMITS, ...(durability === 'full' ? { maxBatchEvents: 1 } : {}), ...options },
    log && (() => log.flush()),
  );
  let closed: Promise<void> | undefined;

  const refusal = (): AegisError => new AegisError('STORE_UNAVAILABLE', 'the ledger is closed');

  function checkOpen(): void {
    if (closed !== undefined) throw refusal();
  }

  /** Ends what a killed process, or a reader in the way, has left over. */
  async function removeRest(): Promise<void> {
    if (await archiver.finish()) await wal.cut();
    else wal.retry();
  }

  async function finish(): Promise<void> {
    await queue.drained();
    // A lease that cannot be given back ends by itself.
    await leases.release().catch(() => {});
    readable.close();
    await log?.close();
    db.close();
  }

  const permits = new SqlitePermits(connection);
  const trees = openTrees(connection, recent, readable, log && (() => log.flush()));
  return {
    durability,
    trees: {
      ...trees,
      async seal() {
        checkOpen();
        await removeRest();
        return trees.seal();
      },
    },
    leases,
    permits,
    append(request: AppendRequest): Promise<void> {
      return closed === undefined ? queue.append(request) : Promise.reject(refusal());
    },
    async *session(tenant: string, session: string): AsyncGenerator<StoredEntry> {
      yield* reader.session(tenant, session);
    },
    async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}): AsyncGenerator<StoredEntry> {
      yield* reader.entries(after, limit);
    },
    async ofTypes(types: readonly string[], after: number): Promise<TypedEntries> {
      return reader.ofTypes(types, after);
    },
    async *pins(after = 0): AsyncGenerator<StoredPin> {
      yield* reader.pins(after);
    },
    async blob(hash: string, position: number): Promise<Uint8Array | undefined> {
      const bytes = reader.blob(hash, position);
      if (bytes === undefined || sha256(bytes) === hash) return bytes;
      throw new AegisError('CHAIN_BROKEN', `the sealed value ${hash} was changed`);
    },
    async erase(request, values) {
      checkOpen();
      queue.flush();
      const removed = eraser.erase(request, values);
      await wal.cut();
      return removed;
    },
    async archive(request, segment, sessions) {
      checkOpen();
      await trees.seal();
      const leaving = await archiver.plan(sessions);
      queue.flush();
      const removed = archiver.say(request, segment, leaving);
      await archiver.finish();
      await wal.cut();
      return removed;
    },
    async putSnapshot(snapshot) {
      checkOpen();
      snapshots.put(snapshot);
    },
    async snapshot(place) {
      return snapshots.get(place);
    },
    view: async () => openSqliteView(path),
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
  return using(db, path, () => viewOver(db));
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
