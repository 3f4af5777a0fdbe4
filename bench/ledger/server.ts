import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { treeCpu } from '../gateway/measure/process-tree.ts';

/** A private PostgreSQL server with the durability settings of a real one. */
export interface Server {
  /** Connection string of a new database, over the Unix socket. */
  database(): Promise<string>;
  /** CPU time of all processes of the server so far, microseconds. */
  cpuUs(): number;
  /** Bytes of write-ahead log so far. */
  walPosition(): Promise<number>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server | { readonly unavailable: string }> {
  const script = fileURLToPath(new URL('../../scripts/postgres.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = JSON.parse(await firstLine(child)) as
    | { readonly unavailable: string }
    | { readonly socketDsn: string; readonly data: string };
  if ('unavailable' in said) {
    child.stdin?.end();
    return said;
  }
  const { socketDsn, data } = said;
  const client = new Client({ connectionString: socketDsn });
  await client.connect();
  const postmaster = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  let databases = 0;
  return {
    async database() {
      const name = `bench${++databases}`;
      await client.query(`CREATE DATABASE ${name}`);
      const url = new URL(socketDsn);
      url.pathname = `/${name}`;
      return url.href;
    },
    cpuUs: () => treeCpu(postmaster, '').us,
    async walPosition() {
      const { rows } = await client.query<{ bytes: string }>(
        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes",
      );
      return Number(rows[0]?.bytes);
    },
    async stop() {
      await client.end();
      child.stdin?.end();
      await new Promise((done) => child.once('exit', done));
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('the server said nothing');
}
