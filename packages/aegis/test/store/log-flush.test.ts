import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { SqliteConnection } from '../../src/store/sqlite/connection.ts';
import { openForWriting } from '../../src/store/sqlite/file.ts';
import { LogFlush } from '../../src/store/sqlite/log-flush.ts';
import { ledgerPath } from './folder.ts';
import { collect, storeSession } from './session-writer.ts';

test('after a flush that failed nothing is written any more', async () => {
  const db = openForWriting(ledgerPath(), 'group');
  const connection = new SqliteConnection(db);
  const log = new LogFlush(connection);
  await log.flush();
  connection.unflushed(() => {});
  await log.close();
  const failed = expect.objectContaining({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('EBADF'),
  });
  await expect(log.flush()).rejects.toEqual(failed);
  expect(() => connection.unflushed(() => {})).toThrow(failed);
  expect(() => connection.transaction(() => {})).toThrow(failed);
  db.close();
});

test('the level of flushes is that of the transaction, and again the usual one after it', () => {
  const db = openForWriting(ledgerPath(), 'group');
  const connection = new SqliteConnection(db);
  const level = (): unknown => db.prepare('PRAGMA synchronous').get()?.['synchronous'];
  expect(connection.unflushed(level)).toBe(1);
  expect(connection.transaction(level)).toBe(2);
  expect(connection.unflushed(level)).toBe(1);
  expect(connection.flushed(level)).toBe(2);
  db.close();
});

test('a flush that ends after another has failed has failed, too: the system tells of a failure only once', async () => {
  const db = openForWriting(ledgerPath(), 'group');
  const connection = new SqliteConnection(db);
  const log = new LogFlush(connection);
  const flushes = [log.flush(), log.flush()];
  const failure = connection.lose(new Error('the disk failed'));
  expect(await Promise.allSettled([...flushes, log.flush()])).toEqual(
    Array.from({ length: 3 }, () => ({ status: 'rejected', reason: failure })),
  );
  await log.close();
  db.close();
});

test('a flush that is under way ends before the log is closed', async () => {
  const db = openForWriting(ledgerPath(), 'group');
  const log = new LogFlush(new SqliteConnection(db));
  const flush = log.flush();
  await log.close();
  await expect(flush).resolves.toBeUndefined();
  db.close();
});

test('flushes go one after the other, in their order', async () => {
  const db = openForWriting(ledgerPath(), 'group');
  const log = new LogFlush(new SqliteConnection(db));
  const order: number[] = [];
  await Promise.all(Array.from({ length: 20 }, (_, i) => log.flush().then(() => order.push(i))));
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  await log.close();
  db.close();
});

test('the log of a ledger that is opened over a link is found where the ledger lies', async () => {
  const path = ledgerPath();
  await openSqliteStore(path).close();
  const link = join(dirname(dirname(path)), 'ledger.db');
  symlinkSync(path, link);
  const store = openSqliteStore(link);
  await storeSession(store, 'ses_1');
  expect(existsSync(`${path}-wal`)).toBe(true);
  await store.close();
  const again = openSqliteStore(path);
  expect(await collect(again.entries())).toHaveLength(6);
  await again.close();
});
