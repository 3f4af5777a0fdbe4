import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { checkpointOf } from './contract-checkpoint.ts';
import { ledgerPath } from './folder.ts';
import {
  archived,
  ended,
  erased,
  pinned,
  SessionWriter,
  started,
  storeSession,
  toolCall,
  valuesOf,
} from './session-writer.ts';

describe('append-only', () => {
  let path: string;
  let store: LedgerStore;

  // A session (1 to 6), one that is archived (7 to 13), and the operator's (14 to 17), all sealed and signed;
  // a value of the first is erased.
  beforeEach(async () => {
    path = ledgerPath();
    store = openSqliteStore(path);
    const request = new SessionWriter('ses_1').seal(
      started,
      ...toolCall('c1', 'one'),
      ...toolCall('c2', 'two'),
    );
    await store.append(request);
    await store.append(new SessionWriter('ses_2').seal(started, ...toolCall('c1'), ended));
    const own = new SessionWriter('own');
    await store.append(own.seal(started, pinned('a'.repeat(64))));
    const [value] = valuesOf(request, 1);
    await store.erase(own.seal(erased(value?.hash ?? '')), value === undefined ? [] : [value]);
    await store.archive(own.seal(archived('seg_1', 1, 7)), 'seg_1', [{ tenant: 'acme', session: 'ses_2' }]);
    await store.trees.installation('0123456789ab');
    await store.trees.seal();
    const { checkpoint, leafData } = await checkpointOf(store, 'acme');
    await store.trees.addCheckpoint(checkpoint, leafData);
  });

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
    ['a session renamed', "UPDATE session SET session = 'other', next_seq = 100, newest = 100"],
    ['another head of a session', 'UPDATE session SET head = zeroblob(32)'],
    ['a session that is longer than its entries', 'UPDATE session SET next_seq = next_seq + 1'],
    ['a deletion of a session', 'DELETE FROM session'],
    [
      'a replacement of a session',
      "INSERT OR REPLACE INTO session SELECT sid, 'x', 'y', 0, head, newest, owner FROM session",
    ],
    ['a log moved back', 'UPDATE log SET position = 0'],
    ['a deletion of the log', 'DELETE FROM log'],
    ['a replacement of the log', 'INSERT OR REPLACE INTO log VALUES (1, 0)'],
    ['an update of a sealed value', "UPDATE blob SET bytes = x'00'"],
    ['a deletion of a sealed value', 'DELETE FROM blob'],
    [
      'a replacement of a sealed value',
      "INSERT OR REPLACE INTO blob SELECT id, position, hash, x'00' FROM blob",
    ],
    ['a pin moved back', 'UPDATE pin SET newest = 0'],
    ['a deletion of a pin', 'DELETE FROM pin'],
    ['another installation', "UPDATE installation SET name = 'other'"],
    ['a second installation', "INSERT OR REPLACE INTO installation VALUES (1, 'other')"],
    ['no installation', 'DELETE FROM installation'],
    ['a tree that shrinks', 'UPDATE tree SET size = size - 1'],
    ['a tree that shrinks at its end', 'UPDATE tree SET size = size + 1, through = through - 1 WHERE id = 1'],
    ['a tree renamed', "UPDATE tree SET size = size + 1, log = 'other' WHERE id = 1"],
    ['a deletion of a tree', 'DELETE FROM tree'],
    ['a replacement of a tree', 'INSERT OR REPLACE INTO tree SELECT id, log, 0, 0 FROM tree'],
    ['a tile that shrinks', 'UPDATE tile SET hashes = substr(hashes, 1, 32)'],
    ['a tile that grows over another beginning', 'UPDATE tile SET hashes = zeroblob(8192)'],
    ['a tile moved', 'UPDATE tile SET n = n + 1, hashes = CAST(hashes || zeroblob(32) AS BLOB)'],
    ['a deletion of a tile', 'DELETE FROM tile'],
    [
      'a replacement of a tile',
      'INSERT OR REPLACE INTO tile (tree, level, n, hashes) SELECT tree, level, n, zeroblob(32) FROM tile',
    ],
    ['an update of a seal', 'UPDATE seal SET size = 0'],
    ['a deletion of a seal', 'DELETE FROM seal'],
    ['a replacement of a seal', 'INSERT OR REPLACE INTO seal SELECT tree, through, 0, 0 FROM seal'],
    ['a checkpoint without a signature', 'UPDATE checkpoint SET note = substr(note, 1, 60)'],
    ['a checkpoint over another size', 'UPDATE checkpoint SET size = 1'],
    ['a deletion of a checkpoint', 'DELETE FROM checkpoint'],
    [
      'a replacement of a checkpoint',
      "INSERT OR REPLACE INTO checkpoint (tree, size, origin, note, at_ms) SELECT tree, size, origin, '', 0 FROM checkpoint",
    ],
    ['an update of a leaf', 'UPDATE installation_leaf SET leaf = 7'],
    ['a deletion of a leaf', 'DELETE FROM installation_leaf'],
    ['a replacement of a leaf', 'INSERT OR REPLACE INTO installation_leaf VALUES (0, 99)'],
    ['a second leaf for a checkpoint', 'INSERT INTO installation_leaf VALUES (5, 1)'],
    ['an update of an erasure', 'UPDATE erasure SET event = 1'],
    ['a deletion of an erasure', 'DELETE FROM erasure'],
    ['a replacement of an erasure', 'INSERT OR REPLACE INTO erasure SELECT position, hash, 1 FROM erasure'],
    ['an update of a segment', "UPDATE segment SET name = 'other'"],
    ['a segment that is not removed any more', 'UPDATE segment SET removed = 0'],
    ['a deletion of a segment', 'DELETE FROM segment'],
    ['a replacement of a segment', "INSERT OR REPLACE INTO segment SELECT id, 'x', 1, 0 FROM segment"],
    ['an archived session of another segment', 'UPDATE archived SET segment = 7'],
    ['an archived session that is not', 'DELETE FROM archived'],
    ['a replacement of an archived session', 'INSERT OR REPLACE INTO archived SELECT sid, 7 FROM archived'],
    ['a vacancy that grows', 'UPDATE vacancy SET last = last + 1'],
    ['a deletion of a vacancy', 'DELETE FROM vacancy'],
    ['a vacancy in a session that is not archived', 'INSERT INTO vacancy VALUES (1, 1, 1)'],
    ['a replacement of a vacancy', 'INSERT OR REPLACE INTO vacancy SELECT first, 99, sid FROM vacancy'],
  ])('the database refuses %s', async (_, sql) => {
    const db = new DatabaseSync(path);
    expect(() => db.exec(sql)).toThrow('the ledger is append-only');
    db.close();
    const view = await store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 15, findings: [] });
    await view.close();
    await store.close();
  });
});

