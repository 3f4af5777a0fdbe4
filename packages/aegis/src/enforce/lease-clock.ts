/** A moment on two clocks, in milliseconds: one that is never set, and one that goes on while the machine sleeps. */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

export type LeaseClock = () => Moment;

export const machineClock: LeaseClock = () => ({ steady: performance.now(), wall: Date.now() });

/**
 * How long ago something was at most, in milliseconds.
 *
 * SECURITY: where the clocks do not agree the longer time counts, and a clock that was set back says nothing: then it
 * is longer than anything.
 */
export function longestSince(then: Moment, now: Moment): number {
  const wall = now.wall - then.wall;
  return wall < 0 ? Number.POSITIVE_INFINITY : Math.max(wall, now.steady - then.steady);
}
