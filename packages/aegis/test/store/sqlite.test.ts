import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { ledgerContract } from './contract.ts';
import { ledgerPath } from './folder.ts';
import { collect, note, SessionWriter, started, storeSession, toolCall } from './session-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'aegis-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

ledgerContract('SQLite', async ({ ledger, ...options }) =>
  openSqliteStore(join(folder, ledger, 'aegis.db'), options),
);

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
    await second.leases.takeOver(0);
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
    const stranger = new SessionWriter('ses_1');
    Object.assign(stranger, { snapshot: writer.snapshot, head: writer.head });
    await expect(two.append(stranger.seal(note('from the second store')))).rejects.toEqual(
      unavailable('session `ses_1` belongs to another process'),
    );
    await one.append(writer.seal(note('from the first store')));
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
