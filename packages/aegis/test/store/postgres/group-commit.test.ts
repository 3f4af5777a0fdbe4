import { describe, expect, test } from 'vitest';
import type { AppendRequest } from '../../../src/ports.ts';
import { GroupCommit } from '../../../src/store/postgres/group-commit.ts';
import { note, SessionWriter, started } from '../session-writer.ts';

const LIMITS = { maxBatchEvents: 4, maxWaitingEvents: 100, maxWaitingBytes: 1_000_000 };

const single = (session: string): AppendRequest => new SessionWriter(session).seal(started);

/** A flush that ends when it is told to. */
function flushes() {
  const batches: number[] = [];
  let under = 0;
  let most = 0;
  let end: (() => void) | undefined;
  const commit = async (batch: readonly AppendRequest[]) => {
    batches.push(batch.length);
    under += 1;
    most = Math.max(most, under);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    under -= 1;
    return batch.map(() => undefined);
  };
  const next = async (): Promise<void> => {
    await expect.poll(() => end, { interval: 1 }).toBeDefined();
    const ending = end;
    end = undefined;
    ending?.();
  };
  return { batches, commit, next, mostAtOnce: () => most };
}

describe('group commit over a network', () => {
  test('has one flush at a time, and everything that comes meanwhile shares the next one', async () => {
    const { batches, commit, next, mostAtOnce } = flushes();
    const queue = new GroupCommit(commit, LIMITS);
    const first = queue.append(single('a'));
    await expect.poll(() => batches).toEqual([1]);
    const rest = ['b', 'c', 'd'].map((session) => queue.append(single(session)));
    await next();
    await first;
    await next();
    await Promise.all(rest);
    expect(batches).toEqual([1, 3]);
    expect(mostAtOnce()).toBe(1);
  });

  test('a request larger than the cap has a transaction of its own and is never divided', async () => {
    const batches: number[] = [];
    const queue = new GroupCommit<AppendRequest>(async (batch) => {
      batches.push(batch.reduce((events, { entries }) => events + entries.length, 0));
      return batch.map(() => undefined);
    }, LIMITS);
    const large = new SessionWriter('large').seal(started, ...Array.from({ length: 9 }, () => note('x')));
    await Promise.all([queue.append(single('a')), queue.append(large), queue.append(single('b'))]);
    expect(batches).toEqual([1, 10, 1]);
  });

  test('a failed flush fails everyone in it, and the queue goes on', async () => {
    let failures = 1;
    const queue = new GroupCommit<AppendRequest>(async (batch) => {
      if (failures-- > 0) throw new Error('no space');
      return batch.map(() => undefined);
    }, LIMITS);
    const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((s) => queue.append(single(s))));
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 4 }, () => 'rejected'),
      'fulfilled',
    ]);
    await queue.append(single('f'));
  });

  test('is drained when nothing waits and nothing is under way', async () => {
    const { batches, commit, next } = flushes();
    const queue = new GroupCommit(commit, LIMITS);
    await queue.drained();
    const order: string[] = [];
    const appends = Array.from({ length: 6 }, (_, i) => queue.append(single(`s${i}`)));
    const draining = (async () => {
      await queue.drained();
      order.push('drained');
    })();
    await next();
    await Promise.all(appends.slice(0, 4));
    order.push('half');
    await next();
    await draining;
    expect(order).toEqual(['half', 'drained']);
    await Promise.all(appends);
    expect(batches).toEqual([4, 2]);
  });
});
