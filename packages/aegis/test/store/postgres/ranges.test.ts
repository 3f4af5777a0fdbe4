import { expect, test } from 'vitest';
import type { LedgerStore } from '../../../src/ledger-ports.ts';
import { openPostgresStore } from '../../../src/store/postgres.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { collect, ended, note, SessionWriter, started } from '../session-writer.ts';
import { describePostgres, sql } from './cluster.ts';

const SPAN = 1024;

await describePostgres('the tables of ranges of positions', (cluster) => {
  const rangesIn = async (dsn: string): Promise<string[]> => {
    const rows = await sql(
      dsn,
      `SELECT event_range.first || '-' || beyond AS range,
         to_regclass('aegis.event_' || first) IS NOT NULL AS there FROM aegis.event_range ORDER BY first`,
    );
    expect(rows.map(({ there }) => there)).not.toContain(false);
    return rows.map(({ range }) => String(range));
  };

  const fill = async (store: LedgerStore, session: string, count: number): Promise<SessionWriter> => {
    const writer = new SessionWriter(session);
    await store.append(writer.seal(started));
    for (let left = count - 1; left > 0; left -= 100) {
      const notes = Array.from({ length: Math.min(left, 100) }, (_, i) => note(`${i}`));
      await store.append(writer.seal(...(notes as [(typeof notes)[0]])));
    }
    return writer;
  };

  test('are made ahead, and a session is read across them', async () => {
    const dsn = await cluster.database();
    const store = await openPostgresStore(dsn, { rangePositions: SPAN });
    await fill(store, 'ses_1', 2);
    expect(await rangesIn(dsn)).toEqual(['1-1025', '1025-2049']);
    await fill(store, 'ses_2', 1700);
    expect(await rangesIn(dsn)).toEqual(['1-1025', '1025-2049', '2049-3073']);
    await fill(store, 'ses_3', 1000);
    expect(await collect(store.session('acme', 'ses_2'))).toHaveLength(1700);
    expect(await collect(store.entries())).toHaveLength(2702);
    const view = await store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 2702, findings: [] });
    await view.close();
    await store.close();
  });

  test('of several processes lie side by side, whatever spans they use', async () => {
    const dsn = await cluster.database();
    const one = await openPostgresStore(dsn, { rangePositions: SPAN });
    const two = await openPostgresStore(dsn, { rangePositions: 2 * SPAN });
    await Promise.all([fill(one, 'ses_1', 3000), fill(two, 'ses_2', 3000)]);
    expect(await collect(one.entries())).toHaveLength(6000);
    const ranges = (await rangesIn(dsn)).map((range) => range.split('-').map(Number));
    ranges.forEach(([first], i) => {
      expect(first).toBe(i === 0 ? 1 : ranges[i - 1]?.[1]);
    });
    await Promise.all([one.close(), two.close()]);
  });

  test('are made and are written to while somebody reads a view', async () => {
    const dsn = await cluster.database();
    const store = await openPostgresStore(dsn, { rangePositions: SPAN });
    await fill(store, 'ses_1', 10);
    const view = await store.view();
    const reading = view.entries()[Symbol.asyncIterator]();
    await reading.next();
    await fill(store, 'ses_2', 3000);
    expect((await rangesIn(dsn)).length).toBeGreaterThan(3);
    await view.close();
    await store.close();
  });

  test('go when everything in them is archived, and everything else is where it was', async () => {
    const dsn = await cluster.database();
    const store = await openPostgresStore(dsn, { rangePositions: SPAN });
    for (let i = 0; i < 3; i++) {
      const writer = await fill(store, `ses_${i}`, 700);
      await store.append(writer.seal(ended));
    }
    const own = new SessionWriter('own');
    await store.append(own.seal(started));
    await store.trees.seal();
    const kept = await store.trees.leafOf(2103);
    const payload = {
      segment: 'seg_1',
      sessions: 3,
      events: 2103,
      bundle_sha256: 'ab'.repeat(32),
      before_ms: 1,
      by: 'ada',
    };
    const places = [0, 1, 2].map((i) => ({ tenant: 'acme', session: `ses_${i}` }));
    expect(await store.archive(own.seal({ type: 'SEGMENT_ARCHIVED', payload }), 'seg_1', places)).toBe(2103);
    expect((await rangesIn(dsn))[0]).toBe('2049-3073');
    expect(await store.trees.leafOf(2103)).toEqual(kept);
    expect((await collect(store.entries())).map(({ position }) => position)).toEqual([2104, 2105]);
    await store.append(own.seal(note('goes on')));
    const view = await store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 3, findings: [] });
    await view.close();
    await store.close();
  });

  test('stay while a view looks at them: an archive does not wait for it', async () => {
    const dsn = await cluster.database();
    const store = await openPostgresStore(dsn, { rangePositions: SPAN });
    const writer = await fill(store, 'ses_1', 1100);
    await store.append(writer.seal(ended));
    const own = new SessionWriter('own');
    await store.append(own.seal(started));
    const view = await store.view();
    await view.entries()[Symbol.asyncIterator]().next();
    const payload = {
      segment: 'seg_1',
      sessions: 1,
      events: 1101,
      bundle_sha256: 'ab'.repeat(32),
      before_ms: 1,
      by: 'ada',
    };
    await store.archive(own.seal({ type: 'SEGMENT_ARCHIVED', payload }), 'seg_1', [
      { tenant: 'acme', session: 'ses_1' },
    ]);
    expect(await collect(view.entries())).toHaveLength(1102);
    expect((await rangesIn(dsn))[0]).toBe('1-1025');
    await view.close();
    await store.close();
  });
});
