/** Bounds on one client's session. */
export interface SessionLimits {
  /** Requests that are being worked on at the same time. */
  readonly maxInFlight: number;
  /** Items of one page of a list. */
  readonly pageSize: number;
  /** Tasks that go on, or whose results are kept. */
  readonly maxTasks: number;
}

export const SESSION_LIMITS: SessionLimits = { maxInFlight: 256, pageSize: 250, maxTasks: 32 };
