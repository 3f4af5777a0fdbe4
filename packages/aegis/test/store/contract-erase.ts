import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import { collect, erased, note, SessionWriter, started, toolCall, valuesOf } from './session-writer.ts';

/** What every ledger promises of values that are erased. */
export function eraseContract(open: OpenStore<LedgerStore>): void {
  describe('erasing', () => {
    let store: LedgerStore;
    let own: SessionWriter;
    let places: ReturnType<typeof valuesOf>;

    // Positions: two tool calls with a sealed value each are 1 to 11, the session of the operator begins at 12.
    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
      own = new SessionWriter('own');
      const request = new SessionWriter('ses_1').seal(started, ...toolCall('c1'), ...toolCall('c2'));
      await store.append(request);
      await store.append(own.seal(started));
      places = valuesOf(request, 1);
      await store.trees.seal();
    });
    afterEach(() => store.close());

    const present = async (): Promise<boolean[]> =>
      Promise.all(places.map(async ({ hash, position }) => (await store.blob(hash, position)) !== undefined));

    async function sound(): Promise<void> {
      const view = await store.view();
      expect(await verifyLedger(view)).toMatchObject({ findings: [] });
      await view.close();
    }

    test('removes the values and says so; everything else verifies as before', async () => {
      expect(places).toHaveLength(2);
      const [first] = places.slice(0, 1);
      const request = own.seal(erased(first?.hash ?? ''));
      expect(await store.erase(request, places.slice(0, 1))).toBe(1);
      expect(await present()).toEqual([false, true]);
      expect((await collect(store.session('acme', 'own'))).map(({ hash }) => hash)).toContain(
        request.entries[0].hash,
      );
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(11);
      const view = await store.view();
      expect(await collect(view.erasures())).toEqual([{ ...first, by: 13 }]);
      await view.close();
      await sound();
    });

    test('counts only what was there', async () => {
      const [one, two] = places.map(({ hash }) => hash) as [string, string];
      expect(await store.erase(own.seal(erased(one)), places.slice(0, 1))).toBe(1);
      expect(await store.erase(own.seal(note('x'), erased(one, two)), places)).toBe(1);
      expect(await store.erase(own.seal(erased(one, two)), places)).toBe(0);
      expect(await present()).toEqual([false, false]);
      await sound();
    });

    test('removes nothing that no event names', async () => {
      const [one, two] = places.map(({ hash }) => hash) as [string, string];
      await expect(store.erase(own.seal(erased(one)), places)).rejects.toEqual(UNAVAILABLE);
      expect(await present()).toEqual([true, true]);
      expect(await collect(store.session('acme', 'own'))).toHaveLength(1);
      const other = new SessionWriter('other');
      await expect(store.erase(other.seal(started, note(two)), places)).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.session('acme', 'other'))).toEqual([]);
      await sound();
    });

    test('removes nothing when the events cannot be appended', async () => {
      own.seal(note('never appended'));
      const request = own.seal(erased(...places.map(({ hash }) => hash)));
      await expect(store.erase(request, places)).rejects.toEqual(UNAVAILABLE);
      expect(await present()).toEqual([true, true]);
      await sound();
    });

    test('comes after the appends that were there before it', async () => {
      const appended = store.append(own.seal(note('before')));
      const removed = store.erase(own.seal(erased(...places.map(({ hash }) => hash))), places);
      await appended;
      expect(await removed).toBe(2);
      await store.append(own.seal(note('after')));
      await sound();
    });

    test('takes the snapshot of the session with it', async () => {
      const snapshot = { tenant: 'acme', session: 'ses_1', seq: 3, hash: 'h', body: '{}' };
      await store.putSnapshot(snapshot);
      await store.putSnapshot({ ...snapshot, session: 'own', seq: 0 });
      await store.erase(own.seal(erased(...places.map(({ hash }) => hash))), places);
      expect(await store.snapshot(snapshot)).toBeUndefined();
      expect(await store.snapshot({ tenant: 'acme', session: 'own' })).toBeDefined();
    });
  });
}
