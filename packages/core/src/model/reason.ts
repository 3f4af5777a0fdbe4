/**
 * Reason codes: the closed, published list of why a decision was made.
 *
 * A code is never renamed and never reused; agents, tests and auditors match on it.
 */
export const REASON_CODES = [
  'OK',
  'POLICY_ALLOW',
  'POLICY_DENY',
  'DEFAULT_DENY',
  'PERMISSION_UNDECLARED',
  'EGRESS_DENY',
  'EXEC_DENY',
  'FS_DENY',
  'BUDGET_EXCEEDED',
  'RATE_LIMITED',
  'LOOP_DETECTED',
  'KILLED',
  'TAINTED_TO_HIGH_RISK',
  'GUARD_SQL',
  'GUARD_SHELL',
  'GUARD_PATH',
  'GUARD_SSRF',
  'GUARD_PROMPT',
  'GUARD_PII',
  'GUARD_SECRET',
  'THREAT_SCORE',
  'PRECONDITION_FAILED',
  'APPROVAL_REQUIRED',
  'APPROVAL_DENIED',
  'APPROVAL_EXPIRED',
  'TOOL_UNKNOWN',
  'TOOL_CHANGED',
  'UPSTREAM_FAILED',
  'TIMEOUT',
  'OUTPUT_TOO_LARGE',
  'PROTOCOL_VIOLATION',
  'LEDGER_UNAVAILABLE',
  'INTERNAL_ERROR',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** The fixed phases of a decision, in the order in which they are asked. */
export const PHASES = [
  'manifest',
  'limits',
  'guards',
  'taint',
  'rules',
  'preconditions',
  'approval',
  'obligations',
] as const;

export type Phase = (typeof PHASES)[number];

/** Why: one statement of a decision. `message` and `remedy` may be shown to the agent. */
export interface Reason {
  readonly code: ReasonCode;
  /** The phase that spoke, or `enforce` when the enforcement point did (an error, a timeout). */
  readonly phase: Phase | 'enforce';
  /** Name of the rule that fired, where one did. */
  readonly rule?: string;
  readonly message: string;
  /** What would be allowed instead, in words for the agent. */
  readonly remedy?: string;
  /** Of a loop: the fingerprints of the calls of one round, in their order. For the record. */
  readonly cycle?: readonly string[];
  /** After how many milliseconds the same call could be allowed; absent where time changes nothing. */
  readonly retryAfterMs?: number;
  /** The agent for whom it is said, where that is not the one that calls. */
  readonly onBehalfOf?: string;
  /** Said by what is in shadow and takes no part in the decision. */
  readonly inShadow?: true;
}
