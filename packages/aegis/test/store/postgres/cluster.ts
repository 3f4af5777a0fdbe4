import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, describe } from 'vitest';

const program = fileURLToPath(new URL('../../../../../scripts/postgres.mjs', import.meta.url));

/** Who a private cluster is, as `scripts/postgres.mjs` says it. */
interface Started {
  /** A superuser over 127.0.0.1. */
  readonly dsn: string;
  /** The same over the Unix socket. */
  readonly socketDsn: string;
  readonly folder: string;
  /** Of the user as which it runs, when that is another one. */
  readonly uid?: number;
  readonly gid?: number;
}

/** A private PostgreSQL server: real, durable, and gone when the tests are. */
export interface Cluster extends Started {
  /** A superuser's connection string to a new database of its own. */
  database(): Promise<string>;
  /** Connection strings of a new database for a role that owns it and one that may only connect. */
  roles(): Promise<{ readonly dsn: string; readonly owner: string; readonly writer: string }>;
  /** Lets the server speak TLS from now on, or no more. */
  useCertificate(certificate: string | undefined, key: string | undefined): Promise<void>;
  /** Stops the server as a crash would and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Runs statements as a connection string's role, one after the other; answers with the rows of the last. */
export async function sql(dsn: string, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: dsn });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Another user, password or database in a connection string. */
export function dsnWith(dsn: string, parts: { user?: string; password?: string; database?: string }): string {
  const url = new URL(dsn);
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  return url.href;
}

/** Tests that need a server; where none can be had they are skipped, and say why. */
export async function describePostgres(name: string, body: (cluster: Cluster) => void): Promise<void> {
  const { cluster, unavailable, end } = await startCluster();
  if (unavailable !== undefined) process.stderr.write(`skipped: ${name}: ${unavailable}\n`);
  describe.skipIf(unavailable !== undefined)(
    `${name}${unavailable === undefined ? '' : ` (${unavailable})`}`,
    () => {
      afterAll(end);
      body(cluster);
    },
  );
}

async function startCluster() {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the PostgreSQL server ended');
    return JSON.parse(value) as Record<string, unknown>;
  };
  const command = async (line: string): Promise<void> => {
    child.stdin.write(`${line}\n`);
    const { problem } = await answer();
    if (problem !== undefined) throw new Error(String(problem));
  };
  const end = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };

  const started = (await answer()) as unknown as Started & { readonly unavailable?: string };
  // A suite that is skipped runs no hooks.
  if (started.unavailable !== undefined) await end();
  let databases = 0;
  const cluster: Cluster = {
    ...started,
    async database() {
      databases += 1;
      await sql(started.dsn, `CREATE DATABASE ledger_${databases}`);
      return dsnWith(started.dsn, { database: `ledger_${databases}` });
    },
    async roles() {
      const dsn = await cluster.database();
      const name = new URL(dsn).pathname.slice(1);
      await sql(
        dsn,
        `CREATE ROLE ${name}_owner LOGIN PASSWORD 'secret-of-owner'`,
        `CREATE ROLE ${name}_writer LOGIN PASSWORD 'secret-of-writer'`,
        `ALTER DATABASE ${name} OWNER TO ${name}_owner`,
      );
      return {
        dsn,
        owner: dsnWith(dsn, { user: `${name}_owner`, password: 'secret-of-owner' }),
        writer: dsnWith(dsn, { user: `${name}_writer`, password: 'secret-of-writer' }),
      };
    },
    async useCertificate(certificate, key) {
      const keep = (name: string, path: string): void => {
        const kept = join(started.folder, name);
        copyFileSync(path, kept);
        chmodSync(kept, 0o600);
        if (started.uid !== undefined) chownSync(kept, started.uid, started.gid ?? 0);
      };
      if (certificate !== undefined && key !== undefined) {
        keep('server.crt', certificate);
        keep('server.key', key);
      }
      await sql(
        started.dsn,
        `ALTER SYSTEM SET ssl_cert_file = '${join(started.folder, 'server.crt')}'`,
        `ALTER SYSTEM SET ssl_key_file = '${join(started.folder, 'server.key')}'`,
        `ALTER SYSTEM SET ssl = ${certificate === undefined ? 'off' : 'on'}`,
      );
      await command('restart');
    },
    restart: () => command('restart'),
    stop: () => command('stop'),
    start: () => command('start'),
  };
  return { cluster, unavailable: started.unavailable, end };
}
