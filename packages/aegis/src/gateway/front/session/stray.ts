/** What led to nothing in one session. */
export interface FrontStrayCounts {
  /** Answers of the client to nothing that is being asked of it: invented, late, or given twice. */
  responses: number;
  /** Notifications of the client that mean nothing here. */
  notifications: number;
  /** Questions of servers that were not even judged, being too many. */
  questions: number;
  /** Progress, log messages and news of servers that were too many, too large, or had no way to the client. */
  dropped: number;
}

export function noStray(): FrontStrayCounts {
  return { responses: 0, notifications: 0, questions: 0, dropped: 0 };
}
