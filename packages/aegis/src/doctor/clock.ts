import { type Check, ok, problem } from './check.ts';

/** The day on which this was written: no clock that is right is before it. */
const WRITTEN_MS = Date.UTC(2026, 10, 21);

/** Whether the clock can be right, and is not before what the ledger has recorded. */
export function clock(nowMs: () => number, newestMs: () => Promise<number | undefined>): Check {
  return {
    name: 'clock',
    async run() {
      const now = nowMs();
      const newest = Math.max(WRITTEN_MS, (await newestMs()) ?? 0);
      const behind = newest - now;
      if (behind > 60_000) {
        return problem(
          `it says ${new Date(now).toISOString()}, and ${new Date(newest).toISOString()} is past already`,
          'set the clock: time windows, expiries and the order of events rest on it',
        );
      }
      return ok(new Date(now).toISOString());
    },
  };
}
