import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { openForWriting } from '../../src/store/sqlite/file.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect, SessionWriter, started, toolCall } from './session-writer.ts';

const MB = 1024 * 1024;
const PAGE_BYTES = 8192;
/** Pages in the log from which on a commit moves them itself. */
const BOUND_PAGES = 4000;

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function findingsIn(path: string): Promise<readonly unknown[]> {
  const view = openSqliteView(path);
  const { findings } = await verifyLedger(view);
  await view.close();
  return findings;
}

/** Writes so many calls in each of eight sessions; each has a sealed value of so many bytes. */
async function write(store: LedgerStore, prefix: string, calls: number, bytes: number): Promise<void> {
  const run = async (session: string): Promise<void> => {
    const writer = new SessionWriter(session);
    await store.append(writer.seal(started));
    for (let i = 0; i < calls; i++) await store.append(writer.seal(...toolCall(`c${i}`, 'x'.repeat(bytes))));
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => run(`${prefix}_${i}`)));
}

test('the log is moved into the ledger beside the work, and begins anew before it is long', async () => {
  const path = ledgerPath();
  const store = openSqliteStore(path);
  // Less than a commit would move by itself.
  await write(store, 'first', 20, MB / 10);
  while (sizeOf(path) < 4 * MB) await setTimeout(5);
  let longest = 0;
  for (let round = 0; round < 6; round++) {
    await write(store, `r${round}`, 10, MB / 10);
    longest = Math.max(longest, sizeOf(`${path}-wal`));
  }
  // Of 64 MB.
  expect(longest).toBeLessThan((BOUND_PAGES + 500) * PAGE_BYTES);
  expect(sizeOf(path)).toBeGreaterThan(30 * MB);
  await store.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(await findingsIn(path)).toEqual([]);
});

test('a reader of an older state delays it, and what is appended meanwhile is moved when he is done', async () => {
  const path = ledgerPath();
  const store = openSqliteStore(path);
  await write(store, 'a', 1, 1000);
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN');
  const count = (): unknown => reader.prepare('SELECT count(*) AS n FROM event').get()?.['n'];
  const before = count();
  await write(store, 'b', 8, MB / 4);
  expect(count()).toBe(before);
  expect(sizeOf(path)).toBeLessThan(2 * MB);
  reader.close();
  await write(store, 'c', 8, MB / 4);
  expect(sizeOf(path)).toBeGreaterThan(10 * MB);
  await store.close();
  expect(await findingsIn(path)).toEqual([]);
});

test('a log that nobody moves is moved within a commit', () => {
  const path = ledgerPath();
  const db = openForWriting(path, 'group');
  db.exec('PRAGMA synchronous = OFF');
  const add = db.prepare('INSERT INTO permit_block VALUES (?, ?, 1, 1)');
  const written = 2 * BOUND_PAGES * PAGE_BYTES;
  for (let i = 0; i * MB < written; i++) add.run(`b${i}`, 'x'.repeat(MB));
  expect(sizeOf(`${path}-wal`)).toBeLessThan((BOUND_PAGES + 500) * PAGE_BYTES);
  db.close();
});

test('a thread that cannot open the ledger stops neither appends nor the end of the store', async () => {
  const path = ledgerPath();
  const store = openSqliteStore(path);
  renameSync(path, `${path}.away`);
  await write(store, 'a', 4, MB / 4);
  expect(existsSync(path)).toBe(false);
  await store.close();
});

test('a process that is killed while the log is moved loses nothing that it had acknowledged', async () => {
  const path = ledgerPath();
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < 5; round++) {
    const args = ['--conditions=@aegis/source', program, path, `round${round}`, '1000000', String(MB / 4)];
    const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = once(child, 'close');
    // By then the ledger has been moved to a few times.
    const enough = (round + 1) * 12 * MB;
    while (sizeOf(path) < enough && child.exitCode === null) await setTimeout(5);
    await setTimeout(Math.random() * 60);
    child.kill('SIGKILL');
    await ended;
    for (const line of said.split('\n').slice(0, -1)) {
      const [session = '', next] = line.split(' ');
      acknowledged.set(session, Number(next));
    }
    expect(await findingsIn(path)).toEqual([]);
  }
  expect(acknowledged.size).toBeGreaterThan(5);
  const store = openSqliteStore(path);
  for (const [session, next] of acknowledged) {
    expect((await collect(store.session('acme', session))).length).toBeGreaterThanOrEqual(next);
  }
  await store.close();
});
