import { openEvidenceView } from '../daemon/evidence.ts';
import type { StoredEntry } from '../ports.ts';
import type { LedgerPlace } from './place.ts';

/** How often the ledger is looked at for what is new, in milliseconds. */
const POLL_MS = 250;
/** Most events that are read at a time. */
const READ = 1_000;

export interface EventsWanted {
  /** The position behind which to begin; undefined: `last` events before the end. */
  readonly after: number | undefined;
  readonly last: number;
  /** Whether to go on with what comes. */
  readonly follow: boolean;
}

/**
 * The events of a ledger in commit order, from its file as it is at each moment: nothing is written and no
 * writer waits. With `follow` it ends when `signal` does. Fails with `STORE_UNAVAILABLE`.
 */
export async function* readEvents(
  { configuration, environment }: LedgerPlace,
  { after, last, follow }: EventsWanted,
  signal: AbortSignal,
): AsyncGenerator<StoredEntry> {
  let from = after;
  while (!signal.aborted) {
    const view = await openEvidenceView(configuration, environment);
    let read = 0;
    try {
      from ??= Math.max(0, view.head.position - last);
      for await (const entry of view.entries({ after: from, limit: READ })) {
        read += 1;
        from = entry.position;
        yield entry;
        if (signal.aborted) return;
      }
    } finally {
      await view.close();
    }
    if (read === READ) continue;
    if (!follow) return;
    await pause(signal);
  }
}

function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, POLL_MS);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
