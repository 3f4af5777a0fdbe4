import type { ServerResponse } from 'node:http';
import type { EventStream } from './event-stream.ts';

export { EVENT_STREAM_HEADERS, eventText } from './event-stream.ts';

const COMMON = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/**
 * The answer to one POST: a JSON body, or, once there is something to tell before the answer, a stream
 * of events that ends with it.
 */
export class PostReply {
  readonly #response: ServerResponse;
  readonly #openStream: (response: ServerResponse) => EventStream;
  #stream: EventStream | undefined;

  /** `openStream` opens a stream that its client can come back to. */
  constructor(response: ServerResponse, openStream: (response: ServerResponse) => EventStream) {
    this.#response = response;
    this.#openStream = openStream;
  }

  /** Sends a message before the answer; false when it does not reach the client any more. */
  notify(text: string): boolean {
    this.open();
    return this.#stream?.send(text) ?? false;
  }

  /** Makes the answer a stream already now, unless it is one or its client is gone. */
  open(): void {
    const response = this.#response;
    if (this.#stream !== undefined || response.destroyed || response.writableEnded) return;
    this.#stream = this.#openStream(response);
  }

  /** Ends with an answer, or with none when there is none to give. */
  end(text: string | undefined, headers: Readonly<Record<string, string>> = {}): void {
    if (this.#stream !== undefined) this.#stream.end(text);
    else if (text === undefined) sendNothing(this.#response, 202);
    else sendJson(this.#response, 200, text, headers);
  }
}

export function sendNothing(response: ServerResponse, status: 202 | 204): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, status === 202 ? { ...COMMON, 'Content-Length': '0' } : COMMON).end();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const length = Buffer.byteLength(text);
  response.writeHead(status, {
    ...COMMON,
    'Content-Type': 'application/json',
    'Content-Length': length,
    ...headers,
  });
  // ASCII is the same in both, and is written without being looked at again.
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
