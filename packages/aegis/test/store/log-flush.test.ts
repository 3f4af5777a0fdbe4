import { expect, test } from 'vitest';
import { SqliteConnection } from '../../src/store/sqlite/connection.ts';
import { openForWriting } from '../../src/store/sqlite/file.ts';
import { LogFlush } from '../../src/store/sqlite/log-flush.ts';
import { ledgerPath } from './folder.ts';

test('after a flush that failed nothing is written any more', async () => {
  const path = ledgerPath();
  const db = openForWriting(path, 'group');
  const connection = new SqliteConnection(db);
  const log = new LogFlush(connection, path);
  await log.flush();
  connection.unflushed(() => {});
  log.close();
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
