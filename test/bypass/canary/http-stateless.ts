import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Canary, Line, Params } from './canary.ts';
import { presentedBy, sendEvent } from './http-message.ts';
import { type Listening, statelessAnswer } from './stateless.ts';

const REVISION = '2026-07-28';

export function isStateless(request: IncomingMessage, body: unknown): boolean {
  const { method } = (body ?? {}) as { method?: unknown };
  return request.headers['mcp-protocol-version'] === REVISION || method === 'server/discover';
}

/** Answers one POST of a gateway that speaks the revision without sessions. */
export async function serveStateless(
  canary: Canary,
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
): Promise<void> {
  const {
    id,
    method,
    params = {},
  } = (body ?? {}) as {
    id?: string | number;
    method?: string;
    params?: Params & Listening;
  };
  if (method === undefined) return void response.writeHead(202).end();
  const line: Line = {
    stateless: true,
    shared: false,
    presented: presentedBy(request),
    bearer: request.headers.authorization !== undefined,
    say: (message) => sendEvent(response, message),
    ask: () => Promise.resolve(undefined),
  };
  if (id === undefined) {
    // It runs what has no id as well, and keeps the answer for itself.
    await canary.answer({ id: 0, method, params }, line);
    return void response.writeHead(202).end();
  }
  const onEnd = (stop: () => void): void => void response.once('close', stop);
  const answers = await statelessAnswer(canary, { id, method, params }, line, onEnd);
  for (const answer of answers) sendEvent(response, answer);
  if (method !== 'subscriptions/listen') response.end();
}
