import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { EventStream } from './event-stream.ts';
import type { KeepAlive } from './keep-alive.ts';
import { Replay } from './replay.ts';
import type { SharedBudget } from '../shared-budget.ts';

/** Streams that have lost their connection and may be come back to. */
const MAX_LOST = 64;

/** News that wait for a stream to open, and their length in all; of equal ones one is enough. */
const MAX_MISSED = 64;
const MAX_MISSED_CHARS = 64 * 1024;

/** What the streams of all sessions share. */
export interface StreamsShare {
  /** The most streams that one session keeps open for what belongs to no request. */
  readonly maxStreams: number;
  readonly keepAlive: KeepAlive;
  readonly budget: SharedBudget;
}

/**
 * The event streams of one session: those that answer requests, and those for what belongs to none. Each
 * has a number, which its events carry, and a client comes back to it with the last event that it saw.
 */
export class SessionStreams {
  readonly #share: StreamsShare;
  readonly #replay: Replay;
  // An event of another session is told from ours, however the numbers are.
  readonly #tag = randomBytes(6).toString('base64url');
  readonly #streams = new Map<number, EventStream>();
  /** The open ones for what belongs to no request, the newest last. */
  #outside: EventStream[] = [];
  readonly #missed = new Set<string>();
  #missedChars = 0;
  #next = 1;

  constructor(share: StreamsShare) {
    this.#share = share;
    this.#replay = new Replay(share.budget);
  }

  /** Whether no stream is open for what belongs to no request. */
  get isEmpty(): boolean {
    return !this.#outside.some(({ isConnected }) => isConnected);
  }

  /** Opens the stream of one request's answer. */
  answer(response: ServerResponse, primed: boolean): EventStream {
    return this.#open(response, primed);
  }

  /** Opens a stream for what belongs to no request; with too many the oldest ends, its client may be gone unnoticed. */
  add(response: ServerResponse, primed: boolean): void {
    this.#keepOutside(this.#open(response, primed));
  }

  /** Takes in the one stream of a session that has no other (MCP 2024-11-05). */
  keep(stream: EventStream): void {
    this.#keepOutside(stream);
  }

  /**
   * Goes on with a stream after the event of this id. False when there is none such here: an event of
   * another session, or of a stream that is over.
   *
   * SECURITY: only events of the very stream that the id names are sent again.
   */
  resume(response: ServerResponse, lastEventId: string): boolean {
    const match = EVENT_ID.exec(lastEventId);
    if (match === null || match[1] !== this.#tag) return false;
    const stream = this.#streams.get(Number(match[2]));
    const seq = Number(match[3]);
    if (stream === undefined || seq > stream.seq) return false;
    stream.resume(response, seq);
    this.#share.keepAlive.add(response);
    if (this.#outside.includes(stream)) this.#keepOutside(stream);
    return true;
  }

  /** Sends what belongs to no request, on one stream only, the newest (MCP, Streamable HTTP). */
  readonly send = (text: string): boolean => {
    const newest = this.#outside.findLast(({ isConnected }) => isConnected);
    if (newest !== undefined) return newest.send(text);
    if (this.#missed.has(text)) return true;
    const chars = this.#missedChars + text.length;
    if (this.#missed.size >= MAX_MISSED || chars > MAX_MISSED_CHARS) return false;
    this.#missed.add(text);
    this.#missedChars = chars;
    return true;
  };

  /** Ends the streams for what belongs to no request; answers can still come. */
  endOutside(): void {
    for (const stream of this.#outside) stream.end();
  }

  close(): void {
    this.endOutside();
    for (const stream of this.#streams.values()) stream.end();
    this.#streams.clear();
    this.#replay.clear();
  }

  #open(response: ServerResponse, primed: boolean): EventStream {
    const number = this.#next++;
    const stream = new EventStream({
      replay: this.#replay,
      stream: number,
      idOf: (seq) => `${this.#tag}.${number}.${seq}`,
      primed,
      finished: () => this.#forget(number),
    });
    this.#streams.set(number, stream);
    stream.open(response);
    this.#share.keepAlive.add(response);
    this.#forgetLost();
    return stream;
  }

  #keepOutside(stream: EventStream): void {
    this.#outside = [...this.#outside.filter((other) => other !== stream), stream];
    while (this.#outside.length > this.#share.maxStreams) this.#outside.shift()?.end();
    const missed = [...this.#missed];
    this.#missed.clear();
    this.#missedChars = 0;
    for (const text of missed) stream.send(text);
  }

  #forget(number: number): void {
    this.#streams.delete(number);
    this.#replay.forget(number);
  }

  /** Lets go of the longest lost streams, so that they cannot become more and more. */
  #forgetLost(): void {
    const lost = [...this.#streams].filter(([, { isConnected }]) => !isConnected);
    for (const [number] of lost.slice(0, -MAX_LOST)) this.#forget(number);
  }
}

const EVENT_ID = /^([\w-]{8})\.(\d{1,9})\.(\d{1,9})$/;
