import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf } from '@aegis/core';
import { describe, expect, test } from 'vitest';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect, SessionWriter, started, storeSession } from './session-writer.ts';

function readlinkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

const unavailable = (text: string) =>
  expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(text) });

describe('a file that is no usable ledger', () => {
  const withFolder = (content: string | Buffer): string => {
    const path = ledgerPath();
    mkdirSync(dirname(path));
    writeFileSync(path, content);
    return path;
  };

  test('a file that is no database is refused and left alone', () => {
    const path = withFolder(
      'just some text, long enough to be read as a header of a database file'.repeat(20),
    );
    expect(() => openSqliteStore(path)).toThrow(unavailable('not a SQLite database'));
    expect(readFileSync(path, 'utf8')).toContain('just some text');
  });

  test('a database of another program is refused and left alone', () => {
    const path = withFolder('');
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    const before = readFileSync(path);
    expect(() => openSqliteStore(path)).toThrow(unavailable('a database of another program'));
    expect(() => openSqliteView(path)).toThrow(unavailable('a database of another program'));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a ledger of a newer program is refused', async () => {
    const path = ledgerPath();
    await openSqliteStore(path).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openSqliteStore(path)).toThrow(unavailable('schema 99, newer than'));
    expect(() => openSqliteView(path)).toThrow(unavailable('schema 99, newer than'));
  });

  test('a folder, a path below a file, and a missing file are refused', () => {
    const path = withFolder('x');
    expect(() => openSqliteStore(dirname(path))).toThrow(unavailable('is not a file'));
    expect(statSync(dirname(path)).mode & 0o100).toBe(0o100);
    expect(() => openSqliteStore(join(path, 'below.db'))).toThrow(unavailable('cannot be opened'));
    expect(() => openSqliteView(`${path}.missing`)).toThrow(unavailable('there is no ledger'));
  });

  test('a ledger whose pages are overwritten is never called sound', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    for (let i = 0; i < 40; i++) await storeSession(store, `ses_${i}`);
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 3 * 4096);
    writeFileSync(path, bytes);
    const verdict = (async () => {
      const view = openSqliteView(path);
      try {
        return (await verifyLedger(view)).findingCount;
      } finally {
        await view.close();
      }
    })();
    await expect(verdict).rejects.toEqual(unavailable('damaged'));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'a ledger whose page %i is overwritten fails in our own words',
    async (page) => {
      const path = ledgerPath();
      const store = openSqliteStore(path);
      for (let i = 0; i < 40; i++) await storeSession(store, `ses_${i}`);
      await store.close();
      const bytes = readFileSync(path);
      bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
      writeFileSync(path, bytes);
      const attempts = [
        async () => verifyLedger(openSqliteView(path)),
        async () => collect(openSqliteStore(path).entries()),
        async () => openSqliteStore(path).append(new SessionWriter('new').seal(started)),
      ];
      for (const attempt of attempts) {
        const outcome = await attempt().then(
          () => 'nothing noticed',
          (error: unknown) => codeOf(error) ?? String(error),
        );
        expect(['nothing noticed', 'STORE_UNAVAILABLE']).toContain(outcome);
      }
    },
  );

  test.skipIf(process.platform !== 'linux')('a ledger that cannot be used is let go', async () => {
    const path = ledgerPath();
    await openSqliteStore(path).close();
    const db = new DatabaseSync(path);
    db.exec('DROP TABLE pin');
    db.close();
    expect(() => openSqliteStore(path)).toThrow(unavailable('not guarded'));
    const held = readdirSync('/proc/self/fd').flatMap((fd) => readlinkOf(`/proc/self/fd/${fd}`) ?? []);
    expect(held.filter((file) => file.startsWith(path))).toEqual([]);
  });

  test('a ledger that is cut in the middle is never called sound', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    for (let i = 0; i < 40; i++) await storeSession(store, `ses_${i}`);
    await store.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 8192) * 4096));
    const verdict = (async () => verifyLedger(openSqliteView(path)))();
    await expect(verdict).rejects.toEqual(unavailable('damaged'));
  });
});
