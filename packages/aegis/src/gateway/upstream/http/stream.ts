import { EventCursor } from './event-cursor.ts';
import type { ExchangeSink } from './exchange.ts';

/** Waits between two attempts to open the stream; the server may ask for another one. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** What a server sends of its own accord is small; what it asks of a client may hold a picture. */
const MAX_EVENT_BYTES = 1024 * 1024;

/** Opens the stream, after the event of this id where there is one. Returns how to abort. */
type OpenStream = (lastEventId: string | undefined, maxBytes: number, sink: ExchangeSink) => () => void;

export interface StreamHeard {
  message(data: string): void;
  /** The stream was away for a while, and something may have been missed. */
  missed(): void;
  /** The server does not know the session any more. */
  lost(): void;
}

/**
 * Follows the stream on which a Streamable HTTP server sends what belongs to no request. A server that
 * offers none (405, or any other error) is left alone; one that ends it is asked again, for what came
 * after the last event where it gave its events ids. Returns how to stop.
 */
export function openHttpStream(open: OpenStream, heard: StreamHeard): () => void {
  const cursor = new EventCursor();
  let stopped = false;
  let abort = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  let waitMs = FIRST_RETRY_MS;
  let asked: number | undefined;
  let before = false;

  const connect = (): void => {
    const resumed = cursor.last;
    let openedAt: number | undefined;
    let refused: number | undefined;
    let brought = false;
    abort = open(resumed, MAX_EVENT_BYTES, {
      event: (data, id) => {
        brought = true;
        if (!stopped && (id === undefined || cursor.pass(id))) heard.message(data);
      },
      primed: (id) => void cursor.pass(id),
      retry: (retryMs) => {
        asked = retryMs;
      },
      opened: (status) => {
        if (status !== 200) refused = status;
        if (refused !== undefined || stopped) return;
        openedAt = performance.now();
        if (before && resumed === undefined) heard.missed();
        before = true;
      },
      ended: () => {
        if (stopped) return;
        // Before it was ever open, 404 is what a server may answer that offers no stream.
        if (refused === 404 && before) return heard.lost();
        if (refused !== undefined) {
          if (resumed === undefined) return;
          cursor.forget();
        }
        // A stream that served was a healthy one; one that ends at once must not be asked for in a circle.
        const healthy = brought || (openedAt !== undefined && performance.now() - openedAt > MAX_RETRY_MS);
        waitMs = healthy ? FIRST_RETRY_MS : Math.min(waitMs * 2, MAX_RETRY_MS);
        timer = setTimeout(connect, Math.max(waitMs, asked ?? 0)).unref();
      },
    });
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    abort();
  };
}
