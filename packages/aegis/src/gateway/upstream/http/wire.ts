import type { Pool } from 'undici';
import { OriginPool } from '../origin-pool.ts';
import { exchange, type ExchangeSink } from './exchange.ts';
import { openHttpStream, type StreamHeard } from './stream.ts';

type Headers = Readonly<Record<string, string>>;

/** Connections beside those of the requests: messages that nobody answers, and answers to the server. */
const SPARE_CONNECTIONS = 3;

/** Messages without an answer that may be under way at the same time; further ones are dropped. */
const MAX_UNANSWERED = 256;
const UNANSWERED_MS = 5_000;

/** What comes back for a message without an answer is of no interest. */
const IGNORED_BYTES = 4 * 1024;

const CLOSE_MS = 1_000;

const POOL_OPTIONS: Pool.Options = {
  connect: { timeout: 5_000 },
  allowH2: false,
  // Every request has its own timer, and event streams have no end.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** The HTTP side of one upstream: kept connections to one endpoint, for all of its sessions. */
export class HttpWire {
  readonly #origin: string;
  readonly #path: string;
  readonly #pool: Pool;
  readonly #maxStreams: number;
  #streams: Pool | undefined;
  #unanswered = 0;

  /** `maxStreams` streams of what belongs to no request may be open at the same time. */
  constructor(url: string, maxConcurrency: number, maxStreams = 1) {
    const { origin, pathname, search } = new URL(url);
    this.#origin = origin;
    this.#path = pathname + search;
    this.#maxStreams = maxStreams;
    this.#pool = new OriginPool(origin, { ...POOL_OPTIONS, connections: maxConcurrency + SPARE_CONNECTIONS });
  }

  /** Returns how to abort. */
  post(headers: Headers, body: string, maxBytes: number, sink: ExchangeSink): () => void {
    return exchange(this.#pool, { method: 'POST', path: this.#path, headers, body, maxBytes }, sink);
  }

  /** Takes up a stream that broke, after the event that was heard last. Returns how to abort. */
  resume(headers: Headers, lastEventId: string, maxBytes: number, sink: ExchangeSink): () => void {
    return exchange(
      this.#pool,
      { method: 'GET', path: this.#path, headers: streamHeaders(headers, lastEventId), maxBytes },
      sink,
    );
  }

  /** Posts what nobody answers; settles when the server has taken it or will not. Never rejects. */
  async tell(headers: Headers, body: string): Promise<void> {
    if (this.#unanswered >= MAX_UNANSWERED) return;
    this.#unanswered++;
    await settled(UNANSWERED_MS, (sink) => this.post(headers, body, IGNORED_BYTES, sink));
    this.#unanswered--;
  }

  /** Follows the stream of what belongs to no request. Returns how to stop. */
  follow(headers: Headers, heard: StreamHeard): () => void {
    // A pool of their own: they hold their connections, and must not take those of the requests.
    const pool = (this.#streams ??= new OriginPool(this.#origin, {
      ...POOL_OPTIONS,
      connections: this.#maxStreams,
    }));
    return openHttpStream(
      (lastEventId, maxBytes, sink) =>
        exchange(
          pool,
          { method: 'GET', path: this.#path, headers: streamHeaders(headers, lastEventId), maxBytes },
          sink,
        ),
      heard,
    );
  }

  /** Ends a session, as far as the server cares. Never rejects. */
  endSession(headers: Headers): Promise<void> {
    const request = { method: 'DELETE', path: this.#path, headers, maxBytes: IGNORED_BYTES } as const;
    return settled(CLOSE_MS, (sink) => exchange(this.#pool, request, sink));
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.#streams?.destroy()]);
  }
}

function streamHeaders(session: Headers, lastEventId: string | undefined): Headers {
  const { 'content-type': _, ...rest } = session;
  const headers = { ...rest, accept: 'text/event-stream' };
  return lastEventId === undefined ? headers : { ...headers, 'last-event-id': lastEventId };
}

/** Waits for an exchange of which only the end matters, and not for long. */
function settled(timeoutMs: number, begin: (sink: ExchangeSink) => () => void): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const abort = begin({
      event: () => {},
      ended: () => {
        clearTimeout(timer);
        resolve();
      },
    });
    timer = setTimeout(abort, timeoutMs);
  });
}
