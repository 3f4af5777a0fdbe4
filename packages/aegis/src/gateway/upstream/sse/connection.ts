import { type JsonObject, parseExact } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { notificationText } from '../../jsonrpc.ts';
import type { Redact } from '../../redact.ts';
import type { ExchangeFailure, ExchangeReply } from '../http/exchange.ts';
import { ANY_REQUEST, type LineNews, Peer, requestTextOf } from '../session/peer.ts';
import { tooLarge } from '../reply.ts';
import type { Conversation } from '../server.ts';
import type { Stray } from '../stray.ts';
import type { Slots } from '../slots.ts';
import type { SseWire } from './wire.ts';

export interface SseConnectionOptions {
  readonly server: string;
  readonly isolated: boolean;
  readonly wire: SseWire;
  /** One for each request under way at the server. */
  readonly slots: Slots;
  /** Headers of every request, credentials included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: Redact;
  readonly stray: Stray;
  readonly news: LineNews;
  /** The stream is over; called once. */
  ended(): void;
}

/** The answers to all requests come on one stream: one that is longer fails them all. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Messages without an answer that may be under way at the same time; further ones are dropped. */
const MAX_UNANSWERED = 256;
const UNANSWERED_MS = 5_000;

/** What a request holds until it is over. */
interface Held {
  /** Leaves the queue, or gives up the posting. */
  stop(): void;
  /** Gives the slot back. */
  release(): void;
}

/**
 * One life of the old HTTP+SSE transport: a stream, the place beside it where messages are posted, and the
 * requests that wait. Nothing on the stream says which request it is about but an answer's id, so what a
 * server tells or asks is taken as over a pipe: for a request only when that is certain.
 */
export class SseConnection {
  readonly #options: SseConnectionOptions;
  readonly #peer: Peer;
  readonly #ready = Promise.withResolvers<void>();
  readonly #held = new Map<number, Held>();
  readonly #closeStream: () => void;
  #endpoint: string | undefined;
  #unanswered = 0;
  #initialized = false;
  #over = false;

  constructor(options: SseConnectionOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {});
    this.#peer = new Peer({
      server: options.server,
      isolated: options.isolated,
      stray: options.stray,
      news: options.news,
      send: (text) => this.#tell(text),
      // It takes as long as people take: another request may have the slot.
      asking: (id) => this.#held.get(id)?.release(),
      abandoned: (id) => {
        // `initialize` is never cancelled (MCP, Cancellation).
        if (this.#initialized) this.notify('notifications/cancelled', { requestId: id });
      },
    });
    this.#closeStream = options.wire.stream(options.headers, MAX_EVENT_BYTES, {
      event: (data, _, type = 'message') => this.#event(type, data),
      ended: (outcome) => this.#ended(outcome),
    });
  }

  /** Fulfilled when the server has said where messages go. Rejects with `UpstreamError`. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The server has been initialised; `batches` when the revision agreed on has them. */
  initialized(batches: boolean): void {
    this.#initialized = true;
    this.#peer.batches = batches;
    this.notify('notifications/initialized');
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    if (this.#over) return Promise.reject(this.#unavailable('has ended the connection'));
    const { id, reply } = this.#peer.open(limits, conversation);
    if (!this.#peer.has(id)) return reply;
    const body = requestTextOf(id, method, params, conversation);
    const over = (): void => this.#leave(id);
    reply.then(over, over);
    const { slots } = this.#options;
    if (slots.tryTake()) this.#post(id, body);
    else {
      const stop = slots.wait(() => this.#post(id, body));
      if (stop === undefined) this.#peer.settle(id, this.#unavailable('has too many calls waiting'));
      else this.#held.set(id, { stop, release: () => {} });
    }
    return reply;
  }

  notify(method: string, params?: JsonObject): void {
    this.#tell(notificationText(method, params));
  }

  close(): void {
    this.#closeStream();
  }

  /** With a slot taken, which is given back when the answer has come or nobody waits for it. */
  #post(id: number, body: string): void {
    const { wire, headers, slots } = this.#options;
    if (!this.#peer.has(id) || this.#endpoint === undefined) return slots.release();
    let holds = true;
    let posting = true;
    const abort = wire.post(this.#endpoint, headers, body, (status) => {
      posting = false;
      if (status !== undefined && status >= 200 && status < 300) return;
      const what = status === undefined ? 'cannot be reached' : `answered with HTTP status ${status}`;
      this.#peer.settle(id, this.#unavailable(what));
      // The server does not know the session any more, so the stream of it is worth nothing.
      if (status === 404) this.close();
    });
    this.#held.set(id, {
      stop: () => {
        if (posting) abort();
      },
      release: () => {
        if (holds) slots.release();
        holds = false;
      },
    });
  }

  #leave(id: number): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.stop();
    held?.release();
  }

  /** Sends what nobody answers. Losing it loses no more than a courtesy. */
  #tell(text: string): void {
    if (this.#endpoint === undefined || this.#over || this.#unanswered >= MAX_UNANSWERED) return;
    this.#unanswered++;
    const { wire, headers } = this.#options;
    const abort = wire.post(this.#endpoint, headers, text, () => {
      this.#unanswered--;
      clearTimeout(timer);
    });
    const timer = setTimeout(abort, UNANSWERED_MS);
  }

  #event(type: string, data: string): void {
    if (this.#over) return;
    const { stray } = this.#options;
    if (type === 'endpoint') return this.#moved(data);
    if (type !== 'message') {
      stray.unheard++;
      return;
    }
    const parsed = parseExact(this.#options.redact(data));
    if (parsed.ok && this.#endpoint !== undefined) {
      this.#peer.take(parsed.value, Buffer.byteLength(data), ANY_REQUEST);
    } else stray.garbage++;
  }

  /** SECURITY: the first word counts: a server cannot have later messages sent somewhere else. */
  #moved(data: string): void {
    if (this.#endpoint !== undefined) {
      this.#options.stray.garbage++;
      return;
    }
    this.#endpoint = this.#options.wire.endpoint(data);
    if (this.#endpoint !== undefined) return this.#ready.resolve();
    const { server } = this.#options;
    this.#ready.reject(
      new UpstreamError(
        'protocol',
        `server \`${server}\` wants messages sent to another origin than its own`,
      ),
    );
    this.close();
  }

  #ended(outcome: ExchangeReply | ExchangeFailure): void {
    this.#over = true;
    const { server } = this.#options;
    const error =
      outcome === 'too_large' ? tooLarge(server, MAX_EVENT_BYTES) : this.#unavailable(reasonOf(outcome));
    this.#ready.reject(error);
    this.#peer.end(error);
    this.#options.ended();
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#options.server}\` ${what}`);
  }
}

function reasonOf(outcome: ExchangeReply | 'unavailable'): string {
  if (outcome === 'unavailable') return 'cannot be reached, or has ended its stream';
  if (outcome.status !== 200) return `answered with HTTP status ${outcome.status}`;
  return outcome.type === 'events' ? 'has ended its stream' : 'offers no event stream';
}
