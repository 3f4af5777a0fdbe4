import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { newLedger, type OpenStore } from './contract-store.ts';
import { storeSession } from './session-writer.ts';

/** What every ledger promises of snapshots, which are a cache. */
export function snapshotContract(open: OpenStore<LedgerStore>): void {
  describe('snapshots', () => {
    const place = { tenant: 'acme', session: 'ses_1' };
    const snapshot = { ...place, seq: 3, hash: 'ab'.repeat(32), body: '{"grüße":"\u2028"}' };
    let store: LedgerStore;

    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
      await storeSession(store, 'ses_1');
    });
    afterEach(() => store.close());

    test('a session has none until one is put', async () => {
      expect(await store.snapshot(place)).toBeUndefined();
      await store.putSnapshot(snapshot);
      expect(await store.snapshot(place)).toEqual(snapshot);
      expect(await store.snapshot({ ...place, tenant: 'rival' })).toBeUndefined();
    });

    test('a newer one takes the place of an older one, and never the other way round', async () => {
      await store.putSnapshot(snapshot);
      const newer = { ...snapshot, seq: 5, body: 'newer' };
      await store.putSnapshot(newer);
      await store.putSnapshot({ ...snapshot, seq: 4, body: 'late' });
      expect(await store.snapshot(place)).toEqual(newer);
    });

    test('one of a session that nobody knows is not kept', async () => {
      await store.putSnapshot({ ...snapshot, session: 'nobody' });
      expect(await store.snapshot({ tenant: 'acme', session: 'nobody' })).toBeUndefined();
    });
  });
}
