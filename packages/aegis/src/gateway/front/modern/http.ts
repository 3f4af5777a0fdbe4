import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import { errorText, INVALID_REQUEST } from '../../jsonrpc.ts';
import { readBody } from '../http/body.ts';
import { decode } from '../decode.ts';
import { sendJson } from '../http/reply.ts';
import { postProblem } from '../http/request-rules.ts';
import type { ModernFront } from './front.ts';
import { HttpExchange } from './http-exchange.ts';

/** Where a request came in. */
export interface HttpEntry {
  readonly caller: Caller;
  /** What this endpoint offers. */
  readonly catalogue: CatalogueView;
  readonly maxBodyBytes: number;
}

/** Serves a request whose headers say that it speaks a revision without sessions: those are POSTs alone. */
export function serveModern(
  front: ModernFront,
  request: IncomingMessage,
  response: ServerResponse,
  { caller, catalogue, maxBodyBytes }: HttpEntry,
): void {
  if (request.method !== 'POST') {
    const message = 'this protocol version has nothing but POST';
    return sendJson(response, 405, errorText(null, INVALID_REQUEST, message), { Allow: 'POST' });
  }
  const exchange = new HttpExchange(request, response, caller, catalogue);
  const refuse = (status: number, message: string): void => {
    void front.refuse('http/POST', { code: INVALID_REQUEST, status, message }, exchange);
  };
  const problem = postProblem(request.headers);
  if (problem !== undefined) return refuse(problem.status, problem.message);
  readBody(request, maxBodyBytes, (body) => {
    if (body === 'gone') return;
    if (body === 'too_large') return refuse(413, `the body is larger than ${maxBodyBytes} bytes`);
    void front.receive(decode(body), exchange);
  });
}
