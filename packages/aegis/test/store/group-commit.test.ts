import { setImmediate } from 'node:timers/promises';
import type { AegisError } from '@aegis/core';
import { describe, expect, test } from 'vitest';
import type { AppendRequest } from '../../src/ports.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';
import { note, SessionWriter, started } from './session-writer.ts';

const LIMITS = { maxBatchEvents: 4, maxWaitingEvents: 100, maxWaitingBytes: 1_000_000 };

const single = (session: string): AppendRequest => new SessionWriter(session).seal(started);

describe('group commit', () => {
  test('everything that waits shares one transaction, up to the cap', async () => {
    const batches: number[] = [];
    const queue = new GroupCommit((batch) => {
      batches.push(batch.length);
      return batch.map(() => undefined);
    }, LIMITS);
    await Promise.all(Array.from({ length: 10 }, (_, i) => queue.append(single(`s${i}`))));
    expect(batches).toEqual([4, 4, 2]);
  });

  test('a request larger than the cap has a transaction of its own and is never divided', async () => {
    const batches: number[] = [];
    const queue = new GroupCommit((batch) => {
      batches.push(batch.reduce((events, { entries }) => events + entries.length, 0));
      return batch.map(() => undefined);
    }, LIMITS);
    const large = new SessionWriter('large').seal(started, ...Array.from({ length: 9 }, () => note('x')));
    await Promise.all([queue.append(single('a')), queue.append(large), queue.append(single('b'))]);
    expect(batches).toEqual([1, 10, 1]);
  });

  test('an append is acknowledged only after its transaction has ended', async () => {
    const order: string[] = [];
    const queue = new GroupCommit((batch) => {
      order.push('committed');
      return batch.map(() => undefined);
    }, LIMITS);
    await queue.append(single('a')).then(() => order.push('acknowledged'));
    expect(order).toEqual(['committed', 'acknowledged']);
  });

  test('an append is acknowledged only after it is on the disk, and what comes meanwhile goes there together', async () => {
    const order: string[] = [];
    const flushes: (() => void)[] = [];
    const queue = new GroupCommit(
      (batch) => {
        order.push(`committed ${batch.length}`);
        return batch.map(() => undefined);
      },
      LIMITS,
      () => new Promise((resolve) => flushes.push(resolve)),
    );
    const append = (session: string): Promise<unknown> =>
      queue.append(single(session)).then(() => order.push(`acknowledged ${session}`));
    const first = append('a');
    await setImmediate();
    const later = [append('b'), append('c')];
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    expect(order).toEqual(['committed 1']);
    flushes.shift()?.();
    await first;
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    expect(order).toEqual(['committed 1', 'acknowledged a', 'committed 2']);
    const drained = queue.drained().then(() => order.push('drained'));
    flushes.shift()?.();
    await Promise.all([...later, drained]);
    expect(order.slice(3)).toEqual(['acknowledged b', 'acknowledged c', 'drained']);
    expect(flushes).toEqual([]);
  });

  test('a flush that fails fails everyone who waits for it', async () => {
    const queue = new GroupCommit(
      (batch) => batch.map(() => undefined),
      LIMITS,
      () => Promise.reject(new Error('the disk failed')),
    );
    const results = await Promise.allSettled([queue.append(single('a')), queue.append(single('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(queue.problem).toBe('the disk failed');
    await queue.drained();
  });

  test('a failed transaction fails everyone in it, and the queue goes on', async () => {
    let failures = 1;
    const queue = new GroupCommit((batch) => {
      if (failures-- > 0) throw new Error('no space');
      return batch.map(() => undefined);
    }, LIMITS);
    const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((s) => queue.append(single(s))));
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 4 }, () => 'rejected'),
      'fulfilled',
    ]);
  });

  test('who is refused for want of room hears when there will be some', async () => {
    const queue = new GroupCommit((batch) => batch.map(() => undefined), { ...LIMITS, maxWaitingEvents: 3 });
    await queue.append(single('warm'));
    const all = ['a', 'b', 'c', 'd'].map((name) => queue.append(single(name)));
    const refused = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected');
    const error = refused?.status === 'rejected' ? (refused.reason as AegisError) : undefined;
    expect(error?.message).toBe('the ledger is behind: 3 events are waiting');
    expect(error?.retryAfterMs).toBeGreaterThanOrEqual(10);
    expect(error?.help).toBe(`try again in ${error?.retryAfterMs} ms`);
    await expect(queue.append(single('later'))).resolves.toBeUndefined();
  });

  test('room is given back when what waited is written or failed', async () => {
    let fail = true;
    const queue = new GroupCommit(
      (batch) => {
        if (fail) throw new Error('no space');
        return batch.map(() => undefined);
      },
      { ...LIMITS, maxWaitingEvents: 1 },
    );
    await expect(queue.append(single('a'))).rejects.toThrow('no space');
    fail = false;
    await queue.append(single('b'));
    await queue.append(single('c'));
  });

  test('everything that waits is committed at once when it has to be', async () => {
    const batches: number[] = [];
    const queue = new GroupCommit((batch) => {
      batches.push(batch.length);
      return batch.map(() => undefined);
    }, LIMITS);
    const appends = Array.from({ length: 6 }, (_, i) => queue.append(single(`s${i}`)));
    queue.flush();
    expect(batches).toEqual([4, 2]);
    await Promise.all(appends);
    await queue.append(single('later'));
    expect(batches).toEqual([4, 2, 1]);
  });

  test('is drained when nothing waits any more', async () => {
    let committed = 0;
    const queue = new GroupCommit((batch) => {
      committed += batch.length;
      return batch.map(() => undefined);
    }, LIMITS);
    await queue.drained();
    const appends = Array.from({ length: 9 }, (_, i) => queue.append(single(`s${i}`)));
    await queue.drained();
    expect(committed).toBe(9);
    await Promise.all(appends);
  });
});
