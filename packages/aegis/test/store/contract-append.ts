import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import { collect, note, SessionWriter, started, storeSession, toolCall } from './session-writer.ts';

/** What every store of evidence promises of what is appended to it. */
export function appendContract(open: OpenStore<VerifiableStore>): void {
  describe('entries', () => {
    let store: VerifiableStore;

    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
    });
    afterEach(() => store.close());

    test('gives back exactly what was appended, in order', async () => {
      const writer = new SessionWriter('ses_1');
      const requests = [
        writer.seal(started),
        writer.seal(...toolCall('c1')),
        writer.seal(note('grüße \u2028 "quoted" \\ \u0000 \ufffd 😀')),
      ];
      for (const request of requests) await store.append(request);
      const sealed = requests.flatMap(({ entries }) => entries);
      const stored = await collect(store.session('acme', 'ses_1'));
      expect(stored).toMatchObject(
        sealed.map(({ envelope, hash, body }, i) => ({
          position: i + 1,
          tenant: 'acme',
          session: 'ses_1',
          seq: envelope.seq,
          hash,
          body,
        })),
      );
    });

    test('a session is read to its end, however long it is', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started));
      for (let i = 0; i < 9; i++) {
        const notes = Array.from({ length: 100 }, (_, k) => note(`${i} ${k}`));
        await store.append(writer.seal(note('first'), ...notes));
      }
      const seqs = (await collect(store.session('acme', 'ses_1'))).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: 910 }, (_, seq) => seq));
      expect(await collect(store.entries())).toHaveLength(910);
    });

    test('gives the entries of some types, and says how far it has looked for them', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, ...toolCall('c1'), note('said'), ...toolCall('c2')));
      const all = await collect(store.entries());
      const types = ['TOOL_CALL_ALLOWED', 'SESSION_STARTED', 'SESSION'];
      const wanted = all.filter(({ body }) =>
        /^\{"event_type":"(?:TOOL_CALL_ALLOWED|SESSION_STARTED)"/.test(body),
      );
      expect(wanted).toHaveLength(3);
      expect(await store.ofTypes(types, 0)).toEqual({ entries: wanted, through: all.length, isLast: true });
      const [, second, third] = wanted;
      expect(await store.ofTypes(types, (second?.position ?? 0) - 1)).toMatchObject({
        entries: [second, third],
      });
      expect(await store.ofTypes(types, second?.position ?? 0)).toMatchObject({ entries: [third] });
      for (const after of [all.length, all.length + 5]) {
        expect(await store.ofTypes(types, after)).toEqual({ entries: [], through: after, isLast: true });
      }
      expect(await store.ofTypes([], 0)).toEqual({ entries: [], through: all.length, isLast: true });
    });

    test('looks through a long log in stretches, and misses nothing between them', async () => {
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, ...Array.from({ length: 2_100 }, (_, i) => note(`${i}`))));
      await store.append(
        writer.seal(...toolCall('c1'), ...Array.from({ length: 2_100 }, () => note('later'))),
      );
      const found: number[] = [];
      for (let after = 0; ; ) {
        const { entries, through, isLast } = await store.ofTypes(['TOOL_CALL_ALLOWED'], after);
        found.push(...entries.map(({ position }) => position));
        expect(through).toBeGreaterThan(after);
        after = through;
        if (isLast) break;
      }
      const all = await collect(store.entries());
      const allowed = all.filter(({ body }) => body.startsWith('{"event_type":"TOOL_CALL_ALLOWED"'));
      expect(found).toEqual(allowed.map(({ position }) => position));
    });

    test('gives all sessions in commit order, from a position and up to a limit', async () => {
      const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
      await store.append(one.seal(started));
      await store.append(two.seal(started));
      await store.append(one.seal(note('a'), note('b')));
      await store.append(two.seal(note('c')));
      const places = async (options?: { after?: number; limit?: number }) =>
        (await collect(store.entries(options))).map(
          ({ position, session, seq }) => `${position} ${session}/${seq}`,
        );
      expect(await places()).toEqual(['1 ses_1/0', '2 ses_2/0', '3 ses_1/1', '4 ses_1/2', '5 ses_2/1']);
      expect(await places({ after: 3 })).toEqual(['4 ses_1/2', '5 ses_2/1']);
      expect(await places({ after: 1, limit: 2 })).toEqual(['2 ses_2/0', '3 ses_1/1']);
      expect(await places({ after: 5 })).toEqual([]);
      expect(await places({ limit: 0 })).toEqual([]);
    });

    test('sessions of the same name in two tenants are two sessions', async () => {
      const [ours, theirs] = [new SessionWriter('ses_1', 'acme'), new SessionWriter('ses_1', 'rival')];
      await store.append(ours.seal(started, note('ours')));
      await store.append(theirs.seal(started));
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(2);
      expect(await collect(store.session('rival', 'ses_1'))).toHaveLength(1);
      expect(await collect(store.session('nobody', 'ses_1'))).toEqual([]);
    });

    test('appends of one session need not wait for each other', async () => {
      const writer = new SessionWriter('ses_1');
      const appends = [store.append(writer.seal(started))];
      for (let i = 0; i < 50; i++) appends.push(store.append(writer.seal(...toolCall(`c${i}`))));
      await Promise.all(appends);
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(251);
    });

    test('an entry that forks, repeats or skips the chain is refused, and nothing of its request is kept', async () => {
      const writer = await storeSession(store, 'ses_1');
      const fork = new SessionWriter('ses_1');
      fork.seal(started, ...toolCall('other'));
      await expect(store.append(fork.seal(note('x'), note('y')))).rejects.toEqual(UNAVAILABLE);
      await expect(store.append(new SessionWriter('ses_1').seal(started))).rejects.toEqual(UNAVAILABLE);
      writer.seal(note('never appended'));
      await expect(store.append(writer.seal(note('x')))).rejects.toEqual(UNAVAILABLE);
      const other = new SessionWriter('ses_2');
      other.seal(started);
      await expect(store.append(other.seal(note('x')))).rejects.toEqual(UNAVAILABLE);
      expect(await collect(store.entries())).toHaveLength(6);
    });

    test('once an append has failed, the later ones of the session fail until it is sealed on what is stored', async () => {
      const { head, snapshot } = await storeSession(store, 'ses_1');
      const lost = new SessionWriter('ses_1');
      lost.seal(started, ...toolCall('c1'));
      const results = await Promise.allSettled([
        store.append(lost.seal(note('lost'))),
        store.append(lost.seal(note('after it'))),
        store.append(lost.seal(note('and after that'))),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      const [last] = (await collect(store.session('acme', 'ses_1'))).slice(-1);
      expect(last?.hash).toBe(head);
      const reread = new SessionWriter('ses_1');
      reread.snapshot = snapshot;
      reread.head = last?.hash;
      await store.append(reread.seal(note('goes on')));
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(7);
    });

    test('a refused append does not take the others down that came with it', async () => {
      const bad = new SessionWriter('ses_bad');
      bad.seal(started);
      const results = await Promise.allSettled([
        store.append(new SessionWriter('ses_1').seal(started)),
        store.append(bad.seal(note('x'))),
        store.append(new SessionWriter('ses_2').seal(started)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await collect(store.entries())).toHaveLength(2);
    });

    test('gives a sealed value back by its commitment, and nobody can change it from outside', async () => {
      const writer = new SessionWriter('ses_1');
      const request = writer.seal(started, ...toolCall('c1', '/private'));
      await store.append(request);
      const index = request.entries.findIndex(({ blobs }) => blobs.length > 0);
      const [sealed] = request.entries[index]?.blobs ?? [];
      const bytes = await store.blob(sealed?.hash ?? '', index + 1);
      expect(Buffer.from(bytes?.subarray(32) ?? []).toString()).toBe('{"path":"/private"}');
      bytes?.fill(0);
      sealed?.bytes.fill(0);
      const again = await store.blob(sealed?.hash ?? '', index + 1);
      expect(Buffer.from(again?.subarray(32) ?? []).toString()).toBe('{"path":"/private"}');
      expect(await store.blob('00'.repeat(32), index + 1)).toBeUndefined();
      expect(await store.blob(sealed?.hash ?? '', index + 2)).toBeUndefined();
    });

    test('what was appended before closing is kept; what comes after is refused', async () => {
      const writer = new SessionWriter('ses_1');
      const before = store.append(writer.seal(started));
      const closing = store.close();
      await expect(store.append(writer.seal(note('late')))).rejects.toEqual(UNAVAILABLE);
      await expect(before).resolves.toBeUndefined();
      await closing;
      await store.close();
    });
  });
}
