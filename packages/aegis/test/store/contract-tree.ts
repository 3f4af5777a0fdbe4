import { inclusionProof, leafHash, rootOf, verifyInclusion } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { digest } from '../../src/platform.ts';
import type { StoredEntry } from '../../src/ports.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore } from './contract-store.ts';
import { rootOver, tilesOf } from './merkle.ts';
import { collect, note, SessionWriter, started } from './session-writer.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What every ledger promises of its Merkle logs. */
export function treeContract(open: OpenStore<LedgerStore>): void {
  describe('the trees', () => {
    let ledger: string;
    let store: LedgerStore;

    beforeEach(async () => {
      ledger = newLedger();
      store = await open({ ledger });
    });
    afterEach(() => store.close());

    /** Appends `count` events of one session in requests of up to a hundred. */
    async function fill(session: string, count: number, tenant = 'acme'): Promise<SessionWriter> {
      const writer = new SessionWriter(session, tenant);
      await store.append(writer.seal(started));
      for (let left = count - 1; left > 0; left -= 100) {
        const notes = Array.from({ length: Math.min(left, 100) }, (_, i) => note(`${left} ${i}`));
        await store.append(writer.seal(notes[0] ?? note(''), ...notes.slice(1)));
      }
      return writer;
    }

    async function ofTenant(tenant: string): Promise<StoredEntry[]> {
      return (await collect(store.entries())).filter((entry) => entry.tenant === tenant);
    }

    async function rootsOf(on: LedgerStore): Promise<Record<string, string>> {
      const logs = await on.trees.logs();
      return Object.fromEntries(
        logs.map(({ log, size, edge }) => [log, `${size} ${hex(rootOf(size, edge, digest))}`]),
      );
    }

    test('a ledger into which nothing was sealed has none', async () => {
      expect(await store.trees.seal()).toEqual([]);
      await store.append(new SessionWriter('ses_1').seal(started));
      expect(await store.trees.logs()).toEqual([]);
      expect(await store.trees.leafOf(1)).toBeUndefined();
      expect(await store.trees.tile('acme', 0, 0)).toBeUndefined();
    });

    test('sealing moves each event into the tree of its tenant, in the order of the log', async () => {
      const one = await fill('ses_1', 3);
      await fill('ses_1', 2, 'rival');
      await store.append(one.seal(note('later')));
      const logs = await store.trees.seal();
      expect(logs.map(({ log, size, through }) => ({ log, size, through }))).toEqual([
        { log: 'acme', size: 4, through: 6 },
        { log: 'rival', size: 2, through: 5 },
      ]);
      expect(await rootsOf(store)).toEqual({
        acme: `4 ${rootOver(await ofTenant('acme'))}`,
        rival: `2 ${rootOver(await ofTenant('rival'))}`,
      });
      const leaf = (data: string): string => hex(leafHash(Buffer.from(data, 'hex'), digest));
      const tile = await store.trees.tile('rival', 0, 0);
      expect(hex(tile ?? new Uint8Array())).toBe(
        (await ofTenant('rival')).map(({ hash }) => leaf(hash)).join(''),
      );
    });

    test('a tree grows over tiles and batches, and is the same however it was sealed', async () => {
      const writer = await fill('ses_1', 255);
      const seen: number[] = [];
      for (const more of [1, 1, 300, 2500]) {
        const notes = Array.from({ length: more }, (_, i) => note(`${i}`));
        await store.append(writer.seal(notes[0] ?? note(''), ...notes.slice(1)));
        const [state] = await store.trees.seal();
        seen.push(state?.size ?? 0);
        expect(await rootsOf(store)).toEqual({
          acme: `${state?.size} ${rootOver(await ofTenant('acme'))}`,
        });
      }
      expect(seen).toEqual([256, 257, 557, 3057]);
      expect((await store.trees.tile('acme', 0, 0))?.length).toBe(8192);
      expect((await store.trees.tile('acme', 1, 0))?.length).toBe(11 * 32);
      expect((await store.trees.tile('acme', 0, 11))?.length).toBe(241 * 32);
      expect(await store.trees.tile('acme', 0, 12)).toBeUndefined();
    });

    test('sealing without new events changes nothing', async () => {
      await fill('ses_1', 300);
      const before = await store.trees.seal();
      expect(await store.trees.seal()).toEqual(before);
    });

    test('every event is found at its leaf, with a proof; one that is not sealed is not', async () => {
      const [one, two] = [await fill('ses_1', 120), await fill('ses_2', 30, 'rival')];
      await store.trees.seal();
      for (let i = 0; i < 40; i++) {
        await store.append(one.seal(note(`a ${i}`)));
        if (i % 3 === 0) await store.append(two.seal(note(`b ${i}`)));
        if (i % 7 === 0) await store.trees.seal();
      }
      const logs = await store.trees.seal();
      await store.append(one.seal(note('not sealed')));

      for (const tenant of ['acme', 'rival']) {
        const entries = await ofTenant(tenant);
        const { size = 0, edge = [] } = logs.find(({ log }) => log === tenant) ?? {};
        const root = rootOf(size, edge, digest);
        for (const [leaf, { position, hash }] of entries.slice(0, size).entries()) {
          expect(await store.trees.leafOf(position)).toEqual({ log: tenant, leaf });
          const proof = await inclusionProof(leaf, size, tilesOf(store.trees, tenant), digest);
          const proved = leafHash(Buffer.from(hash, 'hex'), digest);
          expect(verifyInclusion(proved, leaf, size, root, proof, digest)).toBe(true);
        }
        for (const { position } of entries.slice(size)) {
          expect(await store.trees.leafOf(position)).toBeUndefined();
        }
      }
      expect(await store.trees.leafOf(10_000)).toBeUndefined();
    });

    test('several processes that seal at once move each event once', async () => {
      const writer = await fill('ses_1', 1000);
      const others = await Promise.all([open({ ledger }), open({ ledger })]);
      await Promise.all([
        ...[store, ...others].map(({ trees }) => trees.seal()),
        store.append(writer.seal(note('meanwhile'))),
      ]);
      await store.trees.seal();
      expect(await rootsOf(others[0] ?? store)).toEqual({
        acme: `1001 ${rootOver(await ofTenant('acme'))}`,
      });
      await Promise.all(others.map((other) => other.close()));
    });

    test('the next process goes on with the trees', async () => {
      await fill('ses_1', 300);
      const before = await store.trees.seal();
      await store.close();
      store = await open({ ledger });
      expect(await store.trees.logs()).toEqual(before);
      await fill('ses_2', 300);
      await store.trees.seal();
      expect(await rootsOf(store)).toEqual({ acme: `600 ${rootOver(await ofTenant('acme'))}` });
    });

    test('what was not sealed before the end is sealed afterwards', async () => {
      await fill('ses_1', 20);
      await store.close();
      store = await open({ ledger });
      await store.trees.seal();
      expect(await rootsOf(store)).toEqual({ acme: `20 ${rootOver(await ofTenant('acme'))}` });
    });

    test('nothing is sealed after the end', async () => {
      await store.close();
      await expect(store.trees.seal()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });

    test('verify, and say what is not in a tree yet', async () => {
      const writer = await fill('ses_1', 300);
      await fill('ses_2', 5, 'rival');
      await store.trees.seal();
      await store.append(writer.seal(note('a'), note('b')));
      const view = await store.view();
      const report = await verifyLedger(view);
      await view.close();
      expect(report).toMatchObject({ findings: [], unsealed: 2, entries: 307 });
      expect(report.logs.map(({ log, size, root }) => [log, `${size} ${hex(root)}`])).toEqual(
        Object.entries(await rootsOf(store)),
      );
    });

    test('the id of the installation is made once', async () => {
      expect(await store.trees.installation('0123456789ab')).toBe('0123456789ab');
      expect(await store.trees.installation('ffffffffffff')).toBe('0123456789ab');
      const other = await open({ ledger });
      expect(await other.trees.installation('ffffffffffff')).toBe('0123456789ab');
      await other.close();
    });
  });
}
