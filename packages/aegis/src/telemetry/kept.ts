import { setTimeout } from 'node:timers/promises';
import { printable } from '@aegis/core';
import { type FollowerOptions, follow } from './follower.ts';
import { PlaceFile } from './place.ts';

/** How long after a failure it is tried again, in milliseconds. */
const RETRY_MS = 5_000;

export interface KeptOptions extends Omit<FollowerOptions, 'place' | 'follow'> {
  readonly name: string;
  /** What the place is one of. */
  readonly purpose: string;
  /** The file of the place. */
  readonly place: string;
  readonly warn: (text: string) => void;
  readonly retryMs?: number;
}

/** A follower that goes on until it is closed. */
export interface Kept {
  /** Never rejects. */
  close(): Promise<void>;
}

/** Follows until it is closed; what goes wrong is said once and tried again. */
export function keepFollowing(options: KeptOptions): Kept {
  const stop = new AbortController();
  const running = run(options, stop.signal);
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function run(options: KeptOptions, signal: AbortSignal): Promise<void> {
  const { name, warn, retryMs = RETRY_MS } = options;
  let said: string | undefined;
  while (!signal.aborted) {
    let place: PlaceFile | undefined;
    try {
      place = PlaceFile.open(options.place, options.purpose);
      const onProgress = (): void => {
        said = undefined;
      };
      await follow({ ...options, place, follow: true, onProgress }, signal);
    } catch (error) {
      if (signal.aborted) break;
      const why = printable(error instanceof Error ? error.message : String(error));
      if (why !== said) warn(`${name} does not follow the ledger: ${why}`);
      said = why;
    } finally {
      place?.close();
    }
    await setTimeout(retryMs, undefined, { signal }).catch(() => {});
  }
}
