import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AegisError } from '@aegis/core';
import { type Client, Pool } from 'pg';
import type { Durability, LedgerStore, LedgerView } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import type { GroupCommitLimits } from './append-queue.ts';
import { clientConfig, type ConnectionUse, connect } from './postgres/connection.ts';
import { type Dsn, readDsn } from './postgres/dsn.ts';
import { isStarting, storeError } from './postgres/failure.ts';
import { GroupCommit } from './postgres/group-commit.ts';
import { openLeases } from './postgres/leases.ts';
import { PostgresLink } from './postgres/link.ts';
import { migrate, requireUpToDate } from './postgres/migrate.ts';
import { openPermits } from './postgres/permits.ts';
import { PostgresReader } from './postgres/reader.ts';
import { beginArchive, COUNT_ERASED, DROP_EMPTY_RANGES, erasing } from './postgres/removal.ts';
import { putSnapshot } from './postgres/snapshots.ts';
import { readingFrom } from './postgres/statement.ts';
import { openTrees } from './postgres/trees.ts';
import { viewOver } from './postgres/view.ts';
import { PostgresWriter, type WriteRequest } from './postgres/writer.ts';

export interface PostgresStoreOptions extends Partial<GroupCommitLimits> {
  /**
   * When an append counts as durable; `group` unless said. The server flushes before it acknowledges in each of
   * them; `relaxed` does not wait for its standbys.
   */
  readonly durability?: Durability;
  /**
   * Connection string of the role that owns the tables: it brings them up to date, and gives the role of the
   * store the privilege to read and to append and no other. Absent: one role is both, and triggers alone refuse.
   */
  readonly ownerDsn?: string;
  /** Positions for which a table is made at a time, at least 1024; a million unless said. */
  readonly rangePositions?: number;
  /** How long a batch waits for a server that went away before it answered, in milliseconds; 10 s unless said. */
  readonly patienceMs?: number;
  /** How long one answer to an append may take before its connection is given up, in milliseconds; 15 s unless said. */
  readonly answerMs?: number;
}

const LIMITS: GroupCommitLimits = {
  maxBatchEvents: 1024,
  maxWaitingEvents: 16_384,
  maxWaitingBytes: 64 * 1024 * 1024,
};

const RANGE_POSITIONS = 2 ** 20;
const PATIENCE_MS = 10_000;

/** Connections that read, seal and renew; the one that appends comes on top. */
const READERS = 4;

/** How long a server that is starting is waited for, and how long between two looks, in milliseconds. */
const STARTING_MS = 10_000;
const LOOK_MS = 100;

/** What a connection is for, and how long one answer on it may take. */
const APPENDING: ConnectionUse = { purpose: 'write', answerMs: 15_000, commitWait: 'on' };
const READING: ConnectionUse = { purpose: 'read', answerMs: 30_000, commitWait: 'on' };
const VERIFYING: ConnectionUse = { purpose: 'verify', answerMs: 120_000, commitWait: 'on' };
const ARCHIVING: ConnectionUse = { purpose: 'archive', answerMs: 600_000, commitWait: 'on' };
const MIGRATING: ConnectionUse = { purpose: 'migrate', answerMs: 600_000, commitWait: 'on' };

/**
 * The ledger in a PostgreSQL database, version 14 or newer. Several processes may share it. Throws
 * `CONFIG_INVALID` for a connection string that is none, and `STORE_UNAVAILABLE` when the server is not
 * reached or does not flush, or the ledger belongs to another program or to a newer version of this one.
 */
