import { StringDecoder } from 'node:string_decoder';

export interface SseEvent {
  /** The `data` lines, joined; empty for a priming event. */
  readonly data: string;
  /** The `event` field; absent for an ordinary message. */
  readonly type?: string | undefined;
  /** The `id` field of this event itself; empty where it takes an earlier one back. */
  readonly id?: string | undefined;
  /** The reconnection time that the server asked for, in milliseconds. */
  readonly retryMs?: number | undefined;
}

/**
 * Reads a stream of server-sent events (WHATWG HTML, section 9.2) across chunk borders. `overflow` is
 * called, once, when an event is longer than `maxChars`; the reader then reads nothing more.
 */
export class SseReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxChars: number;
  readonly #event: (event: SseEvent) => void;
  readonly #overflow: () => void;
  #line: string[] = [];
  #data: string[] = [];
  #chars = 0;
  #retryMs: number | undefined;
  #type: string | undefined;
  #id: string | undefined;
  #afterReturn = false;
  #dead = false;

  constructor(maxChars: number, event: (event: SseEvent) => void, overflow: () => void) {
    this.#maxChars = maxChars;
    this.#event = event;
    this.#overflow = overflow;
  }

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    let start = 0;
    // A line break may be LF, CR or CR LF, and CR LF may be cut between two chunks.
    if (this.#afterReturn && text.length > 0) {
      this.#afterReturn = false;
      if (text[0] === '\n') start = 1;
    }
    while (!this.#dead) {
      LINE_BREAK.lastIndex = start;
      const match = LINE_BREAK.exec(text);
      if (match === null) break;
      this.#collect(text.slice(start, match.index));
      start = LINE_BREAK.lastIndex;
      this.#afterReturn = match[0] === '\r' && start === text.length;
      if (!this.#dead) this.#finishLine();
    }
    if (!this.#dead && start < text.length) this.#collect(text.slice(start));
  }

  #collect(part: string): void {
    this.#chars += part.length;
    if (this.#chars <= this.#maxChars) {
      this.#line.push(part);
      return;
    }
    this.#dead = true;
    this.#line = [];
    this.#data = [];
    this.#overflow();
  }

  #finishLine(): void {
    const line = this.#line.length === 1 ? (this.#line[0] as string) : this.#line.join('');
    this.#line = [];
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) {
      // A comment is not part of an event; a stream of them must not count up to the limit.
      this.#chars -= line.length;
      return;
    }
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
  }

  #dispatch(): void {
    const data = this.#data.join('\n');
    const retryMs = this.#retryMs;
    const type = this.#type;
    const id = this.#id;
    const seen = this.#data.length > 0 || retryMs !== undefined || id !== undefined;
    this.#data = [];
    this.#chars = 0;
    this.#retryMs = undefined;
    this.#type = undefined;
    this.#id = undefined;
    if (!seen) return;
    this.#event({ data, type, id, retryMs });
  }
}

const LINE_BREAK = /\r\n|\n|\r/g;
