/** What becomes of a call that a loop detector stops. `slow_down`: it is denied until `delayMs` have gone by. */
export const LOOP_ACTIONS = ['deny', 'require_approval', 'slow_down'] as const;
export type LoopAction = (typeof LOOP_ACTIONS)[number];

export interface LoopThreshold {
  /** How often it may happen; the next time it is a loop. */
  readonly times: number;
  readonly action: LoopAction;
  /** Of `slow_down`: how long after the newest call of the session the next one may come, in milliseconds. */
  readonly delayMs?: number;
}

/** What is a loop besides the same call again. An absent member is looked for nowhere. */
export interface LoopSettings {
  /** The same call, arguments included; absent: denied after `max_identical_calls` of the limits. */
  readonly identical?: LoopThreshold;
  /** The same 2 to 8 calls, arguments included, one round after the other. */
  readonly sequence?: LoopThreshold;
  /** A tool that only reads gives the same answer, whatever it is asked, one time after the other. */
  readonly sameAnswer?: LoopThreshold;
  /** A tool fails, one time after the other. */
  readonly errors?: LoopThreshold;
}

/** The kinds of loops, as configurations call them. */
export const LOOP_KINDS = [
  'identical',
  'sequence',
  'sameAnswer',
  'errors',
] as const satisfies readonly (keyof LoopSettings)[];
export type LoopKind = (typeof LOOP_KINDS)[number];

/** Most calls in one round of a repeating sequence. */
export const MAX_CYCLE = 8;

/** Most rounds that can be asked for: so many of the longest are remembered. */
export const MAX_ROUNDS = 8;
