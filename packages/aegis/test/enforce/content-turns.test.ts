import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ContentTurns } from '../../src/enforce/content-turns.ts';
import { createHarness, reply } from './harness.ts';

describe('turns on the contents of a server', () => {
  it('let many change it beside each other, and one rely on it alone, in order of arrival', async () => {
    const turns = new ContentTurns();
    const order: string[] = [];
    const act = async (name: string, turn: 'shared' | 'alone'): Promise<void> => {
      const leave = await turns.take(new Map([['data', turn]]));
      order.push(`${name} begins`);
      await sleep(5);
      order.push(`${name} ends`);
      leave();
      leave();
    };
    await Promise.all([act('a', 'shared'), act('b', 'shared'), act('c', 'alone'), act('d', 'shared')]);
    expect(order.slice(0, 2)).toEqual(['a begins', 'b begins']);
    expect(order.slice(4)).toEqual(['c begins', 'c ends', 'd begins', 'd ends']);
  });

  it('on two servers never wait for each other in a circle', async () => {
    const turns = new ContentTurns();
    let done = 0;
    const act = async (names: readonly string[]): Promise<void> => {
      const leave = await turns.take(new Map(names.map((name) => [name, 'alone'])));
      await sleep(1);
      leave();
      done++;
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => act(n % 2 === 0 ? ['a', 'b'] : ['b', 'a'])));
    expect(done).toBe(20);
  });
});

describe('while content is validated', () => {
  it('no call of ours can change it', async () => {
    const harness = await createHarness();
    const [session, other] = [await harness.open(), await harness.open()];
    harness.contents.set('k', 'clean');
    let written = false;
    let during: boolean | undefined;
    let writing: Promise<unknown> | undefined;
    const validated = harness.call(session, 'validate', { key: 'k' }, async () => {
      writing = harness.call(other, 'query', { sql: 'update t set a = 1 where id = 1' }, async () => {
        written = true;
        harness.contents.set('k', 'changed');
        return reply({});
      });
      await sleep(20);
      during = written;
      return reply({ valid: true });
    });
    expect(await validated).toMatchObject({ kind: 'result' });
    await writing;
    expect({ during, written }).toEqual({ during: false, written: true });
    // The receipt is for what was there; what is there now is something else.
    expect(await harness.call(session, 'promote', { key: 'k' })).toMatchObject({
      kind: 'denied',
      denial: { code: 'PRECONDITION_FAILED' },
    });
  });

  it('calls that only read go on', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const validated = harness.call(session, 'validate', { key: 'k' }, async () => {
      expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
      return reply({ valid: true });
    });
    expect(await validated).toMatchObject({ kind: 'result' });
  });
});

describe('content that changed after the decision', () => {
  it('stops the call before it runs, and the record says so', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    harness.contents.set('k', 'clean');
    await harness.call(session, 'validate', { key: 'k' }, () => Promise.resolve(reply({ valid: true })));
    let ran = false;
    const before = (await harness.events(session)).length;
    const [, promoted] = await Promise.all([
      harness.call(session, 'query', { sql: 'update t set a = 1 where id = 1' }, async () => {
        await sleep(20);
        harness.contents.set('k', 'personal data');
        return reply({});
      }),
      harness.call(session, 'promote', { key: 'k' }, () => {
        ran = true;
        return Promise.resolve(reply({}));
      }),
    ]);
    expect(promoted).toMatchObject({ kind: 'denied', denial: { code: 'PRECONDITION_FAILED' } });
    expect(ran).toBe(false);
    const last = (await harness.events(session)).slice(before).at(-1);
    expect(last).toMatchObject({
      type: 'TOOL_RESULT',
      payload: { outcome: 'failed', code: 'PRECONDITION_FAILED' },
    });
  });
});
