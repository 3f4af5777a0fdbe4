import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import { accepted, changed, collect, note, pinned, SessionWriter, started } from './session-writer.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const keyOf = (name: string): string => JSON.stringify(['files', 'tool', name]);

/** What every store of evidence promises of pinned definitions. */
export function pinsContract(open: OpenStore<VerifiableStore>): void {
  describe('pins', () => {
    let store: VerifiableStore;

    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
    });
    afterEach(() => store.close());

    test('keeps where each definition was pinned, offered and spoken of last, and gives what is new', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, pinned(A), pinned(C, 'write')));
      expect(await collect(store.pins())).toEqual([
        { key: keyOf('read'), pinned: 2, newest: 2 },
        { key: keyOf('write'), pinned: 3, newest: 3 },
      ]);
      await store.append(writer.seal(changed(A, B), note('x'), changed(A)));
      const read = { key: keyOf('read'), pinned: 2, offered: 4, newest: 6 };
      expect(await collect(store.pins(3))).toEqual([read]);
      await store.append(writer.seal(accepted(A, B)));
      expect(await collect(store.pins(6))).toEqual([{ ...read, pinned: 7, newest: 7 }]);
      expect(await collect(store.pins(7))).toEqual([]);
      const view = await store.view();
      expect(await collect(view.pins())).toHaveLength(2);
      expect(await verifyLedger(view)).toMatchObject({ findingCount: 0 });
      await view.close();
    });

    test('of two that see a definition first, or accept a change, one is too late and nothing of it is kept', async () => {
      const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
      await store.append(one.seal(started, pinned(A)));
      await expect(store.append(two.seal(started, pinned(C, 'write'), pinned(A)))).rejects.toEqual(
        UNAVAILABLE,
      );
      expect(await collect(store.session('acme', 'ses_2'))).toEqual([]);
      const late = new SessionWriter('ses_3');
      await store.append(late.seal(started));
      await store.append(one.seal(accepted(A, B)));
      await expect(store.append(late.seal(accepted(A, C)))).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.pins())).toEqual([{ key: keyOf('read'), pinned: 4, newest: 4 }]);
    });

    test('events of one request stand on each other', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, pinned(A), accepted(A, B), changed(B, C)));
      await expect(store.append(writer.seal(accepted(A, C)))).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.pins())).toEqual([{ key: keyOf('read'), pinned: 3, offered: 4, newest: 4 }]);
    });
  });
}
