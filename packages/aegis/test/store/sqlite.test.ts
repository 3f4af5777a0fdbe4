import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf } from '@aegis/core';
import { describe, expect, test } from 'vitest';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { storeContract } from './contract.ts';
import { ledgerPath } from './folder.ts';
import { collect, note, SessionWriter, started, storeSession, toolCall } from './session-writer.ts';

storeContract('SQLite', () => openSqliteStore(ledgerPath()));

function readlinkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

const unavailable = (text: string) =>
  expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(text) });

describe('the SQLite ledger file', () => {
  test('is for its owner alone, with everything beside it', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    await storeSession(store, 'ses_1');
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  test('is made private when it was not', async () => {
    const path = ledgerPath();
    await openSqliteStore(path).close();
    chmodSync(path, 0o644);
    await openSqliteStore(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps everything across a restart, and a session goes on where it was', async () => {
    const path = ledgerPath();
    const first = openSqliteStore(path);
    const writer = await storeSession(first, 'ses_1');
    await first.close();
    const second = openSqliteStore(path);
    await second.append(writer.seal(note('goes on')));
    expect(await collect(second.session('acme', 'ses_1'))).toHaveLength(7);
    await second.close();
  });

  test('an acknowledged append is seen by other connections at once', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    const other = openSqliteStore(path);
    await storeSession(store, 'ses_1');
    expect(await collect(other.entries())).toHaveLength(6);
    await Promise.all([store.close(), other.close()]);
  });

  test('two writers of one file share the positions; two writers of one session do not share the session', async () => {
    const path = ledgerPath();
    const [one, two] = [openSqliteStore(path), openSqliteStore(path)];
    const writer = await storeSession(one, 'ses_1');
    await storeSession(two, 'ses_2');
    const stale = new SessionWriter('ses_1');
    Object.assign(stale, { snapshot: writer.snapshot, head: writer.head });
    await two.append(writer.seal(note('from the second store')));
    await expect(one.append(stale.seal(note('unaware of it')))).rejects.toEqual(
      unavailable('session `ses_1` continues at seq 7, not at seq 6'),
    );
    expect((await collect(one.entries())).map(({ position }) => position)).toEqual(
      Array.from({ length: 13 }, (_, i) => i + 1),
    );
    await Promise.all([one.close(), two.close()]);
  });

  test('refuses appends at once when too many wait, and takes them again when they are written', async () => {
    const store = openSqliteStore(ledgerPath(), { maxWaitingEvents: 2 });
    const sessions = ['a', 'b', 'c'].map((name) => new SessionWriter(name));
    const results = await Promise.allSettled(sessions.map((session) => store.append(session.seal(started))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: unavailable('2 events are waiting') });
    await store.append(new SessionWriter('d').seal(started));
    await store.close();
  });

  test('counts the bytes that wait as well', async () => {
    const store = openSqliteStore(ledgerPath(), { maxWaitingBytes: 10_000 });
    const writer = new SessionWriter('ses_1');
    await store.append(writer.seal(started));
    await expect(store.append(writer.seal(...toolCall('c1', 'x'.repeat(10_000))))).rejects.toEqual(
      unavailable('the ledger is behind'),
    );
    await store.close();
  });
});

describe('a full disk', () => {
  test('refuses the whole batch, shows nothing of it, and the chain goes on when there is space', async () => {
    const path = ledgerPath();
    const roomy = openSqliteStore(path);
    const writer = await storeSession(roomy, 'ses_1');
    await roomy.close();

    const full = openSqliteStore(path, { maxBytes: statSync(path).size + 16_384 });
    const large = new SessionWriter('ses_2');
    const results = await Promise.allSettled([
      full.append(new SessionWriter('ses_3').seal(started)),
      full.append(large.seal(started, ...toolCall('c1', 'x'.repeat(100_000)))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(full.problem()).toContain('full');
    expect(results[1]).toMatchObject({ reason: unavailable('full') });
    expect(await collect(full.entries())).toHaveLength(6);
    expect(await collect(full.session('acme', 'ses_3'))).toEqual([]);
    await expect(full.append(large.seal(note('after it')))).rejects.toEqual(unavailable('seq 0'));
    await full.append(writer.seal(note('small enough')));
    expect(full.problem()).toBeUndefined();
    await full.close();

    const view = openSqliteView(path);
    expect(await verifyLedger(view)).toMatchObject({ entries: 7, sessions: 1, findingCount: 0 });
    view.close();
  });
});

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
        view.close();
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
    expect(() => openSqliteStore(path)).toThrow(unavailable('cannot be opened'));
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

describe('append-only', () => {
  test.each([
    ['an update of an entry', "UPDATE event SET body = '{}' WHERE position = 1"],
    ['a deletion of an entry', 'DELETE FROM event WHERE position = 6'],
    ['a deletion of everything', 'DELETE FROM event'],
    [
      'a replacement by position',
      "INSERT OR REPLACE INTO event SELECT position, sid, 99, prev, hash, '{}' FROM event WHERE position = 2",
    ],
    [
      'a replacement by seq',
      "INSERT OR REPLACE INTO event SELECT 99, sid, seq, prev, hash, '{}' FROM event WHERE position = 2",
    ],
    [
      'an upsert',
      "INSERT INTO event SELECT position, sid, seq, prev, hash, body FROM event WHERE true ON CONFLICT DO UPDATE SET body = '{}'",
    ],
    ['a session moved back', 'UPDATE session SET next_seq = next_seq - 1'],
    ['a session renamed', "UPDATE session SET session = 'other', next_seq = 100"],
    ['a deletion of a session', 'DELETE FROM session'],
    [
      'a replacement of a session',
      "INSERT OR REPLACE INTO session SELECT sid, 'x', 'y', 0, head, newest FROM session",
    ],
    ['a log moved back', 'UPDATE log SET position = 0'],
    ['a deletion of the log', 'DELETE FROM log'],
    ['a replacement of the log', 'INSERT OR REPLACE INTO log VALUES (1, 0, zeroblob(32))'],
    ['an update of a sealed value', "UPDATE blob SET bytes = x'00'"],
    ['a deletion of a sealed value', 'DELETE FROM blob'],
    [
      'a replacement of a sealed value',
      "INSERT OR REPLACE INTO blob SELECT id, position, hash, x'00' FROM blob",
    ],
  ])('the database refuses %s', async (_, sql) => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    await storeSession(store, 'ses_1');
    const db = new DatabaseSync(path);
    expect(() => db.exec(sql)).toThrow('the ledger is append-only');
    db.close();
    const view = store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 6, findingCount: 0 });
    view.close();
    await store.close();
  });
});
