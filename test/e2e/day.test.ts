import { describe, expect, it } from 'vitest';
import { DAY, SENDS, type Step } from './day.ts';
import { DayRun, type Kills, type Seen } from './day-run.ts';

/** So often is the daemon killed in one day. */
const KILLS = 4;

/** The same numbers for the same seed (mulberry32), from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function killsOf(seed: number): Kills {
  const next = numbers(seed);
  const kills = new Map<number, number>();
  while (kills.size < KILLS) kills.set(Math.floor(next() * DAY.length), next() * 25);
  return kills;
}

/** Everything but what the step itself is about. */
function unaffected({ sessions, approvals, grants, killed }: Seen, step: Step): object {
  const agent = step.kind === 'call' ? step.agent : '';
  const asks = step.kind === 'answer' || agent === 'buyer';
  return {
    sessions: sessions.filter((session) => session['agent'] !== agent && step.kind !== 'switch'),
    ...(asks ? {} : { approvals, grants }),
    ...(step.kind === 'switch' ? {} : { killed }),
  };
}

const isSend = (step: Step | undefined): boolean => step?.kind === 'call' && step.tool === 'send';

/** What the day comes to where nothing is killed. A lost lease can cost a send, and never gives one. */
function settled(outcomes: readonly string[]): readonly string[] {
  return outcomes.filter((_, number) => !isSend(DAY[number]));
}

const sendsIn = (outcomes: readonly string[]): number =>
  outcomes.filter((outcome, number) => isSend(DAY[number]) && outcome === 'ran').length;

const statuses = (all: readonly { readonly status: string }[]): readonly string[] =>
  all.map(({ status }) => status);

describe('a day in which the daemon is killed at any moment', () => {
  it('comes to the same as one in which it is not', { timeout: 300_000 }, async () => {
    const calm = new DayRun();
    await calm.start();
    const wanted = await calm.live(new Map());
    const end = await calm.see();
    await calm.end();
    expect(new Set(wanted)).toEqual(
      new Set([
        ...['ran', 'answered', 'switched', 'KILLED', 'RATE_LIMITED', 'BUDGET_EXCEEDED', 'LOOP_DETECTED'],
        ...[
          'APPROVAL_REQUIRED',
          'APPROVAL_DENIED',
          'TAINTED_TO_HIGH_RISK',
          'PRECONDITION_FAILED',
          'POLICY_DENY',
        ],
      ]),
    );
    expect(sendsIn(wanted)).toBe(SENDS);

    const seed = Number(process.env['AEGIS_DAY_SEED'] ?? '7');
    const wild = new DayRun();
    await wild.start();
    try {
      const outcomes = await wild.live(killsOf(seed), (before, after, step) =>
        expect([step, unaffected(after, step)]).toEqual([step, unaffected(before, step)]),
      );
      expect(settled(outcomes)).toEqual(settled(wanted));
      expect(sendsIn(outcomes)).toBeLessThanOrEqual(SENDS);
      expect(sendsIn(outcomes)).toBeGreaterThanOrEqual(SENDS - KILLS);
      const seen = await wild.see();
      expect(statuses(seen.approvals)).toEqual(statuses(end.approvals));
      expect(statuses(seen.grants)).toEqual(statuses(end.grants));
      expect(seen.killed).toBe(end.killed);
      expect(await wild.verified()).toBe(true);
    } finally {
      await wild.end();
    }
  });
});
