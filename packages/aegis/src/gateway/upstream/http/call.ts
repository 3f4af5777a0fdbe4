import type { IncomingHttpHeaders } from 'node:http';
import { UpstreamError, type UpstreamFailure, type UpstreamReply } from '../../../ports.ts';
import type { Admission, CircuitBreaker } from './breaker.ts';
import { EventCursor } from './event-cursor.ts';
import type { ExchangeFailure, ExchangeReply, ExchangeSink } from './exchange.ts';
import type { HttpWire } from './wire.ts';
import { tooLarge } from '../reply.ts';
import type { Slots } from '../slots.ts';
import { StatusError } from './status-error.ts';

/** The headers of a session, credentials included. */
export type Headers = Readonly<Record<string, string>>;

/** What the lines to one HTTP server have in common. */
export interface HttpEndpoint {
  readonly server: string;
  readonly wire: HttpWire;
  readonly breaker: CircuitBreaker;
  /** One for each request under way. */
  readonly slots: Slots;
  /** One for each request that waits for its client, and has given its slot to another one meanwhile. */
  readonly parked: Slots;
}

/** The line that a call is made over. */
export interface CallLine {
  readonly endpoint: HttpEndpoint;
  /** Whether a request still waits for its answer. */
  waits(id: number): boolean;
  /** Takes what the exchange of a request brought. */
  incoming(raw: string, bytes: number, id: number): void;
  settle(id: number, outcome: UpstreamReply | UpstreamError): void;
  /** The server does not know the session any more, so it has not done what was asked. */
  lost(call: HttpCall, headers: Headers): void;
  /** The server refused what was asked as it may refuse a session that it does not know. */
  doubt(headers: Headers): void;
  /** Nothing is under way for the call any more. */
  over(id: number): void;
}

export interface CallRequest {
  readonly id: number;
  readonly body: string;
  readonly maxOutputBytes: number;
}

/** Room for the JSON-RPC envelope around the largest result. */
const ENVELOPE_SLACK_BYTES = 4 * 1024;

/** What a server tells or asks meanwhile may be so large, however small the result must be. */
const MIN_EVENT_BYTES = 256 * 1024;

/** How long an event stream may stay open after it has brought the answer. */
const LINGER_MS = 1_000;

/** A stream is taken up again so often, and after it broke so often in a row without a new event. */
const MAX_RESUMPTIONS = 1_000;
const MAX_BREAKS = 5;

/** Wait before a stream is taken up again; the server may ask for another one. */
const RESUME_MS = 1_000;
const MIN_RESUME_MS = 20;

/**
 * One request to a Streamable HTTP server, from its place in the queue to the end of its last exchange. A
 * stream that breaks before it has brought the answer is taken up again where the server made it possible.
 */
export class HttpCall implements ExchangeSink {
  readonly id: number;
  /** The session that the server gave with its answer. */
  sessionId: string | undefined;
  readonly #line: CallLine;
  readonly #body: string;
  readonly #maxOutputBytes: number;
  /** Whether it is sent a second time, in another session. */
  #renewed = false;
  #headers: Headers = {};
  #admission: Admission = 'call';
  #queued = false;
  #holds: 'nothing' | 'slot' | 'parking' = 'nothing';
  /** Ends what is under way: the exchange, the place in the queue, the wait for another attempt. */
  #stop: () => void = () => {};
  #linger: NodeJS.Timeout | undefined;
  #cursor: EventCursor | undefined;
  #retryMs = RESUME_MS;
  #resumptions = 0;
  #breaks = 0;
  #done = false;

  constructor(line: CallLine, { id, body, maxOutputBytes }: CallRequest) {
    this.id = id;
    this.#line = line;
    this.#body = body;
    this.#maxOutputBytes = maxOutputBytes;
  }