describe('what guards the evidence', () => {
  const changed: readonly [string, string, string][] = [
    ['a trigger is gone', 'DROP TRIGGER tile_only_grows', 'tile_only_grows'],
    [
      'a trigger does nothing any more',
      'DROP TRIGGER event_is_never_updated; CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event BEGIN SELECT 1; END',
      'event_is_never_updated',
    ],
    [
      'a trigger was added that changes what is written',
      'CREATE TRIGGER foreign_one AFTER INSERT ON log BEGIN UPDATE log SET position = 0; END',
      'foreign_one',
    ],
    [
      'a table was made anew without its constraints',
      'DROP TABLE pin; CREATE TABLE pin (id INTEGER PRIMARY KEY, key TEXT, pinned INTEGER, offered INTEGER, newest INTEGER)',
      'pin',
    ],
  ];

  async function ledgerWith(sql: string): Promise<string> {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    await storeSession(store, 'ses_1');
    await store.close();
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
    return path;
  }

  test.each(changed)('has to be there: nothing is written when %s', async (_, sql, name) => {
    const path = await ledgerWith(sql);
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining(`\`${name}\``),
      }),
    );
  });

  test.each(changed)('is verified: it is found when %s', async (_, sql, name) => {
    const path = await ledgerWith(sql);
    const view = openSqliteView(path);
    const { findings } = await verifyLedger(view);
    await view.close();
    expect(findings).toContainEqual({
      kind: 'trigger-missing',
      message: expect.stringContaining(`\`${name}\``),
    });
  });

  test('an index that leaves rows out is found, though it says what it should', async () => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    const own = new SessionWriter('own');
    await store.append(own.seal(started, pinned('a'.repeat(64)), pinned('b'.repeat(64), 'write')));
    await store.close();
    const db = new DatabaseSync(path);
    const indexed = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'pin_by_newest'").get();
    db.exec('DROP INDEX pin_by_newest; CREATE INDEX pin_by_newest ON pin (newest) WHERE newest > 2');
    db.enableDefensive(false);
    db.exec('PRAGMA writable_schema = ON');
    const restored = 'UPDATE sqlite_schema SET sql = ? WHERE name = ?';
    db.prepare(restored).run(String(indexed?.['sql']), 'pin_by_newest');
    db.close();
    const view = openSqliteView(path);
    const { findings } = await verifyLedger(view);
    await view.close();
    expect(findings).toContainEqual({
      kind: 'table-damaged',
      message: expect.stringContaining('missing from index pin_by_newest'),
    });
  });

  test('an index or a table of somebody else is no matter', async () => {
    const path = await ledgerWith('CREATE TABLE theirs (x); CREATE INDEX mine ON event (seq)');
    const store = openSqliteStore(path);
    expect(await store.trees.seal()).toMatchObject([{ size: 6 }]);
    await store.close();
  });
});
