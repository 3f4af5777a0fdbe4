import type { Pool } from 'undici';
import { OriginPool } from '../origin-pool.ts';
import { exchange, type ExchangeSink } from '../http/exchange.ts';

type Headers = Readonly<Record<string, string>>;

const POOL_OPTIONS: Pool.Options = {
  connect: { timeout: 5_000 },
  allowH2: false,
  // Every request has its own timer, and event streams have no end.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** What comes back for a posted message is of no interest: its answer comes on the stream. */
const IGNORED_BYTES = 4 * 1024;

/** Connections beside those of the requests, for what nobody answers. */
const SPARE_CONNECTIONS = 3;

const MAX_ENDPOINT_CHARS = 8 * 1024;

/** The HTTP side of a server of the old HTTP+SSE transport (MCP 2024-11-05): streams, and messages posted beside them. */
export class SseWire {
  readonly #url: URL;
  readonly #posts: Pool;
  /** A pool of their own: they hold their connections, and must not take those of the requests. */
  readonly #streams: Pool;

  constructor(url: string, maxConcurrency: number, maxStreams: number) {
    this.#url = new URL(url);
    const { origin } = this.#url;
    this.#posts = new OriginPool(origin, {
      ...POOL_OPTIONS,
      connections: maxConcurrency + SPARE_CONNECTIONS,
    });
    this.#streams = new OriginPool(origin, { ...POOL_OPTIONS, connections: maxStreams });
  }

  /** Opens a stream. Returns how to end it. */
  stream(headers: Headers, maxBytes: number, sink: ExchangeSink): () => void {
    const { pathname, search } = this.#url;
    const { 'content-type': _, ...rest } = headers;
    const accepting = { ...rest, accept: 'text/event-stream' };
    const request = { method: 'GET', path: pathname + search, headers: accepting, maxBytes } as const;
    return exchange(this.#streams, request, sink);
  }

  /**
   * Where messages are posted, as the server's `endpoint` event says; undefined for one that is not ours
   * to use.
   *
   * SECURITY: only a path of the origin that was configured. A server could otherwise have our
   * credentials and our clients' data sent wherever it wants, and reach hosts that it cannot reach itself.
   */
  endpoint(data: string): string | undefined {
    if (data.length > MAX_ENDPOINT_CHARS || !URL.canParse(data, this.#url)) return undefined;
    const { origin, pathname, search } = new URL(data, this.#url);
    return origin === this.#url.origin ? pathname + search : undefined;
  }

  /** Posts one message; `ended` is told the status, undefined when there is none. Returns how to abort. */
  post(
    endpoint: string,
    headers: Headers,
    body: string,
    ended: (status: number | undefined) => void,
  ): () => void {
    const request = { method: 'POST', path: endpoint, headers, body, maxBytes: IGNORED_BYTES } as const;
    return exchange(this.#posts, request, {
      event: () => {},
      ended: (outcome) => ended(typeof outcome === 'object' ? outcome.status : undefined),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#posts.destroy(), this.#streams.destroy()]);
  }
}
