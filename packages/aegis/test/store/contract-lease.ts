import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import { collect, ended, note, SessionWriter, started } from './session-writer.ts';

/** Writers of the test seal at this time and a little later. */
const START_MS = 1_763_683_200_000;
const LATER = START_MS + 10_000;

/** What every ledger promises to several processes that write to it. */
export function leaseContract(open: OpenStore<LedgerStore>): void {
  describe('leases', () => {
    let ledger: string;
    let one: LedgerStore;
    let two: LedgerStore;
    let writer: SessionWriter;

    beforeEach(async () => {
      ledger = newLedger();
      [one, two] = [await open({ ledger }), await open({ ledger })];
      writer = new SessionWriter('ses_1');
    });
    afterEach(() => Promise.all([one.close(), two.close()]));

    test('two processes are two writers', () => {
      expect(one.leases.writer).not.toBe(two.leases.writer);
    });

    test('a view shows who holds the sessions, until when, and that each has the owner that it can have', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      await two.append(new SessionWriter('ended').seal(started, ended));
      await one.leases.release();
      const view = await two.view();
      const held = await view.processes();
      expect(held).toContainEqual({ writer: one.leases.writer, untilMs: undefined, sessions: 1 });
      expect(held).toContainEqual({ writer: two.leases.writer, untilMs: expect.any(Number), sessions: 0 });
      expect(await view.misowned(10)).toEqual([]);
      await view.close();
    });

    test('the session of one process is refused to another, and goes on', async () => {
      await one.append(writer.seal(started));
      const stolen = new SessionWriter('ses_1');
      Object.assign(stolen, { snapshot: writer.snapshot, head: writer.head });
      await expect(two.append(stolen.seal(note('from outside')))).rejects.toEqual(UNAVAILABLE);
      await two.append(new SessionWriter('ses_2').seal(started));
      await one.append(writer.seal(note('goes on')));
      expect(await collect(two.session('acme', 'ses_1'))).toHaveLength(2);
    });

    test('a process keeps its sessions for as long as it renews its lease', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      expect(await two.leases.takeOver(LATER)).toEqual([]);
      await one.leases.renew(LATER, LATER + 10_000);
      expect(await two.leases.takeOver(LATER + 5_000)).toEqual([]);
      await one.append(writer.seal(note('goes on')));
    });

    test('the open sessions of a process that is gone fall to another, and it alone can write to them', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      await one.append(new SessionWriter('ended').seal(started, ended));
      await two.append(new SessionWriter('own').seal(started));
      const late = new SessionWriter('ses_1');
      Object.assign(late, { snapshot: writer.snapshot, head: writer.head });

      expect(await two.leases.takeOver(LATER + 1)).toEqual([{ tenant: 'acme', session: 'ses_1' }]);
      // SECURITY: a process that was paused for longer than its lease does not know that it has lost the session.
      await expect(one.append(late.seal(note('too late')))).rejects.toEqual(UNAVAILABLE);
      await two.append(writer.seal(note('taken over'), ended));
      expect(await two.leases.takeOver(LATER + 1)).toEqual([]);
      expect(await collect(one.session('acme', 'ses_1'))).toHaveLength(3);
    });

    test('of two processes that take over at once, one has each session', async () => {
      await one.leases.renew(START_MS, LATER);
      for (const name of ['a', 'b', 'c']) await one.append(new SessionWriter(name).seal(started));
      const three = await open({ ledger });
      await Promise.all([two, three].map((store) => store.leases.renew(LATER, LATER + 10_000)));
      const taken = await Promise.all([two, three].map((store) => store.leases.takeOver(LATER + 1)));
      expect(
        taken
          .flat()
          .map(({ session }) => session)
          .toSorted(),
      ).toEqual(['a', 'b', 'c']);
      await three.close();
    });

    test('a process has a lease of a minute from its first session on', async () => {
      await one.append(writer.seal(started));
      expect(await two.leases.takeOver(START_MS + 60_000)).toEqual([]);
      expect(await two.leases.takeOver(START_MS + 60_001)).toHaveLength(1);
    });

    test('a lease that was given back lets the sessions go at once', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      await one.leases.release();
      expect(await two.leases.takeOver(START_MS)).toEqual([{ tenant: 'acme', session: 'ses_1' }]);
    });

    test('closing gives the lease back', async () => {
      await one.append(writer.seal(started));
      await one.close();
      expect(await two.leases.takeOver(START_MS)).toHaveLength(1);
      await two.append(writer.seal(note('goes on')));
    });

    test('a session that is wanted is given by its owner, and from then on refused to it', async () => {
      await one.leases.renew(START_MS, LATER);
      await two.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      const place = { tenant: 'acme', session: 'ses_1' };
      expect(await one.leases.want(place, START_MS)).toBe('own');
      expect(await one.leases.wanted(0)).toEqual([]);
      expect(await two.leases.want(place, START_MS)).toBe('wished');
      expect(await two.leases.want(place, START_MS + 1)).toBe('wished');
      expect(await one.leases.wanted(START_MS + 1)).toEqual([place]);
      expect(await one.leases.wanted(START_MS + 2)).toEqual([]);

      const late = new SessionWriter('ses_1');
      Object.assign(late, { snapshot: writer.snapshot, head: writer.head });
      await one.leases.give(place);
      expect(await two.leases.want(place, START_MS + 2)).toBe('own');
      expect(await one.leases.wanted(0)).toEqual([]);
      // SECURITY: whoever gave a session away cannot write to it, whatever it remembers.
      await expect(one.append(late.seal(note('not mine')))).rejects.toEqual(UNAVAILABLE);
      await two.append(writer.seal(note('goes on'), ended));
      expect(await one.leases.want(place, START_MS + 3)).toBe('ended');
    });

    test('a session that nobody wants, or that is another one, is not given', async () => {
      await one.append(writer.seal(started));
      const place = { tenant: 'acme', session: 'ses_1' };
      await one.leases.give(place);
      await two.leases.give(place);
      await one.append(writer.seal(note('goes on')));
      expect(await two.leases.want({ tenant: 'acme', session: 'none' }, START_MS)).toBe('ended');
      expect(await two.leases.want({ tenant: 'other', session: 'ses_1' }, START_MS)).toBe('ended');
    });

    test('who wants a session first has it, and who wants it no more is forgotten', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      const place = { tenant: 'acme', session: 'ses_1' };
      const three = await open({ ledger });
      await two.leases.want(place, START_MS);
      await three.leases.want(place, START_MS + 1);
      await one.leases.give(place);
      expect(await two.leases.want(place, START_MS + 2)).toBe('own');

      await two.leases.renew(START_MS, LATER + 20_000);
      await one.leases.want(place, START_MS);
      await three.leases.want(place, START_MS + 6_000);
      await two.leases.give(place);
      expect(await three.leases.want(place, START_MS + 6_000)).toBe('own');
      await three.close();
    });

    test('one session of a process that is gone falls to who wants it', async () => {
      await one.leases.renew(START_MS, LATER);
      await one.append(writer.seal(started));
      await one.append(new SessionWriter('ses_2').seal(started));
      const place = { tenant: 'acme', session: 'ses_1' };
      expect(await two.leases.want(place, LATER)).toBe('wished');
      expect(await two.leases.want(place, LATER + 1)).toBe('taken');
      expect(await two.leases.takeOver(LATER + 1)).toEqual([{ tenant: 'acme', session: 'ses_2' }]);
      await two.append(writer.seal(note('taken over')));
    });

    test('a lease that ends before it begins is refused', async () => {
      await expect(one.leases.renew(LATER, START_MS)).rejects.toMatchObject({ code: 'INTERNAL' });
    });
  });
}
