import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore, PermitBlock } from '../../src/ledger-ports.ts';
import { newLedger, type OpenStore } from './contract-store.ts';

const RATE = { place: '60000 ["few"]', most: 10, windowMs: 60_000 };

/** What every ledger promises to processes that share a rate. */
export function permitContract(open: OpenStore<LedgerStore>): void {
  describe('permits', () => {
    let one: LedgerStore;
    let two: LedgerStore;

    beforeEach(async () => {
      const ledger = newLedger();
      [one, two] = [await open({ ledger }), await open({ ledger })];
    });
    afterEach(() => Promise.all([one.close(), two.close()]));

    const lease = async (from: LedgerStore, wanted: number, rate = RATE): Promise<PermitBlock> => {
      const [block] = await from.permits.lease([{ ...rate, wanted }]);
      if (block === undefined) throw new Error('a request was not answered');
      return block;
    };
    const spend = (from: LedgerStore, { id }: PermitBlock, spent: number, rate = RATE): Promise<void> =>
      from.permits.settle([{ ...rate, id, spent, ageMs: 0 }]);

    /** Leases until nothing is left. */
    async function drain(from: LedgerStore): Promise<readonly PermitBlock[]> {
      const blocks: PermitBlock[] = [];
      for (;;) {
        const block = await lease(from, 100);
        if (block.permits === 0) return blocks;
        blocks.push(block);
      }
    }
    const sum = (blocks: readonly PermitBlock[]) => blocks.reduce((all, { permits }) => all + permits, 0);

    test('are leased to all processes together no more often than there are, in ever smaller blocks', async () => {
      const blocks = [await lease(one, 2), ...(await drain(two))];
      expect(blocks.map(({ permits }) => permits)).toEqual([2, 2, 2, 1, 1, 1, 1]);
      expect(await lease(one, 1)).toMatchObject({ permits: 0, waitMs: expect.any(Number) });
      expect((await lease(one, 1)).waitMs).toBeGreaterThan(50_000);
    });

    test('that are given back are free for others at once, and those that were spent are not', async () => {
      const [first, ...others] = await drain(one);
      if (first === undefined) throw new Error('nothing was leased');
      await spend(one, first, first.permits - 1);
      expect(sum(await drain(two))).toBe(1);
      for (const block of others) await spend(one, block, 0);
      expect(sum(await drain(two))).toBe(10 - first.permits);
    });

    test('of a process that is gone count as spent', async () => {
      const [first] = await drain(one);
      await one.close();
      expect(await drain(two)).toEqual([]);
      if (first !== undefined) await spend(two, first, 0);
      expect(sum(await drain(two))).toBe(first?.permits);
    });

    test('are given back once', async () => {
      const block = await lease(one, 1);
      await spend(one, block, 0);
      await spend(one, block, 0);
      await spend(one, block, 5);
      expect(sum(await drain(two))).toBe(10);
    });

    test('are leased once to many that want the last of them at the same moment', async () => {
      const blocks = await Promise.all(
        Array.from({ length: 40 }, (_, n) => lease(n % 2 === 0 ? one : two, 1)),
      );
      expect(sum(blocks)).toBe(10);
    });

    test('of several rates are leased in one request, each for itself', async () => {
      const other = { ...RATE, place: '60000 ["other"]', most: 1 };
      const both = [
        { ...RATE, wanted: 1 },
        { ...other, wanted: 1 },
      ];
      expect((await one.permits.lease(both)).map(({ permits }) => permits)).toEqual([1, 1]);
      expect((await two.permits.lease(both.toReversed())).map(({ permits }) => permits)).toEqual([0, 1]);
    });

    test('are free again when their window has passed', async () => {
      const rate = { ...RATE, place: '100 ["few"]', most: 1, windowMs: 100 };
      await spend(one, await lease(one, 1, rate), 1, rate);
      expect((await lease(two, 1, rate)).permits).toBe(0);
      await expect.poll(async () => (await lease(two, 1, rate)).permits, { timeout: 10_000 }).toBe(1);
    });
  });
}
