import { setTimeout } from 'node:timers/promises';
import type { DeadLetters } from './dead-letters.ts';
import type { Delivery } from './sink.ts';

/** The wait after the first attempt, which doubles, and the longest one, in milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Why something was not delivered; `final`: it never will be. */
export interface Failure {
  readonly why: string;
  readonly final: boolean;
}

export interface Attempts {
  readonly name: string;
  /** How often it is tried before it goes to the dead letters. */
  readonly attempts: number;
  readonly deadLetters: DeadLetters;
  readonly warn: (text: string) => void;
  readonly firstWaitMs?: number;
}

/**
 * Sends a delivery until it is taken, with longer and longer waits; what is refused, or not taken after the last
 * attempt, goes to the dead letters. Rejects when `signal` ends.
 */
export async function deliver(
  { name, attempts, deadLetters, warn, firstWaitMs = FIRST_WAIT_MS }: Attempts,
  delivery: Delivery,
  signal: AbortSignal,
  send: () => Promise<Failure | undefined>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await send();
    if (failure === undefined) return;
    signal.throwIfAborted();
    if (failure.final || attempt >= attempts) {
      warn(`${name}: events ${delivery.first} to ${delivery.last} go to the dead letters: ${failure.why}`);
      return deadLetters.keep(delivery, failure.why);
    }
    await setTimeout(Math.min(firstWaitMs * 2 ** (attempt - 1), LONGEST_WAIT_MS), undefined, { signal });
  }
}
