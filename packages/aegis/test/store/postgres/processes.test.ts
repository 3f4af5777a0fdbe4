import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openPostgresStore, openPostgresView } from '../../../src/store/postgres.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { collect, note, SessionWriter, started } from '../session-writer.ts';
import { describePostgres } from './cluster.ts';

const program = fileURLToPath(new URL('../postgres-writer-process.ts', import.meta.url));

function startWriter(dsn: string, name: string, calls: number) {
  const child = spawn(process.execPath, ['--conditions=@aegis/source', program, dsn, name, String(calls)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** By session, the seq after the newest entry that was acknowledged. */
  const acknowledged = new Map<string, number>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [session = '', next] = line.split(' ');
    acknowledged.set(session, Number(next));
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, acknowledged, ended, firstAck: once(lines, 'line') };
}

async function verified(dsn: string) {
  const view = await openPostgresView(dsn);
  try {
    return await verifyLedger(view);
  } finally {
    await view.close();
  }
}

await describePostgres('several processes on one PostgreSQL ledger', (cluster) => {
  test('write at the same time and wait for each other', { timeout: 60_000 }, async () => {
    const dsn = await cluster.database();
    const writers = ['a', 'b', 'c'].map((name) => startWriter(dsn, name, 20));
    for (const { ended } of writers) expect(await ended).toBe(0);
    expect(await verified(dsn)).toMatchObject({ entries: 3 * 8 * 101, sessions: 24, findings: [] });
  });

  test('that are killed lose nothing that they had acknowledged, and leave a sound chain', {
    timeout: 60_000,
  }, async () => {
    const dsn = await cluster.database();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 4; round++) {
      const writer = startWriter(dsn, `round${round}`, 1_000_000);
      await writer.firstAck;
      await sleep(20 + Math.random() * 180);
      writer.child.kill('SIGKILL');
      await writer.ended;
      for (const [session, next] of writer.acknowledged) acknowledged.set(session, next);
    }
    expect(await verified(dsn)).toMatchObject({ findings: [] });
    expect(acknowledged.size).toBeGreaterThan(4);
    const store = await openPostgresStore(dsn);
    for (const [session, next] of acknowledged) {
      const stored = await collect(store.session('acme', session));
      expect(stored.length).toBeGreaterThanOrEqual(next);
      expect(stored.length % 5).toBe(1);
    }
    await store.close();
  });

  test('one that was paused for longer than its lease cannot write to the sessions that it has lost', async () => {
    const dsn = await cluster.database();
    const [paused, other] = await Promise.all([openPostgresStore(dsn), openPostgresStore(dsn)]);
    const now = Date.now();
    const writer = new SessionWriter('ses_1');
    await paused.leases.renew(now, now + 1);
    await paused.append(writer.seal(started));
    const late = new SessionWriter('ses_1');
    Object.assign(late, { snapshot: writer.snapshot, head: writer.head });
    // Both at once: whoever comes first, the session has one writer, and the chain one line.
    const [taken, first] = await Promise.allSettled([
      other.leases.takeOver(now + 1_000),
      paused.append(late.seal(note('too late, or just in time'))),
    ]);
    expect(taken).toMatchObject({ status: 'fulfilled', value: [{ tenant: 'acme', session: 'ses_1' }] });
    await expect(paused.append(late.seal(note('too late')))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    const owner = first.status === 'fulfilled' ? late : writer;
    if (first.status === 'fulfilled') {
      const [last] = (await collect(other.session('acme', 'ses_1'))).slice(-1);
      expect(last?.seq).toBe(1);
    } else {
      await other.append(owner.seal(note('taken over')));
    }
    expect(await collect(other.session('acme', 'ses_1'))).toHaveLength(2);
    await Promise.all([paused.close(), other.close()]);
    expect(await verified(dsn)).toMatchObject({ findings: [] });
  });
});
