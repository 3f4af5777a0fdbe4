import type { ApproverRequirement } from './approver.ts';
import type { Reason } from './reason.ts';

/** What a rule says. */
export const EFFECTS = ['allow', 'deny', 'audit', 'require_approval'] as const;
export type Effect = (typeof EFFECTS)[number];

/** What a decision says: `audit` has become `allow` with a forced record. */
export type DecisionEffect = 'allow' | 'require_approval' | 'deny';

export const MODES = ['enforce', 'shadow'] as const;
export type Mode = (typeof MODES)[number];

/** What enforcement must do, or else deny. */
export interface Obligations {
  /** Kinds of personal data to mask in the result (`email`, `phone`, ...). */
  readonly mask: readonly string[];
  /** Wall time given to the upstream, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest result that may be released, in bytes of its JSON text. */
  readonly maxOutputBytes: number;
  /** Labels that the result is given besides its own; absent for none. */
  readonly labels?: readonly string[];
}

/** The answer of the policy decision point. `reasons` is never empty; the first one is the deciding one. */
export interface Decision {
  readonly effect: DecisionEffect;
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly obligations: Obligations;
  /** Name of the rule that decided, where one did. */
  readonly rule?: string;
  /** SHA-256 (hex) of the canonical policy that decided. */
  readonly policyDigest: string;
  /** In `shadow` the decision is made and recorded, and the call goes on. */
  readonly mode: Mode;
  /** Whose word is needed, where rules that ask say it: all of these. */
  readonly approvers?: readonly ApproverRequirement[];
  /** True when a rule said `audit` or `log = true`: the record is mandatory and marked. */
  readonly audit: boolean;
}
