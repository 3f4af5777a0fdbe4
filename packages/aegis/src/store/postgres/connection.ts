import { AegisError } from '@aegis/core';
import { Client, type ClientConfig } from 'pg';
import type { Dsn } from './dsn.ts';

/** How long a server may take to let a connection in, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** How long a statement may wait for another process, in milliseconds. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Settings of every connection. `search_path` is for what is written by hand on such a connection: the statements
 * of the store name their schema. A client that is gone without a word is noticed by the server, which then
 * lets go of what it held.
 */
const SETTINGS = {
  search_path: 'pg_catalog',
  // INVARIANT: what is read after waiting for a lock is what the process before it has left.
  default_transaction_isolation: 'read\\ committed',
  lock_timeout: LOCK_TIMEOUT_MS,
  idle_in_transaction_session_timeout: 5_000,
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  jit: 'off',
};

/** The statements of a writer are few and always of one shape: planned once, over indexes. */
const WRITER_SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/**
 * Whether a COMMIT waits for the standbys that the server is told to wait for, or only for its own disk. It
 * never answers before that.
 */
export type CommitWait = 'on' | 'local';

export interface ConnectionUse {
  /** Seen by the server's administrator beside the connection. */
  readonly purpose: 'write' | 'read' | 'verify' | 'archive' | 'migrate';
  /** How long one answer may take, in milliseconds; then the connection is given up. */
  readonly answerMs: number;
  readonly commitWait: CommitWait;
}

/** What a connection for a use is made with. */
export function clientConfig(
  { config }: Dsn,
  { purpose, answerMs, commitWait }: ConnectionUse,
): ClientConfig {
  const settings = {
    ...SETTINGS,
    synchronous_commit: commitWait,
    ...(purpose === 'write' ? WRITER_SETTINGS : {}),
    // A view is one transaction for as long as it is read; an archive waits for its turn to say so.
    ...(purpose === 'verify' ? { idle_in_transaction_session_timeout: 0 } : {}),
    ...(purpose === 'archive' ? { idle_in_transaction_session_timeout: 60_000 } : {}),
    // A limit on a COMMIT would end its wait for a synchronous standby, and report success.
    statement_timeout: purpose === 'read' || purpose === 'verify' ? answerMs : 0,
  };
  return {
    ...config,
    application_name: `aegis ${purpose}`,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: answerMs,
    keepAlive: true,
    pipeline: purpose === 'write' || purpose === 'archive',
  };
}

/** Connects, and lets go of the connection when the server is none that evidence can be trusted to. */
export async function connect(dsn: Dsn, use: ConnectionUse): Promise<Client> {
  const client = new Client(clientConfig(dsn, use));
  // A connection that breaks while nothing is asked of it says so here, and again when it is used.
  client.on('error', () => {});
  try {
    await client.connect();
    await checkServer(client, use);
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

// SECURITY: a server that does not flush, or that only reads, cannot keep the promise of an acknowledged append.
async function checkServer(client: Client, { purpose }: ConnectionUse): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS pages, current_setting('server_encoding') AS encoding`,
  );
  const { version, fsync, pages, encoding } = rows[0] ?? {};
  if (Number(version) < 14) throw unfit('is older than PostgreSQL 14');
  if (encoding !== 'UTF8') throw unfit('keeps this database in another encoding than UTF8');
  if (purpose !== 'verify' && (fsync !== 'on' || pages !== 'on')) {
    throw unfit('runs with `fsync` or `full_page_writes` off: what it acknowledges can be lost');
  }
}

function unfit(problem: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', `the server cannot keep a ledger: it ${problem}`);
}
