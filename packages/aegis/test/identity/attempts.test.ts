import { describe, expect, it } from 'vitest';
import { Attempts } from '../../src/identity/attempts.ts';
import { sourceOf } from '../../src/identity/source.ts';

const MINUTE = 60_000;

function started() {
  const clock = { at: 1_000_000, now: () => clock.at };
  const attempts = new Attempts(clock);
  const fail = (times: number, source = 'a') => {
    let until: number | undefined;
    for (let n = 0; n < times; n++) until = attempts.failed(source);
    return until;
  };
  return { clock, attempts, fail };
}

describe('who guesses', () => {
  it('is locked out after ten failures within a minute, and nobody else is', () => {
    const { clock, attempts, fail } = started();
    expect(fail(9)).toBeUndefined();
    expect(attempts.lockedUntil('a')).toBeUndefined();
    expect(fail(1)).toBe(clock.at + MINUTE);
    expect(attempts.lockedUntil('a')).toBe(clock.at + MINUTE);
    expect(attempts.lockedUntil('b')).toBeUndefined();
    clock.at += MINUTE;
    expect(attempts.lockedUntil('a')).toBeUndefined();
  });

  it('is not for failures that are far between', () => {
    const { clock, fail } = started();
    for (let n = 0; n < 100; n++) {
      expect(fail(1)).toBeUndefined();
      clock.at += 7_000;
    }
  });

  it('is locked out longer each time, up to a quarter of an hour, until it keeps quiet', () => {
    const { clock, fail } = started();
    const minutes = [1, 2, 4, 8, 15, 15].map((expected) => {
      const until = fail(10) ?? 0;
      const locked = (until - clock.at) / MINUTE;
      clock.at = until;
      return [locked, expected];
    });
    for (const [locked, expected] of minutes) expect(locked).toBe(expected);
    clock.at += 15 * MINUTE;
    expect(fail(10)).toBe(clock.at + MINUTE);
  });

  it('fills no memory, from however many places', () => {
    const { attempts, fail } = started();
    fail(10, 'first');
    for (let n = 0; n < 10_000; n++) attempts.failed(`s${n}`);
    expect(attempts.lockedUntil('first')).toBeUndefined();
    expect(fail(9, 's9999')).toBeDefined();
  });
});

describe('where a connection comes from', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::1', '::1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s is %s', (address, source) => expect(sourceOf(address)).toBe(source));
});

it('a source that is spared is never locked out', () => {
  const attempts = new Attempts({ now: () => 1 }, (source) => source === '127.0.0.1');
  for (let n = 0; n < 100; n++) expect(attempts.failed('127.0.0.1')).toBeUndefined();
  expect(attempts.lockedUntil('127.0.0.1')).toBeUndefined();
  for (let n = 0; n < 10; n++) attempts.failed('10.0.0.1');
  expect(attempts.lockedUntil('10.0.0.1')).toBeDefined();
});
