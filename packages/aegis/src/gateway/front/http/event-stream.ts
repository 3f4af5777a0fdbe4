import type { ServerResponse } from 'node:http';
import { MAX_UNREAD_BYTES } from '../channel.ts';
import type { Replay } from './replay.ts';

const COMMON = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

export const EVENT_STREAM_HEADERS = {
  ...COMMON,
  'Content-Type': 'text/event-stream',
  'X-Accel-Buffering': 'no',
} as const;

/** When a client that lost a stream should come back, in milliseconds. */
const RETRY_MS = 1_000;

/** One event. JSON text has no line break, so one `data` line is enough. */
export function eventText(text: string, id?: string): string {
  return id === undefined ? `data: ${text}\n\n` : `id: ${id}\ndata: ${text}\n\n`;
}

/** How a stream outlives its connection: the events of it that are kept, and how they are named. */
export interface StreamMemory {
  readonly replay: Replay;
  readonly stream: number;
  /** The name of an event of this stream, unique in the session. */
  idOf(seq: number): string;
  /** The stream begins with an event that says only where it begins (MCP 2025-11-25). */
  readonly primed: boolean;
  /** The stream has ended, and its client has read it to the end, as far as we can know. */
  finished(): void;
}

/** One stream of events to a client, which may lose its connection and come back for the rest. */
export class EventStream {
  readonly #memory: StreamMemory | undefined;
  #response: ServerResponse | undefined;
  #seq = 0;
  #ended = false;

  constructor(memory?: StreamMemory) {
    this.#memory = memory;
  }

  get isConnected(): boolean {
    return this.#response !== undefined;
  }

  /** The number of the last event. */
  get seq(): number {
    return this.#seq;
  }

  /** Opens the stream on its first connection. */
  open(response: ServerResponse): void {
    this.#connect(response);
    const memory = this.#memory;
    if (memory?.primed === true) {
      response.write(`id: ${memory.idOf(0)}\nretry: ${RETRY_MS}\ndata: \n\n`);
    } else response.flushHeaders();
  }

  /** Goes on with the stream on another connection, with what came after the event of this number. */
  resume(response: ServerResponse, seq: number): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    this.#response?.end();
    this.#connect(response);
    for (const event of memory.replay.after(memory.stream, seq)) {
      response.write(eventText(event.text, memory.idOf(event.seq)));
    }
    if (this.#ended) response.end();
    else response.flushHeaders();
  }

  /** Sends an event; false when it neither goes out nor is kept for the client to come back. */
  send(text: string): boolean {
    if (this.#ended) return false;
    const seq = ++this.#seq;
    const memory = this.#memory;
    const kept = memory?.replay.add({ stream: memory.stream, seq, text }) ?? false;
    const response = this.#response;
    if (response === undefined) return kept;
    if (response.writableLength > MAX_UNREAD_BYTES) {
      // A client that does not read is cut off; what is kept it can come back for.
      response.destroy();
      return kept;
    }
    response.write(eventText(text, memory?.idOf(seq)));
    return true;
  }

  /** Ends the stream with a last event, or without one. */
  end(text?: string): void {
    if (this.#ended) return;
    if (text !== undefined) this.send(text);
    this.#ended = true;
    this.#response?.end();
  }

  #connect(response: ServerResponse): void {
    this.#response = response;
    response.writeHead(200, EVENT_STREAM_HEADERS);
    response.once('close', () => {
      if (this.#response !== response) return;
      this.#response = undefined;
      if (this.#ended && response.writableFinished) this.#memory?.finished();
    });
  }
}
