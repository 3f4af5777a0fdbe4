import { SESSION_LIMITS } from '../session/limits.ts';

/** Bounds on what clients without sessions make us keep. */
export interface ModernLimits {
  /** Requests of one run that are being worked on at the same time. */
  readonly maxInFlight: number;
  /** Items of one page of a list. */
  readonly pageSize: number;
  readonly maxRuns: number;
  /** One caller's share; its longest unused run makes room for a new one. */
  readonly maxRunsPerCaller: number;
  /** A run ends when nothing was asked in it for so long. */
  readonly idleMs: number;
  /** How long a client may take to answer what was asked of it. */
  readonly answerMs: number;
  /** Calls of one caller, and of all, whose server waits for an answer of the client. */
  readonly maxHeldPerCaller: number;
  readonly maxHeld: number;
  /** How long questions are collected before they are told together. */
  readonly graceMs: number;
  readonly maxSubscriptionsPerCaller: number;
  readonly keepAliveMs: number;
}

export const MODERN_LIMITS: ModernLimits = {
  maxInFlight: SESSION_LIMITS.maxInFlight,
  pageSize: SESSION_LIMITS.pageSize,
  maxRuns: 4_096,
  maxRunsPerCaller: 256,
  idleMs: 30 * 60_000,
  answerMs: 10 * 60_000,
  maxHeldPerCaller: 64,
  maxHeld: 1_024,
  graceMs: 25,
  maxSubscriptionsPerCaller: 32,
  keepAliveMs: 15_000,
};