export async function openPostgresStore(
  dsnText: string,
  options: PostgresStoreOptions = {},
): Promise<LedgerStore> {
  const dsn = readDsn(dsnText);
  const {
    durability = 'group',
    ownerDsn,
    rangePositions = RANGE_POSITIONS,
    patienceMs = PATIENCE_MS,
  } = options;
  const commitWait = durability === 'relaxed' ? 'local' : 'on';
  const { answerMs = APPENDING.answerMs } = options;
  const appending: ConnectionUse = { ...APPENDING, answerMs, commitWait };
  await prepare(dsn, ownerDsn === undefined ? dsn : readDsn(ownerDsn));
  const link = new PostgresLink(await opened(dsn, appending), () => connect(dsn, appending));
  const pool = new Pool({ ...clientConfig(dsn, { ...READING, commitWait }), max: READERS });
  // A connection that breaks while it is idle is replaced when the next one is needed.
  pool.on('error', () => {});

  const writerName = `prc_${randomUUID().replaceAll('-', '')}`;
  const writer = new PostgresWriter(link, { writer: writerName, span: rangePositions, patienceMs });
  const queue = new GroupCommit<WriteRequest>((batch) => writer.commit(batch), {
    ...LIMITS,
    ...(durability === 'full' ? { maxBatchEvents: 1 } : {}),
    ...options,
  });
  const query = readingFrom(pool);
  const reader = new PostgresReader(query);
  const leases = openLeases(pool, writerName);
  const trees = openTrees(pool);
  let closed: Promise<void> | undefined;

  async function append(request: WriteRequest): Promise<void> {
    if (closed !== undefined) throw new AegisError('STORE_UNAVAILABLE', 'the ledger is closed');
    const refusal = link.refusal();
    if (refusal !== undefined) throw refusal;
    return queue.append(request);
  }

  async function finish(): Promise<void> {
    await queue.drained();
    // A lease that cannot be given back ends by itself.
    await leases.release().catch(() => {});
    await Promise.all([link.close(), pool.end()]);
  }

  return {
    durability,
    trees,
    leases,
    permits: openPermits(pool),
    append,
    session: (tenant, session) => reader.session(tenant, session),
    entries: ({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) => reader.entries(after, limit),
    ofTypes: (types, after) => reader.ofTypes(types, after),
    pins: (after = 0) => reader.pins(after),
    async blob(hash, position) {
      const bytes = await reader.blob(hash, position);
      if (bytes === undefined || sha256(bytes) === hash) return bytes;
      throw new AegisError('CHAIN_BROKEN', `the sealed value ${hash} was changed`);
    },
    async erase(request, values) {
      let written: readonly [number, number] = [0, 0];
      await append({
        ...request,
        besides: erasing(values, (...positions) => {
          written = positions;
        }),
      });
      const [row] = await query(COUNT_ERASED, ...written);
      return Number(row?.['removed']);
    },
    async archive(request, segment, sessions) {
      await trees.seal();
      const client = await opened(dsn, { ...ARCHIVING, commitWait });
      try {
        const { removed, besides } = await beginArchive(client, segment, sessions);
        await append({ ...request, besides });
        return removed;
      } finally {
        // What was begun and not committed ends with its connection.
        await client.end();
        await query(DROP_EMPTY_RANGES).catch(() => {});
      }
    },
    putSnapshot: (snapshot) => putSnapshot(pool, snapshot),
    snapshot: (place) => reader.snapshot(place),
    view: async () => viewOver(await opened(dsn, VERIFYING)),
    problem: () => link.refusal()?.message ?? writer.problem,
    close(): Promise<void> {
      closed ??= finish();
      return closed;
    },
  };
}

/** The ledger in a database as it is now, to be verified: nothing is written. */
export async function openPostgresView(dsnText: string): Promise<LedgerView> {
  const dsn = readDsn(dsnText);
  const client = await opened(dsn, VERIFYING);
  return using(client, dsn, async () => {
    await requireUpToDate(client);
    return viewOver(client);
  });
}

/** Brings the ledger up to date as its owner, and sees to it that the role of the store may append. */
async function prepare(dsn: Dsn, owner: Dsn): Promise<void> {
  const role = owner === dsn ? undefined : await withConnection(dsn, roleOf);
  await withConnection(owner, async (client) => {
    const isOwner = role === undefined || role === (await roleOf(client));
    await migrate(client, isOwner ? undefined : role);
  });
}

async function withConnection<T>(dsn: Dsn, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await opened(dsn, MIGRATING);
  const result = await using(client, dsn, () => work(client));
  await client.end();
  return result;
}

async function roleOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  return rows[0]?.role ?? '';
}

/** A connection, waited for while the server starts. */
async function opened(dsn: Dsn, use: ConnectionUse): Promise<Client> {
  const until = performance.now() + STARTING_MS;
  for (;;) {
    try {
      return await connect(dsn, use);
    } catch (error) {
      if (!isStarting(error) || performance.now() > until) throw cannotOpen(dsn, error);
      await sleep(LOOK_MS);
    }
  }
}

/** Closes the connection when the next step on it fails. */
async function using<T>(client: Client, dsn: Dsn, next: () => Promise<T>): Promise<T> {
  try {
    return await next();
  } catch (error) {
    await client.end();
    throw cannotOpen(dsn, error);
  }
}

function cannotOpen({ place }: Dsn, error: unknown): AegisError {
  return storeError(`the ledger \`${place}\` cannot be opened`, error);
}
