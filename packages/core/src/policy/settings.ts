import { AegisError } from '../errors.ts';
import type { Risk } from '../model/capability.ts';
import type { Mode } from '../model/decision.ts';
import type { TaintSettings } from '../taint/settings.ts';
import type { RateLimit } from '../rate/rate-limit.ts';
import type { GuardSettings } from './guard-settings.ts';
import type { ModelBudget } from '../budget/model-budget.ts';
import type { LoopSettings } from '../loop/loop-settings.ts';
import type { SequenceRule } from '../sequence/sequence.ts';
import { LOOP_WINDOW } from '../session/snapshot.ts';

/** What a session may spend, and what one call may take. */
export interface PolicyLimits {
  /** Governed actions of any method. */
  readonly maxSteps: number;
  readonly maxToolCalls: number;
  /** From the session's first event to the arrival of a request, in milliseconds. */
  readonly maxWallTimeMs: number;
  /** How often the same call (tool and arguments) may be made within the loop window. */
  readonly maxIdenticalCalls: number;
  /** Wall time given to an upstream for one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest result of one call, in bytes of its JSON text. */
  readonly maxOutputBytes: number;
}

export interface PolicySettings {
  /** In `shadow` decisions are made and recorded and calls go on; invariants are enforced all the same. */
  readonly mode: Mode;
  readonly limits: PolicyLimits;
  /** What a level of risk asks for on top of the rule that allows a call. */
  readonly risk: Readonly<Partial<Record<Risk, 'allow' | 'require_approval' | 'deny'>>>;
  /** What content leads to by itself; absent: nothing is scanned that no rule asks for. */
  readonly guards?: GuardSettings;
  /** What data that nobody vouches for leads to; absent: it is followed only where a rule asks. */
  readonly taint?: TaintSettings;
  /** How many calls there may be in a stretch of time; absent: as many as there are. */
  readonly rates?: readonly RateLimit[];
  /** What a session may spend on models. */
  readonly models?: ModelBudget;
  /** What is a loop besides the same call again. */
  readonly loops?: LoopSettings;
  /** What must not come after what. */
  readonly sequences?: readonly SequenceRule[];
  /** SHA-256 (hex) over the manifests that are in force with this policy. */
  readonly manifestsDigest: string;
}

export const DEFAULT_SETTINGS: PolicySettings = {
  mode: 'enforce',
  limits: {
    maxSteps: 24,
    maxToolCalls: 12,
    maxWallTimeMs: 120_000,
    maxIdenticalCalls: 5,
    timeoutMs: 30_000,
    maxOutputBytes: 1_048_576,
  },
  risk: {},
  manifestsDigest: '',
};

/**
 * Throws `POLICY_INVALID` for limits that could not be kept: anything but a whole number from 0, or
 * a loop threshold that the window of remembered calls can never reach.
 */
export function assertSettings({ limits }: PolicySettings): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new AegisError('POLICY_INVALID', `the limit \`${name}\` must be a whole number from 0`);
    }
  }
  if (limits.maxIdenticalCalls > LOOP_WINDOW) {
    throw new AegisError('POLICY_INVALID', `the limit \`maxIdenticalCalls\` can be at most ${LOOP_WINDOW}`);
  }
}