  /** Sends it when a slot is free; gives it up when too many wait already or the server is left alone. */
  send(headers: Headers): void {
    const { breaker, slots } = this.#line.endpoint;
    this.#headers = headers;
    if (!this.#line.waits(this.id)) return this.#over();
    this.#admission = breaker.admit();
    if (this.#admission === 'denied') return this.#fail('is left alone for a while, after too many failures');
    if (slots.tryTake()) return this.#post();
    const leave = slots.wait(() => this.#post());
    if (leave === undefined) return this.#fail('has too many calls waiting');
    this.#queued = true;
    this.#stop = leave;
  }

  /** The request is over before its exchange is. */
  giveUp(failure: UpstreamFailure): void {
    const { breaker } = this.#line.endpoint;
    // Time spent in our own queue is nothing that the server did.
    if (failure === 'timeout' && this.#holds !== 'nothing' && !this.#queued) breaker.failed(this.#admission);
    const stop = this.#stop;
    this.#over();
    stop();
  }

  /** Its client is being asked something, which takes as long as people take: another call may have the slot. */
  park(): void {
    const { slots, parked } = this.#line.endpoint;
    if (this.#holds !== 'slot' || !parked.tryTake()) return;
    this.#holds = 'parking';
    slots.release();
  }

  opened(_: number, headers: IncomingHttpHeaders): void {
    const given = headers['mcp-session-id'];
    if (typeof given === 'string') this.sessionId = given;
  }

  event(data: string, id?: string): void {
    if (id !== undefined && !this.#isNew(id)) return;
    this.#line.incoming(data, Buffer.byteLength(data), this.id);
    if (!this.#line.waits(this.id)) this.#linger ??= setTimeout(this.#stop, LINGER_MS);
  }

  primed(id: string): void {
    this.#isNew(id);
  }

  retry(retryMs: number): void {
    this.#retryMs = Math.max(retryMs, MIN_RESUME_MS);
  }

  ended(outcome: ExchangeReply | ExchangeFailure): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (this.#done) return;
    this.#stop = () => {};
    const line = this.#line;
    if (this.#isLost(outcome)) {
      this.#renewed = true;
      this.#release();
      return line.lost(this, this.#headers);
    }
    if (typeof outcome === 'object' && outcome.type === 'json') {
      line.incoming(outcome.body, outcome.bytes, this.id);
    }
    if (!line.waits(this.id)) {
      line.endpoint.breaker.answered();
      return this.#over();
    }
    if (this.#mayResume(outcome)) return this.#resumeLater();
    this.#conclude(outcome);
  }

  #post(): void {
    const { wire } = this.#line.endpoint;
    this.#holds = 'slot';
    this.#stop = wire.post(this.#headers, this.#body, this.#maxBytes, this);
  }

  get #maxBytes(): number {
    return Math.max(this.#maxOutputBytes + ENVELOPE_SLACK_BYTES, MIN_EVENT_BYTES);
  }

  #isNew(id: string): boolean {
    this.#cursor ??= new EventCursor();
    if (!this.#cursor.pass(id)) return false;
    this.#breaks = 0;
    return true;
  }

  /** Whether the session is unknown to the server; once, and never of a request that it has begun to answer. */
  #isLost(outcome: ExchangeReply | ExchangeFailure): boolean {
    return (
      typeof outcome === 'object' &&
      outcome.status === 404 &&
      this.#headers['mcp-session-id'] !== undefined &&
      !this.#renewed &&
      this.#resumptions === 0 &&
      this.#line.waits(this.id)
    );
  }

  /** Whether it was a stream that broke or was closed on purpose, and the server keeps what comes after. */
  #mayResume(outcome: ExchangeReply | ExchangeFailure): boolean {
    const closed = typeof outcome === 'object' && outcome.type === 'events';
    if (!closed && (outcome !== 'unavailable' || ++this.#breaks > MAX_BREAKS)) return false;
    return this.#cursor?.last !== undefined && this.#resumptions < MAX_RESUMPTIONS;
  }

  #resumeLater(): void {
    this.#resumptions++;
    const timer = setTimeout(() => {
      const { wire } = this.#line.endpoint;
      this.#stop = wire.resume(this.#headers, this.#cursor?.last ?? '', this.#maxBytes, this);
    }, this.#retryMs);
    this.#stop = () => clearTimeout(timer);
  }

  /** The exchange is over and brought no answer; it says why. */
  #conclude(outcome: ExchangeReply | ExchangeFailure): void {
    const { server, breaker } = this.#line.endpoint;
    if (outcome === 'unavailable') {
      breaker.failed(this.#admission);
      return this.#fail('cannot be reached');
    }
    if (typeof outcome === 'object' && (outcome.status >= 500 || outcome.status === 429)) {
      breaker.failed(this.#admission);
    } else breaker.answered();
    if (outcome === 'too_large') return this.#settle(tooLarge(server, this.#maxOutputBytes));
    if (outcome.status < 200 || outcome.status >= 300) {
      const error = new StatusError(server, outcome.status);
      this.#settle(error);
      // One that answers 404 as it should is answered in `ended`, with a new session.
      if (error.isForeign && outcome.status !== 404) this.#line.doubt(this.#headers);
      return;
    }
    this.#settle(new UpstreamError('protocol', `server \`${server}\` ended the exchange without an answer`));
  }

  #fail(what: string): void {
    this.#settle(new UpstreamError('unavailable', `server \`${this.#line.endpoint.server}\` ${what}`));
  }

  #settle(error: UpstreamError): void {
    // The slot first: who waits for it is not held up by what is done with the answer.
    this.#over();
    this.#line.settle(this.id, error);
  }

  #over(): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#linger);
    this.#release();
    this.#line.over(this.id);
  }

  #release(): void {
    const { slots, parked } = this.#line.endpoint;
    const held = this.#holds;
    this.#holds = 'nothing';
    if (held === 'slot') slots.release();
    else if (held === 'parking') parked.release();
  }
}
