import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, fold, type Snapshot, startSnapshot } from '@aegis/core';
import { describe, expect, test } from 'vitest';
import type { LedgerStore } from '../../../src/ledger-ports.ts';
import { openPostgresStore } from '../../../src/store/postgres.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { collect, note, SessionWriter, started, toolCall } from '../session-writer.ts';
import { describePostgres, sql } from './cluster.ts';
import { type Fault, startProxy } from './proxy.ts';

const UNAVAILABLE = expect.objectContaining({ code: 'STORE_UNAVAILABLE' });

async function findingsOf(store: LedgerStore): Promise<unknown> {
  const view = await store.view();
  try {
    return (await verifyLedger(view)).findings;
  } finally {
    await view.close();
  }
}

/** A writer that goes on where the session ends in the store. */
async function resumed(store: LedgerStore, session: string): Promise<SessionWriter> {
  const writer = new SessionWriter(session);
  let snapshot: Snapshot = startSnapshot({ tenant: 'acme', session, agent: 'agent', user: 'ada' });
  for await (const { body, hash } of store.session('acme', session)) {
    snapshot = fold(snapshot, JSON.parse(body));
    writer.head = hash;
  }
  writer.snapshot = snapshot;
  return writer;
}

await describePostgres('a PostgreSQL server that goes away', (cluster) => {
  describe('in the middle of a COMMIT', () => {
    test.each<[string, Fault]>([
      ['before the server has seen it', 'before'],
      ['when the server has got it', 'sent'],
      ['when the server has done it', 'answered'],
    ])('a connection that breaks %s: the batch is stored once', async (_, fault) => {
      const proxy = await startProxy(await cluster.database());
      const store = await openPostgresStore(proxy.dsn);
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started));
      const failed = proxy.fail(fault);
      const appends = [
        store.append(writer.seal(...toolCall('c1'))),
        store.append(new SessionWriter('ses_2').seal(started)),
      ];
      await failed;
      await Promise.all(appends);
      await store.append(writer.seal(note('goes on')));
      expect(
        (await collect(store.entries())).map(({ position, session, seq }) => [position, session, seq]),
      ).toEqual([
        ...[0, 1, 2, 3, 4, 5].map((seq) => [seq + 1, 'ses_1', seq]),
        [7, 'ses_2', 0],
        [8, 'ses_1', 6],
      ]);
      expect(await findingsOf(store)).toEqual([]);
      await store.close();
    });

    test('what was refused in a batch stays refused when the batch is recognised as stored', async () => {
      const proxy = await startProxy(await cluster.database());
      const store = await openPostgresStore(proxy.dsn);
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started));
      const forked = new SessionWriter('ses_2');
      forked.seal(started);
      const failed = proxy.fail('answered');
      const results = Promise.allSettled([
        store.append(forked.seal(note('fork'))),
        store.append(writer.seal(note('stored'))),
      ]);
      await failed;
      expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      expect(await collect(store.entries())).toHaveLength(2);
      await store.close();
    });

    test('an erasure is done once and counted', async () => {
      const proxy = await startProxy(await cluster.database());
      const store = await openPostgresStore(proxy.dsn);
      const writer = new SessionWriter('ses_1');
      const request = writer.seal(started, ...toolCall('c1'));
      await store.append(request);
      const hash = request.entries[1]?.blobs[0]?.hash ?? '';
      const own = new SessionWriter('own');
      await store.append(own.seal(started));
      const failed = proxy.fail('answered');
      const payload = { scope: 'event', values: 1, hashes: [hash], because: 'asked for', by: 'ada' };
      const erased = store.erase(own.seal({ type: 'DATA_ERASED', payload }), [{ position: 2, hash }]);
      await failed;
      expect(await erased).toBe(1);
      expect(await store.blob(hash, 2)).toBeUndefined();
      expect(await findingsOf(store)).toEqual([]);
      await store.close();
    });

    test('and does not come back: nobody is told that the events were stored, or that they were not', async () => {
      const dsn = await cluster.database();
      const proxy = await startProxy(dsn);
      const store = await openPostgresStore(proxy.dsn, { patienceMs: 300, answerMs: 300 });
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started));
      const failed = proxy.fail('answered');
      const append = store.append(writer.seal(note('lost from sight')));
      await failed;
      await cluster.stop();
      try {
        await expect(append).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
          message: expect.stringContaining('it is not known whether the events were stored'),
        });
      } finally {
        await cluster.start();
      }
      await expect
        .poll(() => store.problem(), { timeout: 15_000, interval: 100 })
        .toMatch(/^it is not known/);
      const again = await resumed(store, 'ses_1');
      expect(again.snapshot.events).toBe(2);
      await store.append(again.seal(note('goes on')));
      expect(store.problem()).toBeUndefined();
      await store.close();
    });

    test('a connection on which nothing arrives any more is given up', async () => {
      const proxy = await startProxy(await cluster.database());
      const store = await openPostgresStore(proxy.dsn, { answerMs: 400 });
      const writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started));
      const failed = proxy.fail('silent');
      const append = store.append(writer.seal(note('stored')));
      await failed;
      await append;
      expect(await collect(store.entries())).toHaveLength(2);
      await store.close();
    });
  });

  test('refuses appends at once while it is gone, says when to try again, and takes them when it is back', async () => {
    const store = await openPostgresStore(await cluster.database());
    const writer = new SessionWriter('ses_1');
    await store.append(writer.seal(started));
    await cluster.stop();
    try {
      await expect.poll(() => store.problem()).toContain('the server of the ledger is gone');
      const request = writer.seal(note('later'));
      await expect(store.append(request)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        help: expect.stringMatching(/^try again in \d+ ms$/),
      });
      await expect(collect(store.entries())).rejects.toEqual(UNAVAILABLE);
      await cluster.start();
      await expect.poll(() => store.problem(), { timeout: 15_000, interval: 50 }).toBeUndefined();
      await store.append(request);
    } finally {
      await cluster.start().catch(() => {});
    }
    expect(await collect(store.entries())).toHaveLength(2);
    await store.close();
  });

  test('closing does not wait for a server that is gone', async () => {
    const store = await openPostgresStore(await cluster.database());
    await cluster.stop();
    try {
      await store.close();
      await expect(store.append(new SessionWriter('late').seal(started))).rejects.toEqual(UNAVAILABLE);
    } finally {
      await cluster.start();
    }
  });

  test('loses nothing that was acknowledged when it crashes under load, and stores nothing twice', {
    timeout: 60_000,
  }, async () => {
    const store = await openPostgresStore(await cluster.database());
    const acknowledged = new Map<string, number>();
    let refused = 0;
    const load = new AbortController();
    const work = async (session: string): Promise<void> => {
      let writer = new SessionWriter(session);
      while (!load.signal.aborted) {
        try {
          await store.append(
            writer.seal(
              ...((writer.head === undefined ? [started] : toolCall(`c${writer.head}`)) as [typeof started]),
            ),
          );
          acknowledged.set(session, writer.snapshot.events);
        } catch (error) {
          expect(codeOf(error)).toBe('STORE_UNAVAILABLE');
          refused += 1;
          await sleep(20);
          writer = await resumed(store, session).catch(() => writer);
        }
      }
    };
    const workers = Array.from({ length: 16 }, (_, i) => work(`ses_${i}`));
    // Comes new into every outage, while those above wait for what is under way.
    const newcomers = (async () => {
      for (let i = 0; !load.signal.aborted; i++) {
        const writer = new SessionWriter(`new_${i}`);
        void store.append(writer.seal(started)).then(
          () => acknowledged.set(`new_${i}`, 1),
          (error: unknown) => {
            expect(codeOf(error)).toBe('STORE_UNAVAILABLE');
            refused += 1;
          },
        );
        await sleep(5);
      }
    })();
    for (let crash = 0; crash < 3; crash++) {
      await sleep(300);
      await cluster.restart();
    }
    await expect.poll(() => store.problem(), { timeout: 15_000, interval: 50 }).toBeUndefined();
    await sleep(300);
    load.abort();
    await Promise.all([...workers, newcomers]);
    expect(refused).toBeGreaterThan(0);
    for (const [session, events] of acknowledged) {
      const stored = await collect(store.session('acme', session));
      expect(stored.length).toBeGreaterThanOrEqual(events);
      // One request is one tool call of five events: it is there as a whole or not at all.
      expect(stored.length % 5).toBe(1);
    }
    expect(acknowledged.size).toBeGreaterThan(16);
    expect(await findingsOf(store)).toEqual([]);
    await store.close();
  });

  test('is not written to when it has lost what it had acknowledged', async () => {
    const dsn = await cluster.database();
    const store = await openPostgresStore(dsn);
    const writer = new SessionWriter('ses_1');
    await store.append(writer.seal(started, note('a')));
    // As a standby that was promoted before it had everything.
    await sql(
      dsn,
      'SET session_replication_role = replica',
      'DELETE FROM aegis.event WHERE position = 2',
      'UPDATE aegis.session SET next_seq = 1, newest = 1',
      'UPDATE aegis.log SET position = 1',
    );
    const other = new SessionWriter('ses_2');
    await expect(store.append(other.seal(started))).rejects.toMatchObject({
      message: 'the server has lost events that were acknowledged: positions 2 to 2',
    });
    await store.close();
  });
});
