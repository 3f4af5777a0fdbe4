import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import type { AppendRequest } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect, ended, note, SessionWriter, started } from './session-writer.ts';

const NOW_MS = 1_763_683_200_000;
const NOWHERE = { position: 1, hash: '00'.repeat(32) };

/** A session that is written to by whichever of two stores owns it. */
class Shared {
  readonly #writer: SessionWriter;
  readonly #stores: readonly [LedgerStore, LedgerStore];
  readonly sent: AppendRequest[] = [];
  #owner = 0;
  #over = false;

  constructor(name: string, stores: readonly [LedgerStore, LedgerStore]) {
    this.#writer = new SessionWriter(name);
    this.#stores = stores;
  }

  get place() {
    return { tenant: this.#writer.tenant, session: this.#writer.session };
  }

  /** What comes next, twice, after what came before; or, when the session has ended, only that. */
  async append(ends: boolean): Promise<void> {
    const [old, own] = [this.sent.at(-1), this.#stores[this.#owner] as LedgerStore];
    const before = old === undefined ? undefined : refused(own.append(old));
    const next = this.#next(ends);
    if (next === undefined) return before;
    await Promise.all([before, own.append(next), refused(own.append(next))]);
    await refused(own.append(next));
  }

  /** In a transaction that is given up after it was written; after that, in one that is not. */
  async appendAgain(): Promise<void> {
    const own = this.#stores[this.#owner] as LedgerStore;
    const next = this.#next(false);
    if (next === undefined) return;
    await refused(own.erase(next, [NOWHERE]));
    await own.append(next);
  }

  /** To the store that does not own it, and does in the end. */
  async move(): Promise<void> {
    const [own, other] = this.#owner === 0 ? this.#stores : this.#stores.toReversed();
    if (own === undefined || other === undefined || this.sent.length === 0) return;
    const [last, first] = [this.#next(false), this.#next(false)];
    if (last === undefined || first === undefined) return;
    await refused(other.append(last));
    if ((await other.leases.want(this.place, NOW_MS)) !== 'wished') throw new Error('it is not owned');
    await own.append(last);
    await own.leases.give(this.place);
    await refused(own.append(first));
    await other.append(first);
    this.#owner = 1 - this.#owner;
  }

  #next(ends: boolean): AppendRequest | undefined {
    if (this.#over) return undefined;
    this.#over = ends;
    const begins = this.sent.length === 0 ? started : note('goes on');
    const request = ends ? this.#writer.seal(begins, ended) : this.#writer.seal(begins);
    this.sent.push(request);
    return request;
  }
}

async function refused(appended: Promise<unknown>): Promise<void> {
  await expect(appended).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
}

const step = fc.record({
  session: fc.nat(2),
  what: fc.constantFrom('append', 'append', 'end', 'append again', 'move', 'meanwhile'),
});

test('what a store remembers of its sessions is what is stored, whoever wrote and whatever was refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const path = ledgerPath();
      const stores = [openSqliteStore(path), openSqliteStore(path)] as const;
      for (const store of stores) await store.leases.renew(NOW_MS, NOW_MS + 60_000);
      const sessions = ['one', 'two', 'three'].map((name) => new Shared(name, stores));
      for (const { session, what } of steps) {
        const shared = sessions[session] as Shared;
        if (what === 'meanwhile') await Promise.all(sessions.map((one) => one.append(false)));
        else if (what === 'move') await shared.move();
        else if (what === 'append again') await shared.appendAgain();
        else await shared.append(what === 'end');
      }
      for (const { place, sent } of sessions) {
        const hashes = sent.flatMap(({ entries }) => entries.map(({ hash }) => hash));
        const stored = await collect(stores[0].session(place.tenant, place.session));
        expect(stored.map(({ hash }) => hash)).toEqual(hashes);
      }
      const view = await stores[0].view();
      expect((await verifyLedger(view)).findings).toEqual([]);
      await view.close();
      for (const store of stores) await store.close();
    }),
    { numRuns: 25 },
  );
});
