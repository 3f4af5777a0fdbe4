import { setTimeout } from 'node:timers/promises';
import type { StoredCheckpoint } from '../ledger-ports.ts';

/** How often a checkpoint is offered before it is given up, and how long after the first attempts. */
const RETRY_AFTER_MS = [1_000, 5_000];

/** Checkpoints that wait for one receiver; the oldest gives way, for a newer one says what it said. */
const MAX_WAITING = 256;

export interface DeliveryOptions {
  /** Who receives, in words. */
  readonly name: string;
  /** Whether one that waits is still of interest when a newer one has come. */
  readonly keep: 'newest' | 'every';
  readonly deliver: (checkpoint: StoredCheckpoint, signal: AbortSignal) => Promise<void>;
  /** Hears why nothing can be delivered, once, and `undefined` when it can be again. */
  readonly onProblem: (problem: string | undefined) => void;
  readonly retryAfterMs?: readonly number[];
}

/** Brings checkpoints to one receiver outside, one after the other, beside everything else. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #abort = new AbortController();
  readonly #lastAttempts = new AbortController();
  #waiting: StoredCheckpoint[] = [];
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #problem: string | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  offer(checkpoint: StoredCheckpoint): void {
    if (this.#abort.signal.aborted) return;
    if (this.#options.keep === 'newest') this.#waiting = [];
    this.#waiting.push(checkpoint);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    if (this.#busy) return;
    this.#busy = true;
    this.#running = this.#run();
  }

  /** Why the newest attempt failed; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#running;
  }

  /** Lets what was not tried yet be tried once, and nothing be tried again. */
  noMoreRetries(): void {
    this.#lastAttempts.abort();
  }

  /** Ends what is under way. */
  stop(): Promise<void> {
    this.#waiting = [];
    this.#lastAttempts.abort();
    this.#abort.abort();
    return this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#attempt(next);
    }
    this.#busy = false;
  }

  async #attempt(checkpoint: StoredCheckpoint): Promise<void> {
    const { deliver, keep, retryAfterMs = RETRY_AFTER_MS } = this.#options;
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await deliver(checkpoint, signal);
        return this.#report(undefined);
      } catch (error) {
        if (signal.aborted) return;
        this.#report(error instanceof Error ? error.message : String(error));
      }
      const wait = retryAfterMs[attempt];
      const last = this.#lastAttempts.signal;
      if (wait === undefined || last.aborted) return;
      // A process that has nothing else to do does not stay for this.
      await setTimeout(wait, undefined, { signal: last, ref: false }).catch(() => {});
      if (last.aborted) return;
      if (keep === 'newest' && this.#waiting.length > 0) return;
    }
  }

  #report(why: string | undefined): void {
    const problem = why === undefined ? undefined : `${this.#options.name}: ${why}`;
    if ((problem === undefined) !== (this.#problem === undefined)) this.#options.onProblem(problem);
    this.#problem = problem;
  }
}
