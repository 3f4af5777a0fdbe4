import { describe, expect, test } from 'vitest';
import type { Durability } from '../../src/ledger-ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { openForWriting } from '../../src/store/sqlite/file.ts';
import { ledgerPath } from './folder.ts';
import { collect, SessionWriter, started } from './session-writer.ts';

describe('durability', () => {
  /** `PRAGMA synchronous`: 2 flushes each commit, 1 leaves it to the system. */
  test.each<[Durability, number]>([
    ['full', 2],
    ['group', 2],
    ['relaxed', 1],
  ])('%s', async (durability, synchronous) => {
    const path = ledgerPath();
    const db = openForWriting(path, durability);
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous });
    db.close();
    const store = openSqliteStore(path, { durability });
    expect(store.durability).toBe(durability);
    await store.append(new SessionWriter('ses_1').seal(started));
    await store.close();
    const again = openSqliteStore(path);
    expect(again.durability).toBe('group');
    expect(await collect(again.entries())).toHaveLength(1);
    await again.close();
  });
});
