import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = 'POST, GET, DELETE';

/** Headers that a page may send; beside them everything that MCP itself names. */
const HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'content-type',
  'accept',
  'last-event-id',
  'aegis-run',
]);
const OF_MCP = /^mcp-[a-z0-9-]{1,64}$/;

const MAX_AGE_S = 600;

/**
 * Lets the page of an allowed origin read the answer (Fetch standard, CORS). Origins that are not allowed
 * have been refused before.
 */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', 'Mcp-Session-Id, WWW-Authenticate, Retry-After');
  response.setHeader('Vary', 'Origin');
}

/** Whether a request only asks what a page may do. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Answers it. It carries no credentials, so nobody is authenticated and nothing is recorded. */
export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  const asked = headers['access-control-request-headers'] ?? '';
  const allowed = asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => HEADERS.has(name) || OF_MCP.test(name));
  response.writeHead(204, {
    'Access-Control-Allow-Methods': METHODS,
    ...(allowed.length === 0 ? {} : { 'Access-Control-Allow-Headers': allowed.join(', ') }),
    'Access-Control-Max-Age': MAX_AGE_S,
    'Cache-Control': 'no-store',
  });
  response.end();
}
