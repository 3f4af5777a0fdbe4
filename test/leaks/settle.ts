import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Reads again and again until the value is the one that is wanted, or the time is up; the last reading in
 * both cases, for the test to judge.
 */
export async function settle<T>(
  read: () => T,
  isWanted: (value: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = read();
    if (isWanted(value) || performance.now() > end) return value;
    await sleep(100);
  }
}
