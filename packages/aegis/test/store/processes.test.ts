import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect, note, SessionWriter, started } from './session-writer.ts';

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
const opener = fileURLToPath(new URL('./opener-process.ts', import.meta.url));

interface Writer {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** By session, the seq after the newest entry that was acknowledged. */
  readonly acknowledged: Map<string, number>;
  readonly firstAck: Promise<void>;
  readonly ended: Promise<{ code: number | null; errors: string }>;
}

function startWriter(path: string, name: string, calls: number): Writer {
  const child = spawn(process.execPath, ['--conditions=@aegis/source', program, path, name, String(calls)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const acknowledged = new Map<string, number>();
  let rest = '';
  let heard = () => {};
  const firstAck = new Promise<void>((resolve) => {
    heard = resolve;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [session = '', next] = line.split(' ');
      acknowledged.set(session, Number(next));
    }
    heard();
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  return { child, acknowledged, firstAck, ended };
}

async function verified(path: string) {
  const view = openSqliteView(path);
  try {
    return await verifyLedger(view);
  } finally {
    await view.close();
  }
}

describe('a writer that is killed in the middle of its work', () => {
  test('loses nothing that it had acknowledged, and leaves a sound chain', { timeout: 30_000 }, async () => {
    const path = ledgerPath();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 6; round++) {
      const writer = startWriter(path, `round${round}`, 1_000_000);
      const early = await Promise.race([writer.firstAck, writer.ended]);
      expect(early).toBeUndefined();
      await setTimeout(20 + Math.random() * 180);
      writer.child.kill('SIGKILL');
      await writer.ended;
      for (const [session, next] of writer.acknowledged) acknowledged.set(session, next);
      expect(await verified(path)).toMatchObject({ findings: [], findingCount: 0 });
    }
    expect(acknowledged.size).toBeGreaterThan(6);

    const store = openSqliteStore(path);
    for (const [session, next] of acknowledged) {
      const stored = await collect(store.session('acme', session));
      expect(stored.length).toBeGreaterThanOrEqual(next);
      // One request is one tool call of five events: it is there as a whole or not at all.
      expect(stored.length % 5).toBe(1);
    }
    await store.close();
  });
});

describe('several processes on one file', () => {
  test("make it in the same moment without getting in each other's way", async () => {
    const folder = dirname(ledgerPath());
    const at = String(Date.now() + 1_000);
    const openers = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--conditions=@aegis/source', opener, folder, at, '25'], {
        stdio: ['ignore', 'inherit', 'pipe'],
      }),
    );
    const errors = await Promise.all(openers.map(({ stderr }) => text(stderr)));
    expect(errors.join('')).toBe('');
  });

  test('write at the same time and wait for each other', async () => {
    const path = ledgerPath();
    const writers = ['a', 'b', 'c'].map((name) => startWriter(path, name, 20));
    for (const { ended } of writers) expect(await ended).toEqual({ code: 0, errors: '' });
    expect(await verified(path)).toMatchObject({ entries: 3 * 8 * 101, sessions: 24, findingCount: 0 });
  });

  test('a process that cannot get the file in time refuses the append and stores it when it can', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    const writer = new SessionWriter('ses_1');
    const request = writer.seal(started);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.append(request)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('another process holds it'),
    });
    other.exec('ROLLBACK');
    other.close();
    await store.append(request);
    await store.append(writer.seal(note('goes on')));
    await store.close();
  });
});
