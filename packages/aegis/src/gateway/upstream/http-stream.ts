import type { Dispatcher } from 'undici';
import { exchange } from './exchange.ts';

/** Waits between two attempts to open the stream; the server may ask for another one. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** What a server sends of its own accord is small. */
const MAX_EVENT_BYTES = 256 * 1024;

/**
 * Follows the stream on which a Streamable HTTP server sends what belongs to no request. A server that
 * offers none (405, or any other error) is left alone; one that ends it is asked again. `resumed` tells
 * that something may have been missed. Returns how to stop.
 */
export function openHttpStream(
  dispatcher: Dispatcher,
  path: string,
  sessionHeaders: Readonly<Record<string, string>>,
  heard: { message(data: string): void; resumed(): void },
): () => void {
  const { 'content-type': _, ...rest } = sessionHeaders;
  const headers = { ...rest, accept: 'text/event-stream' };
  let stopped = false;
  let abort = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  let waitMs = FIRST_RETRY_MS;
  let asked: number | undefined;
  let before = false;
  let refused = false;

  const connect = (): void => {
    let openedAt: number | undefined;
    abort = exchange(
      dispatcher,
      { method: 'GET', path, headers, maxBytes: MAX_EVENT_BYTES },
      {
        event: (data) => {
          if (!stopped) heard.message(data);
        },
        retry: (retryMs) => {
          asked = retryMs;
        },
        opened: (status) => {
          refused = status !== 200;
          if (refused || stopped) return;
          openedAt = performance.now();
          if (before) heard.resumed();
          before = true;
        },
        ended: () => {
          if (stopped || refused) return;
          // A stream that lasted was a healthy one; one that ends at once must not be asked for in a circle.
          const healthy = openedAt !== undefined && performance.now() - openedAt > MAX_RETRY_MS;
          waitMs = healthy ? FIRST_RETRY_MS : Math.min(waitMs * 2, MAX_RETRY_MS);
          timer = setTimeout(connect, Math.max(waitMs, Math.min(asked ?? 0, MAX_RETRY_MS)));
          timer.unref();
        },
      },
    );
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    abort();
  };
}
