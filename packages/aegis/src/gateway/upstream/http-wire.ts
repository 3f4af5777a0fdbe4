import { Pool } from 'undici';
import { exchange, type ExchangeSink } from './exchange.ts';
import { openHttpStream } from './http-stream.ts';

type Headers = Readonly<Record<string, string>>;

/** Connections beside those of the requests: the event stream, and messages that nobody answers. */
const SPARE_CONNECTIONS = 3;

/** Messages without an answer that may be under way at the same time; further ones are dropped. */
const MAX_UNANSWERED = 32;
const UNANSWERED_MS = 5_000;

/** What comes back for a message without an answer is of no interest. */
const IGNORED_BYTES = 4 * 1024;

const CLOSE_MS = 1_000;

/** The HTTP side of one upstream: kept connections to one endpoint. */
export class HttpWire {
  readonly #path: string;
  readonly #pool: Pool;
  #unanswered = 0;
  #closeStream: () => void = () => {};

  constructor(url: string, maxConcurrency: number) {
    const { origin, pathname, search } = new URL(url);
    this.#path = pathname + search;
    this.#pool = new Pool(origin, {
      connections: maxConcurrency + SPARE_CONNECTIONS,
      connect: { timeout: 5_000 },
      allowH2: false,
      // Every request has its own timer, and event streams have no end.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Returns how to abort. */
  post(headers: Headers, body: string, maxBytes: number, sink: ExchangeSink): () => void {
    return exchange(this.#pool, { method: 'POST', path: this.#path, headers, body, maxBytes }, sink);
  }

  /** Posts what nobody answers; settles when the server has taken it or will not. Never rejects. */
  async tell(headers: Headers, body: string): Promise<void> {
    if (this.#unanswered >= MAX_UNANSWERED) return;
    this.#unanswered++;
    await settled(UNANSWERED_MS, (sink) => this.post(headers, body, IGNORED_BYTES, sink));
    this.#unanswered--;
  }

  /** Follows the stream of what belongs to no request; another one that was followed before ends. */
  follow(headers: Headers, heard: Parameters<typeof openHttpStream>[3]): void {
    this.#closeStream();
    this.#closeStream = openHttpStream(this.#pool, this.#path, headers, heard);
  }

  unfollow(): void {
    this.#closeStream();
  }

  /** Ends a session, as far as the server cares. Never rejects. */
  endSession(headers: Headers): Promise<void> {
    const request = { method: 'DELETE', path: this.#path, headers, maxBytes: IGNORED_BYTES } as const;
    return settled(CLOSE_MS, (sink) => exchange(this.#pool, request, sink));
  }

  close(): Promise<void> {
    this.#closeStream();
    return this.#pool.destroy();
  }
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
