/** The MCP revision that is offered to upstreams, and to a client that asks for an unknown one. */
export const LATEST_REVISION = '2025-11-25';

/**
 * Revisions spoken with clients. 2025-03-26 is left out because it has JSON-RPC batches, and
 * 2024-11-05 because its HTTP transport is another one.
 */
export const CLIENT_REVISIONS: readonly string[] = [LATEST_REVISION, '2025-06-18'];

/** Revisions in which an upstream may answer. */
export const UPSTREAM_REVISIONS: readonly string[] = [
  LATEST_REVISION,
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
];
