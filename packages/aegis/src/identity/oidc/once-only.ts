import { hash } from 'node:crypto';
import type { Clock } from '../../ports.ts';
import { refused } from './refused.ts';

/** What is remembered of one kind, until it is over anyway. */
const MAX_USED = 10_000;

/** Things of one kind that are good once, as far as this process knows. */
export class OnceOnly {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  /** By digest; until when, the oldest first. */
  readonly #used = new Map<string, number>();

  /** `lifeMs`: after this time nothing of the kind is good any more. */
  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  /** Fails with `UNAUTHENTICATED` for what was used before. */
  use(what: string): void {
    const now = this.#clock.now();
    for (const [known, until] of this.#used) {
      if (until > now) break;
      this.#used.delete(known);
    }
    const key = digestOf(what);
    // SECURITY: with no room to remember, nobody signs in.
    if (this.#used.has(key) || this.#used.size >= MAX_USED) throw refused('this was used before');
    this.#used.set(key, now + this.#lifeMs);
  }

  /** What came to nothing can be used again. */
  giveBack(what: string): void {
    this.#used.delete(digestOf(what));
  }
}

function digestOf(what: string): string {
  return hash('sha256', what, 'hex');
}
