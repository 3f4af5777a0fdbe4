import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { ledgerPath } from './folder.ts';
import { archived, ended, erased, SessionWriter, started, toolCall, valuesOf } from './session-writer.ts';

const SECRET = 'the-secret-of-the-agent';

/** How often the secret stands in the bytes of the ledger, whatever they mean. */
function copies(path: string): number {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file));
  return files
    .map((file) => readFileSync(file).toString('latin1').split(SECRET).length - 1)
    .reduce((sum, count) => sum + count, 0);
}

describe('the bytes of what is erased', () => {
  // Small values, which share pages, and large ones, which have pages of their own.
  async function filled(path: string) {
    const store = openSqliteStore(path);
    const requests = Array.from({ length: 60 }, (_, i) =>
      new SessionWriter(`ses_${i}`).seal(
        started,
        ...toolCall('c1', SECRET.repeat(i % 3 === 0 ? 400 : 2)),
        ended,
      ),
    );
    for (const request of requests) await store.append(request);
    return { store, values: requests.flatMap((request, i) => valuesOf(request, 7 * i + 1)) };
  }

  const erase = (store: LedgerStore, values: ReturnType<typeof valuesOf>): Promise<number> =>
    store.erase(new SessionWriter('own').seal(started, erased(...values.map(({ hash }) => hash))), values);

  test('are gone from the file and from everything beside it', async () => {
    const path = ledgerPath();
    const { store, values } = await filled(path);
    expect(copies(path)).toBeGreaterThan(100);
    expect(await erase(store, values)).toBe(60);
    expect(copies(path)).toBe(0);
    await store.close();
    expect(copies(path)).toBe(0);
  });

  test('are gone from a file that was closed and opened, too', async () => {
    const path = ledgerPath();
    const { store, values } = await filled(path);
    await store.close();
    expect(copies(path)).toBeGreaterThan(100);
    const again = openSqliteStore(path);
    await erase(again, values);
    expect(copies(path)).toBe(0);
    await again.close();
  });

  test('are gone with an archived session', async () => {
    const path = ledgerPath();
    const { store } = await filled(path);
    const sessions = Array.from({ length: 60 }, (_, i) => ({ tenant: 'acme', session: `ses_${i}` }));
    await store.archive(
      new SessionWriter('own').seal(started, archived('seg_1', 60, 420)),
      'seg_1',
      sessions,
    );
    expect(copies(path)).toBe(0);
    await store.close();
  });

  test('stay while somebody reads the ledger as it was, and go when he is done', async () => {
    const path = ledgerPath();
    const { store, values } = await filled(path);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM blob').get();
    expect(await erase(store, values)).toBe(60);
    expect(copies(path)).toBeGreaterThan(0);
    reader.close();
    await store.trees.seal();
    expect(copies(path)).toBe(0);
    await store.close();
  });
});
