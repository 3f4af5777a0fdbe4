import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import { MAX_UNREAD_BYTES } from '../channel.ts';
import { EVENT_STREAM_HEADERS, eventText, sendJson, sendNothing } from '../http/reply.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { HeaderLines } from './header.ts';

/**
 * One POST: answered with a JSON body, or, once there is something to tell before the answer, with a
 * stream of events that ends with it. A client that closes the connection has given the request up.
 */
export class HttpExchange implements Exchange {
  readonly caller: Caller;
  readonly catalogue: CatalogueView;
  readonly headers: HeaderLines;
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, caller: Caller, catalogue: CatalogueView) {
    const abort = new AbortController();
    this.caller = caller;
    this.catalogue = catalogue;
    this.headers = request.headersDistinct;
    this.signal = abort.signal;
    this.#response = response;
    response.once('close', () => {
      clearInterval(this.#keepAlive);
      if (!response.writableEnded) abort.abort();
    });
    // It may have left while its body was read.
    if (response.destroyed) abort.abort();
  }

  readonly send = (text: string): boolean => this.#write(eventText(text));

  keepAlive(everyMs: number): void {
    this.#keepAlive ??= setInterval(() => this.#write(': keep-alive\n\n'), everyMs).unref();
  }

  end({ text, status }: Answer): void {
    const response = this.#response;
    clearInterval(this.#keepAlive);
    if (response.destroyed || response.writableEnded) return;
    if (response.headersSent) response.end(text === undefined ? undefined : eventText(text));
    else if (text === undefined) sendNothing(response, 202);
    else sendJson(response, status, text, unread(response.req));
  }

  #write(event: string): boolean {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return false;
    if (!response.headersSent) response.writeHead(200, EVENT_STREAM_HEADERS);
    // A client that does not read what it asked for has gone away.
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else response.write(event);
    return !response.destroyed;
  }
}

// The rest of a body that is not wanted is not read: the connection ends with the answer.
function unread(request: IncomingMessage): Readonly<Record<string, string>> {
  return request.complete ? {} : { Connection: 'close' };
}
