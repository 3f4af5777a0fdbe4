import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import {
  archived,
  collect,
  ended,
  erased,
  note,
  SessionWriter,
  started,
  storeSession,
  toolCall,
  valuesOf,
} from './session-writer.ts';

const unavailable = (text: string) =>
  expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(text) });

describe('a full disk', () => {
  test('refuses the whole batch, shows nothing of it, and the chain goes on when there is space', async () => {
    const path = ledgerPath();
    const roomy = openSqliteStore(path);
    const writer = await storeSession(roomy, 'ses_1');
    await roomy.close();

    const full = openSqliteStore(path, { maxBytes: statSync(path).size + 16_384 });
    await full.leases.takeOver(0);
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
    await view.close();
  });

  test('with a transaction for each append, one that has no room does not take another down', async () => {
    const path = ledgerPath();
    await openSqliteStore(path).close();
    const full = openSqliteStore(path, { durability: 'full', maxBytes: statSync(path).size + 16_384 });
    const results = await Promise.allSettled([
      full.append(new SessionWriter('ses_1').seal(started)),
      full.append(new SessionWriter('ses_2').seal(started, ...toolCall('c1', 'x'.repeat(100_000)))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await full.close();
  });

  /** A ledger with a session of many events that has ended, nothing of it sealed, and its values. */
  async function filled(): Promise<{ path: string; values: ReturnType<typeof valuesOf> }> {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    const writer = new SessionWriter('ses_1');
    const calls = Array.from({ length: 120 }, (_, i) => toolCall(`c${i}`)).flat();
    const request = writer.seal(started, ...calls, ended);
    await store.append(request);
    await store.close();
    return { path, values: valuesOf(request, 1) };
  }

  async function soundAt(path: string) {
    const view = openSqliteView(path);
    const report = await verifyLedger(view);
    await view.close();
    expect(report.findings).toEqual([]);
    return report;
  }

  const place = { tenant: 'acme', session: 'ses_1' };

  test.each<[string, (store: LedgerStore, values: ReturnType<typeof valuesOf>) => Promise<unknown>]>([
    ['sealing', (store) => store.trees.seal()],
    [
      'erasing',
      (store, values) =>
        store.erase(
          new SessionWriter('own').seal(started, erased(...values.map(({ hash }) => hash))),
          values,
        ),
    ],
    [
      'archiving',
      (store) =>
        store.archive(new SessionWriter('own').seal(started, archived('seg_1', 1, 602)), 'seg_1', [place]),
    ],
  ])('%s does nothing, or all of it when there is space again', async (_, act) => {
    const { path, values } = await filled();
    const full = openSqliteStore(path, { maxBytes: statSync(path).size });
    await expect(act(full, values)).rejects.toEqual(unavailable('full'));
    await full.close();
    expect(await soundAt(path)).toMatchObject({ entries: 602 });
    const roomy = openSqliteStore(path);
    await act(roomy, values);
    await roomy.trees.seal();
    await roomy.close();
    expect((await soundAt(path)).unsealed).toBe(0);
  });
});
