import { DatabaseSync } from 'node:sqlite';
import { bytesToHex, rootOf } from '@aegis/core';
import { expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { digest } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { SqliteConnection } from '../../src/store/sqlite/connection.ts';
import { RecentEvents, type UnsealedEvent } from '../../src/store/sqlite/recent-events.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { rootOver } from './merkle.ts';
import { collect, note, SessionWriter, started } from './session-writer.ts';

async function rootIn(store: LedgerStore): Promise<string> {
  const log = (await store.trees.seal()).find(({ log }) => log === 'acme');
  return bytesToHex(rootOf(log?.size ?? 0, log?.edge ?? [], digest));
}

/** Whether the tree is over what is stored, whoever stored it and whatever a process remembers. */
async function isSealed(store: LedgerStore): Promise<boolean> {
  const root = await rootIn(store);
  const view = await store.view();
  const found = [await verifyLedger(view), await verifyLedger(view, () => {}, 'bytes')];
  await view.close();
  return (
    root === rootOver(await collect(store.entries())) && found.every(({ findingCount }) => findingCount === 0)
  );
}

test('what two processes write by turns enters the tree once, in its order', async () => {
  const path = ledgerPath();
  const stores = [openSqliteStore(path), openSqliteStore(path)] as const;
  const writers = [new SessionWriter('one'), new SessionWriter('two')] as const;
  for (const [i, store] of stores.entries()) await store.append((writers[i] as SessionWriter).seal(started));
  for (let round = 0; round < 12; round++) {
    const i = round % 3 === 0 ? 1 : 0;
    const [store, writer] = [stores[i] as LedgerStore, writers[i] as SessionWriter];
    await store.append(writer.seal(note(`${round}`), note('and more')));
    // One of them seals what the other has written after what it remembers itself.
    if (round % 4 === 3) expect(await isSealed(stores[0])).toBe(true);
    if (round % 5 === 4) await stores[1].trees.seal();
  }
  expect(await isSealed(stores[1])).toBe(true);
  await Promise.all(stores.map((store) => store.close()));
});

test('what was rolled back is not sealed in the place of what came after', async () => {
  const path = ledgerPath();
  const store = openSqliteStore(path, { maxBytes: 700_000 });
  const writer = new SessionWriter('one');
  await store.append(writer.seal(started));
  await store.trees.seal();
  // The file is full in the middle of it: some of its rows were written, and all of them are given up.
  const large = new SessionWriter('large');
  const many = Array.from({ length: 60 }, () => note('x'.repeat(20_000)));
  await expect(store.append(large.seal(started, ...many))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });
  const other = openSqliteStore(path);
  await other.append(new SessionWriter('two').seal(started, note('the position of what was given up')));
  expect(await isSealed(store)).toBe(true);
  await store.append(writer.seal(note('goes on')));
  expect(await isSealed(store)).toBe(true);
  await Promise.all([store.close(), other.close()]);
});

test('an event that was changed after it was acknowledged is found, sealed or not', async () => {
  const path = ledgerPath();
  const store = openSqliteStore(path);
  const writer = new SessionWriter('one');
  await store.append(writer.seal(started, note('this was said')));
  const db = new DatabaseSync(path);
  db.exec('DROP TRIGGER event_is_never_updated');
  db.exec(`UPDATE event SET body = replace(body, 'this was said', 'that was said') WHERE position = 2`);
  db.close();
  await store.trees.seal();
  const view = await store.view();
  for (const depth of ['events', 'bytes'] as const) {
    const { findings } = await verifyLedger(view, () => {}, depth);
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'hash-mismatch', position: 2 }));
  }
  await view.close();
  await store.close();
});

test('each leaf of a large batch is found, also where several tenants share it', async () => {
  const store = openSqliteStore(ledgerPath());
  const writers = ['acme', 'rival', 'seldom'].map((tenant) => new SessionWriter('one', tenant));
  for (const writer of writers) await store.append(writer.seal(started));
  for (let round = 0; round < 700; round++) {
    const of = round % 333 === 0 ? 2 : round % 3 === 0 ? 1 : 0;
    await store.append((writers[of] as SessionWriter).seal(note(`${round}`)));
  }
  await store.trees.seal();
  const leaves = new Map<string, number>();
  for (const { tenant, position } of await collect(store.entries())) {
    const leaf = leaves.get(tenant) ?? 0;
    leaves.set(tenant, leaf + 1);
    expect(await store.trees.leafOf(position)).toEqual({ log: tenant, leaf });
  }
  expect(leaves.size).toBe(3);
  await store.close();
});

test('what there was no room to remember leaves a gap, which is read', () => {
  const connection = new SqliteConnection(new DatabaseSync(':memory:'));
  const recent = new RecentEvents(connection);
  recent.begin(connection.version());
  const hashOf = (position: number): Uint8Array => new Uint8Array(32).fill(position % 251);
  for (let position = 1; position <= 65_546; position++) recent.note(position, 'acme', hashOf(position));
  const after = (position: number): UnsealedEvent[] => {
    const shown: UnsealedEvent[] = [];
    const count = recent.after(position, 4096, (event) => shown.push({ ...event, hash: event.hash.slice() }));
    expect(shown).toHaveLength(count);
    return shown;
  };
  const eventAt = (position: number): UnsealedEvent => ({ position, tenant: 'acme', hash: hashOf(position) });
  expect(after(65_534)).toEqual([eventAt(65_535), eventAt(65_536)]);
  // There is room again, and what comes now stands behind the gap.
  recent.note(65_547, 'acme', hashOf(65_547));
  expect(after(65_534)).toHaveLength(2);
  expect(after(65_536)).toEqual([]);
  recent.note(65_548, 'acme', hashOf(65_548));
  expect(after(65_546)).toEqual([]);
  expect(after(65_547)).toEqual([eventAt(65_548)]);
});

test('those that were sealed make room for others, without an end', () => {
  const connection = new SqliteConnection(new DatabaseSync(':memory:'));
  const recent = new RecentEvents(connection);
  recent.begin(connection.version());
  let sealed = 0;
  for (let position = 1; position <= 200_000; position++) {
    recent.note(position, `t${position % 3}`, new Uint8Array(32).fill(position % 251));
    if (position % 50_000 !== 0) continue;
    // Some are left, so that the others do not begin anew.
    const more = position - 10_000 - sealed;
    const count = recent.after(sealed, more, ({ position: at, tenant, hash }) => {
      if (at !== sealed + 1 || tenant !== `t${at % 3}` || hash[31] !== at % 251) expect.fail(`at ${at}`);
      sealed = at;
    });
    expect(count).toBe(more);
    recent.after(sealed, 0, () => expect.fail('none was asked for'));
  }
});
