import { http } from '../../../http.ts';
import { UpstreamError } from '../../../ports.ts';
import type { ServerDescription } from '../server.ts';

/** One initialised session with an HTTP upstream. */
export interface HttpSession {
  readonly description: ServerDescription;
  readonly id: string | undefined;
  /** Headers of every request of this session, credentials included. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that belong to the transport; a configured value would break it or smuggle. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers that a server is sent with every request. Throws `UpstreamError` (`unavailable`) for one
 * that HTTP cannot carry; the message never repeats a value.
 */
export function requestHeaders(
  server: string,
  configured: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(configured)) {
    const lower = name.toLowerCase();
    try {
      http.validateHeaderName(lower);
      http.validateHeaderValue(lower, value);
    } catch {
      throw new UpstreamError(
        'unavailable',
        `header \`${name}\` of server \`${server}\` is not a legal header`,
      );
    }
    if (RESERVED.has(lower)) {
      throw new UpstreamError(
        'unavailable',
        `header \`${name}\` of server \`${server}\` cannot be configured`,
      );
    }
    headers[lower] = value;
  }
  headers['accept'] = 'application/json, text/event-stream';
  headers['content-type'] = 'application/json';
  return headers;
}

/** Throws `UpstreamError` (`protocol`) when the id is not the visible ASCII that MCP asks for. */
export function openHttpSession(
  server: string,
  description: ServerDescription,
  id: string | undefined,
  headers: Readonly<Record<string, string>>,
): HttpSession {
  if (id !== undefined && !/^[!-~]{1,1024}$/.test(id)) {
    throw new UpstreamError('protocol', `server \`${server}\` gave a session id that is not visible ASCII`);
  }
  return {
    description,
    id,
    headers: {
      ...headers,
      'mcp-protocol-version': description.protocolVersion,
      ...(id === undefined ? {} : { 'mcp-session-id': id }),
    },
  };
}
