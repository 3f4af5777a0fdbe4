import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect } from './session-writer.ts';

const program = fileURLToPath(new URL('./removing-process.ts', import.meta.url));
const SECRET = 'the-secret-of-the-agent';

function run(path: string, name: string, what: string, rounds: number) {
  const args = ['--conditions=@aegis/source', program, path, name, what, String(rounds), SECRET];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('written')) resolve();
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  const done = (): number => said.split('\n').filter((line) => line.startsWith(what)).length;
  return { child, begun, ended, done };
}

async function verified(path: string) {
  const view = openSqliteView(path);
  const report = await verifyLedger(view);
  const removals = await collect(view.removals());
  const erasures = await collect(view.erasures());
  await view.close();
  expect(report.findings).toEqual([]);
  return { ...report, removals, erasures };
}

const copies = (path: string): number =>
  [path, `${path}-wal`]
    .filter((file) => existsSync(file))
    .reduce((sum, file) => sum + readFileSync(file).toString('latin1').split(SECRET).length - 1, 0);

/** How many sealed values the file has, each of which has the secret once. */
function valuesIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const { n } = db.prepare('SELECT count(*) AS n FROM blob').get() ?? {};
  db.close();
  return Number(n);
}

describe('a process that is killed', { timeout: 60_000 }, () => {
  test.each(['seal', 'erase', 'archive'])('while it is about to %s leaves a sound ledger', async (what) => {
    const path = ledgerPath();
    let done = 0;
    for (let round = 0; round < 6; round++) {
      const process = run(path, `r${round}`, what, 1_000_000);
      const early = await Promise.race([process.begun, process.ended]);
      expect(early).toBeUndefined();
      await setTimeout(Math.random() * 150);
      process.child.kill('SIGKILL');
      await process.ended;
      done += process.done();
      const { removals, erasures } = await verified(path);
      // What it had said was done, is.
      if (what === 'erase') expect(erasures.length).toBeGreaterThanOrEqual(done * 12 * 20);
      if (what === 'archive') expect(removals.length).toBeGreaterThanOrEqual(done * 12);
    }

    const store = openSqliteStore(path);
    const [log] = await store.trees.seal();
    const { unsealed, removals, erasures } = await verified(path);
    expect(unsealed).toBe(0);
    const view = await store.view();
    expect(log?.size).toBe(view.head.position);
    await view.close();
    if (what === 'erase') {
      expect(copies(path)).toBe(valuesIn(path));
      expect(erasures.length % (12 * 20)).toBe(0);
    }
    // An archive that was begun has been ended.
    if (what === 'archive') {
      expect(removals.length % 12).toBe(0);
      for (const { head } of removals)
        expect(await collect(store.session(head?.tenant ?? '', head?.session ?? ''))).toEqual([]);
    }
    await store.close();
  });
});

describe('several processes on one file', { timeout: 60_000 }, () => {
  test.each(['seal', 'erase', 'archive'])('%s at the same time', async (what) => {
    const path = ledgerPath();
    const processes = ['a', 'b'].map((name) => run(path, name, what, 4));
    for (const { ended } of processes) expect(await ended).toEqual({ code: 0, errors: '' });
    const { removals, erasures, entries } = await verified(path);
    if (what === 'seal') expect(entries).toBe(2 * (1 + 4 * 12 * 102));
    if (what === 'erase') expect(erasures).toHaveLength(2 * 4 * 12 * 20);
    if (what === 'archive') expect(removals).toHaveLength(2 * 4 * 12);
  });
});
