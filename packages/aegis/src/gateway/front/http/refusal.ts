import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import { errorText, INVALID_REQUEST } from '../../jsonrpc.ts';
import { refusalText } from '../session/refusal.ts';
import { sendJson } from './reply.ts';
import type { Refused } from './request-rules.ts';

/**
 * Refuses a request of which nothing is recorded: strangers must not be able to fill the ledger, and a
 * session that is no more is the client's to open again.
 */
export function refuseUnheard(
  response: ServerResponse,
  { status, message }: Refused,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = errorText(null, INVALID_REQUEST, message);
  sendJson(response, status, text, { ...headers, ...unread(response.req) });
}

/** Refuses a request of a known caller: one record, and one JSON-RPC error with the HTTP status. */
export async function refuseHeard(
  response: ServerResponse,
  kernel: Kernel,
  session: SessionHandle | Caller,
  { status, message }: Refused,
): Promise<void> {
  const request = response.req;
  const method = `http/${request.method ?? ''}`;
  const text = await refusalText(kernel, session, { id: null, method, code: INVALID_REQUEST, message });
  sendJson(response, status, text, unread(request));
}

// The rest of a body that is not wanted is not read: the connection ends with the answer.
function unread(request: IncomingMessage): Readonly<Record<string, string>> {
  return request.complete ? {} : { Connection: 'close' };
}
