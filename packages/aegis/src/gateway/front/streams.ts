import type { ServerResponse } from 'node:http';
import type { ListKind } from '../upstream/server.ts';
import { changeTexts } from './changes.ts';
import { EVENT_STREAM_HEADERS, eventText } from './reply.ts';

/** A client that leaves so much unread is cut off. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** The event streams that one session keeps open for what belongs to no request. */
export class SessionStreams {
  readonly #max: number;
  readonly #keepAliveMs: number;
  #open: ServerResponse[] = [];
  /** Changes that happened while no stream was open. */
  readonly #missed = new Set<ListKind>();

  constructor(max: number, keepAliveMs: number) {
    this.#max = max;
    this.#keepAliveMs = keepAliveMs;
  }

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** Takes a stream in; with too many of them the oldest ends, since its client may be gone unnoticed. */
  add(response: ServerResponse): void {
    response.writeHead(200, EVENT_STREAM_HEADERS);
    response.flushHeaders();
    const keepAlive = setInterval(() => this.#write(response, ': keep-alive\n\n'), this.#keepAliveMs);
    keepAlive.unref();
    response.once('close', () => {
      clearInterval(keepAlive);
      this.#open = this.#open.filter((other) => other !== response);
    });
    this.#open.push(response);
    if (this.#open.length > this.#max) this.#open.shift()?.end();
    const missed = [...this.#missed];
    this.#missed.clear();
    this.changed(missed);
  }

  /** Each message goes out on one stream only, the newest (MCP, Streamable HTTP). */
  changed(kinds: readonly ListKind[]): void {
    const newest = this.#open.at(-1);
    if (newest === undefined) {
      for (const kind of kinds) this.#missed.add(kind);
      return;
    }
    for (const text of changeTexts(kinds)) this.#write(newest, eventText(text));
  }

  close(): void {
    for (const response of this.#open) response.end();
  }

  #write(response: ServerResponse, text: string): void {
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else if (!response.writableEnded) response.write(text);
  }
}
