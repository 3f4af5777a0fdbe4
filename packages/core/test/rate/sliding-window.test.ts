import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlidingWindow } from '../../src/rate/sliding-window.ts';

const START_MS = 1_800_000_000_000;

/** Calls that are let through whenever the window says that one more is free. */
function letThrough(most: number, windowMs: number, gaps: readonly number[]): number[] {
  const window = new SlidingWindow(windowMs);
  const taken: number[] = [];
  let nowMs = START_MS;
  for (const gap of gaps) {
    nowMs += gap;
    if (window.waitMs(most, nowMs) > 0) continue;
    window.add(nowMs);
    taken.push(nowMs);
  }
  return taken;
}

describe('a sliding window', () => {
  test('lets exactly so many calls through, and the next one when the first has left', () => {
    const window = new SlidingWindow(60_000);
    for (let i = 0; i < 10; i++) window.add(START_MS + i * 1_000);
    expect(window.waitMs(10, START_MS + 10_000)).toBe(50_000);
    expect(window.waitMs(11, START_MS + 10_000)).toBe(0);
    expect(window.count(START_MS + 60_000)).toBe(9);
    expect(window.waitMs(10, START_MS + 60_000)).toBe(0);
    expect(window.count(START_MS + 69_000)).toBe(0);
  });

  test('never holds more calls in any stretch of its length than were asked for', () => {
    const schedule = fc.record({
      most: fc.integer({ min: 1, max: 12 }),
      windowMs: fc.integer({ min: 100, max: 5_000 }),
      gaps: fc.array(fc.nat({ max: 400 }), { maxLength: 300 }),
    });
    fc.assert(
      fc.property(schedule, ({ most, windowMs, gaps }) => {
        const taken = letThrough(most, windowMs, gaps);
        for (const [index, from] of taken.entries()) {
          const within = taken.slice(index).filter((at) => at - from < windowMs).length;
          expect(within).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  test('forgets a call at most a sixty-fourth of its length too late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 640, max: 6_400 }),
        fc.array(fc.nat({ max: 500 }), { maxLength: 100 }),
        (windowMs, gaps) => {
          const window = new SlidingWindow(windowMs);
          const times: number[] = [];
          let nowMs = START_MS;
          for (const gap of gaps) {
            nowMs += gap;
            window.add(nowMs);
            times.push(nowMs);
            const oldest = nowMs - windowMs - windowMs / 64;
            expect(window.count(nowMs)).toBeLessThanOrEqual(times.filter((at) => at > oldest).length);
          }
        },
      ),
    );
  });

  test('gives nothing back when the clock is set back', () => {
    const window = new SlidingWindow(1_000);
    window.add(START_MS);
    window.add(START_MS - 3_600_000);
    expect(window.count(START_MS + 999)).toBe(2);
  });

  test('of a limit of none is never free', () => {
    expect(new SlidingWindow(1_000).waitMs(0, START_MS)).toBe(Number.POSITIVE_INFINITY);
  });
});
