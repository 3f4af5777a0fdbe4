import { UpstreamError, type UpstreamFailure, type UpstreamReply } from '../../../ports.ts';
import type { Admission, CircuitBreaker } from '../http/breaker.ts';
import type { ExchangeFailure, ExchangeReply, ExchangeSink } from '../http/exchange.ts';
import type { HttpWire } from '../http/wire.ts';
import { StatusError } from '../http/status-error.ts';
import { tooLarge } from '../reply.ts';
import type { Slots } from '../slots.ts';

/** What the exchanges with one server have in common. */
export interface ModernEndpoint {
  readonly server: string;
  readonly wire: HttpWire;
  readonly breaker: CircuitBreaker;
  /** One for each request under way. */
  readonly slots: Slots;
  /** Whether a request still waits for its answer. */
  waits(id: number): boolean;
  /** Takes what the exchange of a request brought. */
  incoming(raw: string, bytes: number, id: number): void;
  settle(id: number, outcome: UpstreamReply | UpstreamError): void;
  /** Nothing is under way for the request any more. */
  over(id: number): void;
}

/** Room for the JSON-RPC envelope around the largest result. */
const ENVELOPE_SLACK_BYTES = 4 * 1024;

/** What a server tells meanwhile may be so large, however small the result must be. */
const MIN_EVENT_BYTES = 256 * 1024;

/** How long an event stream may stay open after it has brought the answer. */
const LINGER_MS = 1_000;

/**
 * One request of the modern era over HTTP, from its place in the queue to the end of its exchange, which
 * is also how its server learns that it was given up.
 */
export class ModernExchange implements ExchangeSink {
  readonly #endpoint: ModernEndpoint;
  readonly #id: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #body: string;
  readonly #maxOutputBytes: number;
  #admission: Admission = 'call';
  #underway = false;
  #givenUp = false;
  /** Ends the exchange, or leaves the queue. */
  #stop: () => void = () => {};
  #linger: NodeJS.Timeout | undefined;

  constructor(
    endpoint: ModernEndpoint,
    id: number,
    headers: Readonly<Record<string, string>>,
    body: string,
    maxOutputBytes: number,
  ) {
    this.#endpoint = endpoint;
    this.#id = id;
    this.#headers = headers;
    this.#body = body;
    this.#maxOutputBytes = maxOutputBytes;
  }

  /** Sends it when a slot is free; gives it up when too many wait already or the server is left alone. */
  send(): void {
    const { breaker, slots } = this.#endpoint;
    this.#admission = breaker.admit();
    if (this.#admission === 'denied') return this.#fail('is left alone for a while, after too many failures');
    if (slots.tryTake()) return this.#post();
    const leave = slots.wait(() => this.#post());
    if (leave === undefined) return this.#fail('has too many calls waiting');
    this.#stop = leave;
  }

  /** The request is over before its exchange is. */
  giveUp(failure: UpstreamFailure): void {
    // Time spent in our own queue is nothing that the server did.
    if (failure === 'timeout' && this.#underway) this.#endpoint.breaker.failed(this.#admission);
    this.#givenUp = true;
    this.#endpoint.over(this.#id);
    this.#stop();
  }

  event(data: string): void {
    this.#endpoint.incoming(data, Buffer.byteLength(data), this.#id);
    if (!this.#endpoint.waits(this.#id)) this.#linger ??= setTimeout(this.#stop, LINGER_MS);
  }

  ended(outcome: ExchangeReply | ExchangeFailure): void {
    const endpoint = this.#endpoint;
    clearTimeout(this.#linger);
    // The slot first: who waits for it is not held up by what is done with the answer.
    endpoint.slots.release();
    endpoint.over(this.#id);
    // How an exchange ends that we have ended tells nothing of its server.
    if (this.#givenUp) return;
    if (typeof outcome === 'object' && outcome.type === 'json' && endpoint.waits(this.#id)) {
      endpoint.incoming(outcome.body, outcome.bytes, this.#id);
    }
    this.#tellBreaker(outcome);
    if (endpoint.waits(this.#id)) this.#conclude(outcome);
  }

  #post(): void {
    this.#underway = true;
    const maxBytes = Math.max(this.#maxOutputBytes + ENVELOPE_SLACK_BYTES, MIN_EVENT_BYTES);
    this.#stop = this.#endpoint.wire.post(this.#headers, this.#body, maxBytes, this);
  }

  #tellBreaker(outcome: ExchangeReply | ExchangeFailure): void {
    const { breaker } = this.#endpoint;
    // What was answered was answered, whatever became of the exchange after that.
    if (!this.#endpoint.waits(this.#id)) return breaker.answered();
    const failed =
      outcome === 'unavailable' ||
      (typeof outcome === 'object' && (outcome.status >= 500 || outcome.status === 429));
    if (failed) breaker.failed(this.#admission);
    else breaker.answered();
  }

  /** The exchange brought no answer; it says why. */
  #conclude(outcome: ExchangeReply | ExchangeFailure): void {
    const { server } = this.#endpoint;
    if (outcome === 'unavailable') return this.#fail('cannot be reached');
    if (outcome === 'too_large') {
      return this.#endpoint.settle(this.#id, tooLarge(server, this.#maxOutputBytes));
    }
    const answered = outcome.status >= 200 && outcome.status < 300;
    this.#endpoint.settle(
      this.#id,
      answered
        ? new UpstreamError('protocol', `server \`${server}\` ended the exchange without an answer`)
        : new StatusError(server, outcome.status),
    );
  }

  #fail(what: string): void {
    this.#endpoint.over(this.#id);
    const { server } = this.#endpoint;
    this.#endpoint.settle(this.#id, new UpstreamError('unavailable', `server \`${server}\` ${what}`));
  }
}
