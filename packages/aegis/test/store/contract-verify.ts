import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore } from './contract-store.ts';
import { storeSession } from './session-writer.ts';

/** What a verification finds in a store with which nobody has meddled. */
export function verifyContract(open: OpenStore<VerifiableStore>): void {
  describe('verification', () => {
    let store: VerifiableStore;

    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
    });
    afterEach(() => store.close());

    test('verifies as sound, and says how much it saw', async () => {
      await storeSession(store, 'ses_1');
      await storeSession(store, 'ses_2');
      const view = await store.view();
      const seen: number[] = [];
      const report = await verifyLedger(view, ({ entries, of }) => seen.push(entries, of));
      await view.close();
      expect(report).toMatchObject({ entries: 12, sessions: 2, findings: [], findingCount: 0 });
      expect(seen).toEqual([12, 12]);
      expect(report.seconds).toBeGreaterThan(0);
    });

    test('a view stays as it was while the store grows', async () => {
      await storeSession(store, 'ses_1');
      const view = await store.view();
      await storeSession(store, 'ses_2');
      expect(await verifyLedger(view)).toMatchObject({ entries: 6, sessions: 1, findingCount: 0 });
      await view.close();
    });

    test('an empty ledger is sound', async () => {
      const view = await store.view();
      expect(await verifyLedger(view)).toMatchObject({ entries: 0, sessions: 0, findingCount: 0 });
      await view.close();
    });
  });
}
