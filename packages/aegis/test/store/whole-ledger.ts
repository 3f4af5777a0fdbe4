import { cpSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createSnapshotCache } from '../../src/enforce/snapshot-cache.ts';
import { type Ground, openLedger } from '../evidence/ground.ts';
import {
  archived,
  changed,
  ended,
  erased,
  note,
  pinned,
  SessionWriter,
  started,
  toolCall,
  valuesOf,
} from './session-writer.ts';

/** Below them stand 256 leaves each, so that the tree has two levels. */
const NOTES = 260;

/**
 * Makes a ledger with something in every table, and writes it as it is before its end to `copy` and `keys`: two tenants,
 * sessions that are open and that have ended, pins, erasures, two archives of sessions of one length, three rounds of
 * seals and signatures, snapshots, leases, wishes and permits.
 */
export async function wholeLedger(place: Ground, copy: string, keys: string): Promise<void> {
  const ledger = await openLedger(place);
  const rival = openSqliteStore(place.ledger);
  const [long, open, own] = [new SessionWriter('long'), new SessionWriter('open'), new SessionWriter('own')];
  const other = new SessionWriter('other', 'rival');
  await ledger.append(own.seal(started, pinned('a'.repeat(64)), pinned('b'.repeat(64), 'write')));
  await ledger.append(own.seal(changed('a'.repeat(64), 'c'.repeat(64))));
  const short = ['one', 'two', 'three', 'four'].map((name) => new SessionWriter(name));
  for (const writer of short) await ledger.append(writer.seal(started, ...toolCall('c1'), ended));
  const first = open.seal(started, ...toolCall('c1'), ...toolCall('c2'));
  await ledger.append(first);
  await ledger.append(other.seal(started, ...toolCall('c1')));
  await ledger.append(open.seal(...toolCall('c3')));
  await ledger.sealNow();
  await ledger.append(long.seal(started, ...Array.from({ length: NOTES }, (_, i) => note(`${i}`))));
  await ledger.append(other.seal(...toolCall('c2')));
  await ledger.sealNow();
  // `own` has 1 to 4, the four sessions 5 to 32, `open` 33 to 43.
  const values = valuesOf(first, 33);
  for (const value of values) await ledger.erase(own.seal(erased(value.hash)), [value]);
  for (const [segment, leaving] of [
    ['seg_1', short.slice(0, 2)],
    ['seg_2', short.slice(2, 3)],
  ] as const) {
    const heads = leaving.map(({ tenant, session, snapshot: { events }, head: hash = '' }) => {
      return { tenant, session, events, hash };
    });
    await ledger.archive(own.seal(archived(segment, heads.length, 7 * heads.length, heads)), segment, heads);
  }
  await ledger.sealNow();
  await ledger.append(open.seal(note('not sealed')));

  const snapshots = createSnapshotCache(ledger, ledger.mac);
  for (const { snapshot, head = '' } of [open, other]) await snapshots.keep(snapshot, head);
  const now = Date.now();
  await ledger.leases.renew(now, now + 20_000);
  await rival.leases.renew(now, now + 30_000);
  for (const { session, tenant } of [open, other]) await rival.leases.want({ session, tenant }, now);
  const rate = { place: 'calls a minute', most: 10, windowMs: 60_000 };
  for (const name of ['calls', 'bytes']) {
    const [block] = await ledger.permits.lease([{ ...rate, place: name, wanted: 2 }]);
    await ledger.permits.settle([{ ...rate, place: name, id: block?.id ?? '', spent: 1, ageMs: 0 }]);
    await ledger.permits.lease([{ ...rate, place: name, wanted: 1 }]);
  }
  const db = new DatabaseSync(place.ledger);
  db.prepare('VACUUM INTO ?').run(copy);
  db.close();
  // The end seals and signs the rest.
  cpSync(place.keys, keys, { recursive: true });
  await rival.close();
  await ledger.close();
}
