import { describe, expect, it } from 'vitest';
import { call, child, failure, resultOf } from './called-child.ts';
import { isAlive, textOf, until } from './upstreams.ts';

describe('a stdio upstream', () => {
  it('is unavailable when its program does not exist', async () => {
    const upstream = child([], { command: ['/nonexistent/program'] });
    expect(await failure(upstream.start())).toBe('unavailable');
  });

  it('ends a child that floods a line, and starts it again', async () => {
    const upstream = child([], { restart: { maxExits: 2, windowMs: 60_000, backoffMs: 1 } });
    expect(await failure(call(upstream, 'flood'))).toBe('unavailable');
    expect(textOf(await resultOf(upstream, 'echo', { text: 'again' }))).toBe('again');
  });

  it('fails what a dying child leaves unanswered, and takes what it said last', async () => {
    const upstream = child([], { restart: { maxExits: 5, windowMs: 60_000, backoffMs: 1 } });
    const pending = failure(call(upstream, 'silence'));
    expect(await failure(call(upstream, 'die'))).toBe('unavailable');
    expect(await pending).toBe('unavailable');
    expect(textOf(await resultOf(upstream, 'answer-and-die'))).toBe('last words');
  });

  it('starts a child again until its budget of exits is spent', async () => {
    const upstream = child([], { restart: { maxExits: 2, windowMs: 60_000, backoffMs: 1 } });
    const first = textOf(await resultOf(upstream, 'pid'));
    expect(await failure(call(upstream, 'die'))).toBe('unavailable');
    expect(textOf(await resultOf(upstream, 'pid'))).not.toBe(first);
    expect(await failure(call(upstream, 'die'))).toBe('unavailable');
    expect(await failure(call(upstream, 'die'))).toBe('unavailable');
    await expect(call(upstream, 'pid')).rejects.toThrow('ended too often');
  });

  it('leaves no process behind, not even one that ignores SIGTERM in a grandchild', async () => {
    const upstream = child(['--stubborn']);
    const leader = Number(textOf(await resultOf(upstream, 'pid')));
    const grandchild = Number(textOf(await resultOf(upstream, 'grandchild')));
    expect([isAlive(leader), isAlive(grandchild)]).toEqual([true, true]);
    await upstream.close();
    await until('both are gone', () => !isAlive(leader) && !isAlive(grandchild));
    expect(() => process.kill(-leader, 0)).toThrow('ESRCH');
  });

  it('takes the grandchildren along when the child dies by itself', async () => {
    const upstream = child();
    const grandchild = Number(textOf(await resultOf(upstream, 'grandchild')));
    await failure(call(upstream, 'die'));
    await until('the grandchild is gone', () => !isAlive(grandchild));
    expect(() => process.kill(grandchild, 0)).toThrow('ESRCH');
  });

  it('counts a start that failed against the budget of exits', async () => {
    const restart = { maxExits: 1, windowMs: 60_000, backoffMs: 1 };
    const upstream = child(['--revision=1999-01-01'], { restart });
    expect(await failure(upstream.start())).toBe('protocol');
    expect(await failure(upstream.start())).toBe('protocol');
    await expect(upstream.start()).rejects.toThrow('ended too often');
  });

  it('ends a child that is unused, and starts another at the next call', async () => {
    const upstream = child([], { idleMs: 150, restart: { maxExits: 0, windowMs: 60_000, backoffMs: 1 } });
    const first = textOf(await resultOf(upstream, 'pid'));
    const late = resultOf(upstream, 'late');
    expect(textOf(await late)).toBe('late');
    expect(textOf(await resultOf(upstream, 'pid'))).toBe(first);
    await until('the child has ended', () => !isAlive(Number(first)));
    // That it was ended is no crash: with no exit allowed it is started all the same.
    expect(textOf(await resultOf(upstream, 'pid'))).not.toBe(first);
  });

  it('replaces a child that is old, once it has answered what it was asked', async () => {
    const upstream = child([], { maxLifetimeMs: 200 });
    await upstream.start();
    const [first, slow] = [textOf(await resultOf(upstream, 'pid')), resultOf(upstream, 'late')];
    await new Promise((resolve) => setTimeout(resolve, 220));
    const second = textOf(await resultOf(upstream, 'pid'));
    expect(second).not.toBe(first);
    expect(textOf(await slow)).toBe('late');
    await until('the old child has ended', () => !isAlive(Number(first)));
    expect(isAlive(Number(second))).toBe(true);
  });

  it('is unavailable when its program cannot even be spawned', async () => {
    const upstream = child([], { command: ['bad\0name'] });
    expect(await failure(upstream.start())).toBe('unavailable');
  });
});
