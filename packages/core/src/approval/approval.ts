import type { ApproverRequirement } from '../model/approver.ts';

/** A call that a person was asked about, as the events give it. Times are Unix milliseconds. */
export interface Approval {
  /** `apr_...` */
  readonly id: string;
  readonly tenant: string;
  readonly session: string;
  readonly callId: string;
  readonly agent: string;
  /** On whose behalf the agent acts. */
  readonly user: string;
  /** MAC over `bindingText`, hex. */
  readonly binding: string;
  readonly approvers: readonly ApproverRequirement[];
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  /** Where its first event stands in the log. */
  readonly position: number;
  /** In the order of the log. */
  readonly votes: readonly Vote[];
  /** The call that ran on its strength; undefined while none did. */
  readonly usedBy: string | undefined;
}

/** What one person said. */
export interface Vote {
  readonly by: string;
  readonly roles: readonly string[];
  readonly approved: boolean;
  readonly atMs: number;
  /** Through which door it came: `cli`, `page`, `client`. */
  readonly door: string;
  readonly why: string | undefined;
  /** Whether the person gave other arguments, which stand beside the event at `position`. */
  readonly edited: boolean;
  readonly position: number;
}

/** How an approval stands. */
export type Standing =
  | { readonly kind: 'pending'; readonly missing: number }
  | { readonly kind: 'approved'; readonly votes: readonly [Vote, ...Vote[]] }
  | { readonly kind: 'refused'; readonly vote: Vote }
  | { readonly kind: 'used'; readonly votes: readonly [Vote, ...Vote[]]; readonly callId: string }
  | { readonly kind: 'expired' };
