import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycleBefore } from '../../src/loop/cycle.ts';

const calls = (text: string) => [...text];

describe('a repeating sequence of calls', () => {
  test('is seen when the next call would begin it once more', () => {
    expect(cycleBefore(calls('xababab'), 'a', 3)).toBe(2);
    expect(cycleBefore(calls('abcabc'), 'a', 2)).toBe(3);
    expect(cycleBefore(calls('ababab'), 'b', 3)).toBeUndefined();
    expect(cycleBefore(calls('abab'), 'a', 3)).toBeUndefined();
  });

  test('is none when the rounds differ, or when it is one call alone', () => {
    expect(cycleBefore(calls('abacab'), 'a', 2)).toBeUndefined();
    expect(cycleBefore(calls('aaaaaaaa'), 'a', 3)).toBeUndefined();
  });

  test('is found from wherever it began, as soon as its last round is whole', () => {
    const round = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        round,
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.constantFrom('x', 'y')),
        (one, times, before) => {
          const recent = [...before, ...Array.from({ length: times }, () => one).flat()];
          expect(cycleBefore(recent, one[0] ?? '', times)).toBe(one.length);
        },
      ),
    );
  });
});
