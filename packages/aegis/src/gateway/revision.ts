/** The newest MCP revision with sessions: offered to upstreams, and to a client that asks for an unknown one. */
export const LATEST_REVISION = '2025-11-25';

/** The revisions with sessions, the newest first: each opens with `initialize`. */
export const SESSION_REVISIONS = [LATEST_REVISION, '2025-06-18', '2025-03-26', '2024-11-05'] as const;
export type SessionRevision = (typeof SESSION_REVISIONS)[number];

/** Whether a revision is one with sessions. */
export function isSessionRevision(revision: unknown): revision is SessionRevision {
  return SESSION_REVISIONS.some((known) => known === revision);
}

/** Whether a revision is at least as new as another one: their names are dates. */
export function isSince(revision: SessionRevision, first: SessionRevision): boolean {
  return revision >= first;
}
