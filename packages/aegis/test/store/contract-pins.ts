import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import {
  accepted,
  activated,
  stopped,
  changed,
  collect,
  note,
  pinned,
  SessionWriter,
  started,
} from './session-writer.ts';

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

    test('keeps where the texts of each policy are sealed, and which one came into force last', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, activated(A), activated(B)));
      await store.append(writer.seal(activated(A, true)));
      const policy = (fingerprint: string): string => JSON.stringify(['aegis', 'policy', fingerprint]);
      expect(await collect(store.pins())).toEqual([
        { key: policy(B), pinned: 3, newest: 3 },
        { key: policy(A), pinned: 2, offered: 4, newest: 4 },
      ]);
      const late = new SessionWriter('ses_2');
      await expect(store.append(late.seal(started, activated(A)))).rejects.toEqual(UNAVAILABLE);
      const early = new SessionWriter('ses_3');
      await expect(store.append(early.seal(started, activated(C, true)))).rejects.toEqual(UNAVAILABLE);
      const view = await store.view();
      expect(await verifyLedger(view)).toMatchObject({ findingCount: 0 });
      await view.close();
    });

    test('keeps which stop of a switch is the newest, and whether something was said after it', async () => {
      const writer = new SessionWriter('ses_1');
      const key = JSON.stringify(['aegis', 'kill', 'tenant acme']);
      await store.append(writer.seal(started, stopped(A)));
      expect(await collect(store.pins(1))).toEqual([{ key, pinned: 2, newest: 2 }]);
      await store.append(writer.seal(stopped(undefined, A)));
      expect(await collect(store.pins(2))).toEqual([{ key, pinned: 2, newest: 3 }]);
      await expect(store.append(new SessionWriter('ses_2').seal(started, stopped(B)))).rejects.toEqual(
        UNAVAILABLE,
      );
      await store.append(new SessionWriter('ses_3').seal(started, stopped(B, A)));
      expect(await collect(store.pins(3))).toEqual([{ key, pinned: 5, newest: 5 }]);
      const view = await store.view();
      expect(await verifyLedger(view)).toMatchObject({ findingCount: 0 });
      await view.close();
    });

    test('events of one request stand on each other', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, pinned(A), accepted(A, B), changed(B, C)));
      await expect(store.append(writer.seal(accepted(A, C)))).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.pins())).toEqual([{ key: keyOf('read'), pinned: 3, offered: 4, newest: 4 }]);
    });
  });
}
