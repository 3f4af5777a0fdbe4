import { rootOf } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore, SessionPlace } from '../../src/ledger-ports.ts';
import { digest } from '../../src/platform.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { checkpointOf } from './contract-checkpoint.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import {
  archived,
  collect,
  ended,
  erased,
  note,
  pinned,
  SessionWriter,
  started,
  toolCall,
  valuesOf,
} from './session-writer.ts';

const place = (session: string, tenant = 'acme'): SessionPlace => ({ tenant, session });

/** What every ledger promises of sessions that are archived. */
export function archiveContract(open: OpenStore<LedgerStore>): void {
  describe('archiving', () => {
    let store: LedgerStore;
    let own: SessionWriter;
    let running: SessionWriter;

    // Of 7 events each: ses_1 and ses_2 with theirs in turn (1 to 14), and ses_1 of another tenant (15 to 21);
    // the session of the operator begins at 22; one that goes on, at 23.
    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
      const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
      for (const draft of [started, ...toolCall('c1'), ended]) {
        await store.append(one.seal(draft));
        await store.append(two.seal(draft));
      }
      await store.append(new SessionWriter('ses_1', 'rival').seal(started, ...toolCall('c1'), ended));
      own = new SessionWriter('own');
      await store.append(own.seal(started));
      running = new SessionWriter('running');
      await store.append(running.seal(started, ...toolCall('c1')));
    });
    afterEach(() => store.close());

    async function report() {
      const view = await store.view();
      const verified = await verifyLedger(view);
      await view.close();
      return verified;
    }

    const archive = (segment: string, events: number, ...places: SessionPlace[]): Promise<number> =>
      store.archive(own.seal(archived(segment, places.length, events)), segment, places);

    test('takes whole sessions out, keeps their heads and their leaves, and verifies', async () => {
      await store.trees.seal();
      const { checkpoint, leafData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(checkpoint, leafData);
      const before = await store.trees.logs();
      expect(await archive('seg_1', 14, place('ses_1'), place('ses_1', 'rival'))).toBe(14);

      expect(await collect(store.session('acme', 'ses_1'))).toEqual([]);
      expect(await collect(store.session('acme', 'ses_2'))).toHaveLength(7);
      const left = (await collect(store.entries())).map(({ position }) => position);
      expect(left).toEqual([2, 4, 6, 8, 10, 12, 14, 22, 23, 24, 25, 26, 27, 28, 29]);
      const view = await store.view();
      const heads = (await collect(view.sessions())).map(({ session, nextSeq }) => `${session} ${nextSeq}`);
      expect(heads.toSorted()).toEqual(['own 2', 'running 6', 'ses_1 7', 'ses_1 7', 'ses_2 7']);
      expect(await collect(view.removals())).toEqual(
        expect.arrayContaining([
          { head: expect.objectContaining(place('ses_1')), segment: 'seg_1', by: 29 },
          { head: expect.objectContaining(place('ses_1', 'rival')), segment: 'seg_1', by: 29 },
        ]),
      );
      const runs = (await collect(view.removedRuns())).map(({ first, last }) => `${first}-${last}`);
      expect(runs).toEqual(['1-1', '3-3', '5-5', '7-7', '9-9', '11-11', '13-13', '15-21']);
      await view.close();

      const verified = await report();
      expect(verified).toMatchObject({ findings: [], entries: 15, unsealed: 1 });
      expect(verified.logs.map(({ log, root }) => [log, Buffer.from(root).toString('hex')])).toEqual(
        before.map(({ log, size, edge }) => [log, Buffer.from(rootOf(size, edge, digest)).toString('hex')]),
      );
    });

    test('leaves every event where it was in its tree', async () => {
      await store.trees.seal();
      const leaves = async () => {
        const found = [];
        for (let position = 1; position <= 28; position++) found.push(await store.trees.leafOf(position));
        return found;
      };
      const before = await leaves();
      await archive('seg_1', 7, place('ses_1'));
      expect(await leaves()).toEqual(before);
      await archive('seg_2', 14, place('ses_2'), place('ses_1', 'rival'));
      await store.append(running.seal(note('goes on')));
      await store.trees.seal();
      expect(await leaves()).toEqual(before);
      expect(await store.trees.leafOf(31)).toEqual({ log: 'acme', leaf: 23 });
      expect(await report()).toMatchObject({ findings: [], unsealed: 0 });
    });

    test('seals first what is not sealed', async () => {
      expect(await archive('seg_1', 7, place('ses_1'))).toBe(7);
      expect(await report()).toMatchObject({ findings: [] });
    });

    test('takes the values and the snapshot of a session with it', async () => {
      const request = new SessionWriter('ses_9').seal(started, ...toolCall('c1'), ended);
      await store.append(request);
      const [value] = valuesOf(request, 29);
      await store.putSnapshot({ ...place('ses_9'), seq: 6, hash: 'h', body: '{}' });
      expect(await store.blob(value?.hash ?? '', value?.position ?? 0)).toBeDefined();
      await archive('seg_1', 7, place('ses_9'));
      expect(await store.blob(value?.hash ?? '', value?.position ?? 0)).toBeUndefined();
      expect(await store.snapshot(place('ses_9'))).toBeUndefined();
    });

    test('of a session with an erased value verifies', async () => {
      const request = new SessionWriter('ses_9').seal(started, ...toolCall('c1'), ended);
      await store.append(request);
      const values = valuesOf(request, 29);
      await store.erase(own.seal(erased(...values.map(({ hash }) => hash))), values);
      await archive('seg_1', 7, place('ses_9'));
      expect(await report()).toMatchObject({ findings: [] });
    });

    test.each<[string, SessionPlace[], number]>([
      ['that goes on', [place('running')], 6],
      ['that nobody knows', [place('nobody')], 0],
      ['together with one that goes on', [place('ses_1'), place('running')], 13],
      ['twice', [place('ses_1'), place('ses_1')], 14],
      ['of which the event counts too few entries', [place('ses_1')], 6],
    ])('refuses a session %s, and nothing of it is kept', async (_, places, events) => {
      await expect(archive('seg_1', events, ...places)).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(7);
      expect(await collect(store.session('acme', 'own'))).toHaveLength(1);
      expect(await report()).toMatchObject({ findings: [], entries: 28 });
    });

    test('refuses a session that was archived, and a name that was given', async () => {
      await archive('seg_1', 7, place('ses_1'));
      await expect(archive('seg_2', 7, place('ses_1'))).rejects.toEqual(UNAVAILABLE);
      const writer = new SessionWriter('own_2');
      await store.append(writer.seal(started));
      const again = writer.seal(archived('seg_1', 1, 7));
      await expect(store.archive(again, 'seg_1', [place('ses_2')])).rejects.toEqual(UNAVAILABLE);
      expect(await report()).toMatchObject({ findings: [] });
    });

    test('refuses a session on which others stand', async () => {
      const keeps = new SessionWriter('pins');
      await store.append(keeps.seal(started, pinned('a'.repeat(64)), ended));
      await expect(archive('seg_1', 3, place('pins'))).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.session('acme', 'pins'))).toHaveLength(3);
    });

    test('refuses a request without the event that says so', async () => {
      const request = own.seal(note('nothing about archives'));
      await expect(store.archive(request, 'seg_1', [place('ses_1')])).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(7);
    });
  });
}
