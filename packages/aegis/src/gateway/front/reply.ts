import type { ServerResponse } from 'node:http';

const COMMON = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/**
 * The answer to one POST: a JSON body, or, once there is something to tell before the answer, a stream
 * of events that ends with it.
 */
export class PostReply {
  readonly #response: ServerResponse;
  #streaming = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Sends a notification before the answer. */
  notify(text: string): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (!this.#streaming) {
      this.#streaming = true;
      response.writeHead(200, EVENT_STREAM_HEADERS);
    }
    response.write(eventText(text));
  }

  /** Ends with an answer, or with none when there is none to give. */
  end(text: string | undefined, headers: Readonly<Record<string, string>> = {}): void {
    if (this.#streaming) this.#response.end(text === undefined ? undefined : eventText(text));
    else if (text === undefined) this.#response.writeHead(202, { ...COMMON, 'Content-Length': '0' }).end();
    else sendJson(this.#response, 200, text, headers);
  }
}

export const EVENT_STREAM_HEADERS = {
  ...COMMON,
  'Content-Type': 'text/event-stream',
  'X-Accel-Buffering': 'no',
} as const;

// JSON text has no line break, so one `data` line is enough.
export function eventText(text: string): string {
  return `data: ${text}\n\n`;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...COMMON,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
