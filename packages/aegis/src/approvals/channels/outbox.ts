import { setTimeout } from 'node:timers/promises';

/** After how long a message that was not taken is sent again, in milliseconds; then it is given up. */
const RETRY_AFTER_MS: readonly number[] = [1_000, 5_000, 30_000];

/** Messages that wait for one receiver; beyond it the newest is not sent. */
const MAX_WAITING = 256;

export interface OutboxOptions {
  /** Who receives, in words. */
  readonly name: string;
  /** Rejects when the message was not taken. */
  readonly send: (text: string, signal: AbortSignal) => Promise<void>;
  /** Hears what is given up. */
  readonly warn: (text: string) => void;
  readonly retryAfterMs?: readonly number[];
}

/** Brings messages to one receiver, one after the other, beside everything else. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #abort = new AbortController();
  readonly #waiting: string[] = [];
  #running: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  put(text: string): void {
    const { name, warn } = this.#options;
    if (this.#abort.signal.aborted) return;
    if (this.#waiting.length >= MAX_WAITING) return warn(`${name}: too many messages wait, one is not sent`);
    this.#waiting.push(text);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Gives up what was not taken yet. Never rejects. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#waiting.length = 0;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#deliver(next);
    }
  }

  async #deliver(text: string): Promise<void> {
    const { name, send, warn, retryAfterMs = RETRY_AFTER_MS } = this.#options;
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await send(text, signal);
      } catch (error) {
        const wait = retryAfterMs[attempt];
        if (wait === undefined) {
          const why = error instanceof Error ? error.message : String(error);
          return warn(`${name}: a question was not told: ${why}`);
        }
        // A process that has nothing else to do does not stay for this.
        await setTimeout(wait, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }
}
