import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { SseReader } from '../../sse.ts';

export interface ExchangeRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Largest JSON body, and largest single event, in bytes. */
  readonly maxBytes: number;
}

/** What came back: a whole body, or a stream of events that has been read to its end. */
export interface ExchangeReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly type: 'json' | 'events' | 'other';
  /** Empty unless `type` is `json`. */
  readonly body: string;
  readonly bytes: number;
}

export type ExchangeFailure = 'too_large' | 'unavailable';

export interface ExchangeSink {
  /** One event's data, its id and its type, while the stream goes on. */
  event(data: string, id?: string, type?: string): void;
  /** An event without data: it only says where the stream can be taken up again. */
  primed?(id: string): void;
  /** The server asked to wait so long before connecting again. */
  retry?(retryMs: number): void;
  /** The response head has come. */
  opened?(status: number, headers: IncomingHttpHeaders): void;
  /** Called exactly once. */
  ended(outcome: ExchangeReply | ExchangeFailure): void;
}

/** Bodies of responses that carry no message are read up to here and thrown away. */
const MAX_IGNORED_BYTES = 64 * 1024;

/** Sends one HTTP request and reads the response as Streamable HTTP shapes it. Returns how to abort it. */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest, sink: ExchangeSink): () => void {
  const reader = new ExchangeReader(request.maxBytes, sink);
  const { method, path, headers, body } = request;
  try {
    dispatcher.dispatch({ method, path, headers, body: body ?? null }, reader);
  } catch {
    // Later, so that `ended` never comes before the caller knows how to abort.
    queueMicrotask(() => reader.fail('unavailable'));
  }
  return () => reader.fail('unavailable');
}

const ABORTED = new Error('aborted');

class ExchangeReader implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #sink: ExchangeSink;
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #type: ExchangeReply['type'] = 'other';
  #events: SseReader | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, sink: ExchangeSink) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  fail(failure: ExchangeFailure): void {
    this.#end(failure);
    this.#controller?.abort(ABORTED);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(ABORTED);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#type = typeOf(headers);
    if (this.#type === 'events') {
      this.#events = new SseReader(
        this.#maxBytes,
        ({ data, id, type, retryMs }) => {
          if (this.#ended) return;
          if (retryMs !== undefined) this.#sink.retry?.(retryMs);
          if (data !== '') this.#sink.event(data, id, type);
          else if (id !== undefined) this.#sink.primed?.(id);
        },
        () => this.fail('too_large'),
      );
    }
    this.#sink.opened?.(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#events !== undefined) return this.#events.push(chunk);
    this.#bytes += chunk.length;
    if (this.#type === 'json') {
      if (this.#bytes > this.#maxBytes) return this.fail('too_large');
      this.#chunks.push(chunk);
    } else if (this.#bytes > MAX_IGNORED_BYTES) {
      this.#end(this.#reply(''));
      this.#controller?.abort(ABORTED);
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#end(this.#reply(whole.toString('utf8')));
  }

  onResponseError(): void {
    this.#end('unavailable');
  }

  #reply(body: string): ExchangeReply {
    return { status: this.#status, headers: this.#headers, type: this.#type, body, bytes: this.#bytes };
  }

  #end(outcome: ExchangeReply | ExchangeFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#chunks = [];
    this.#sink.ended(outcome);
  }
}

function typeOf(headers: IncomingHttpHeaders): ExchangeReply['type'] {
  // We ask for no content coding; a body in one is nothing that can be read.
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') return 'other';
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' ? 'json' : type === 'text/event-stream' ? 'events' : 'other';
}
