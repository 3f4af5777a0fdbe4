/** So many failures in a row, and a server is left alone for a while. */
const MAX_FAILURES = 5;
/** The first pause; each one after a probe that failed is twice as long as the last. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;

/** `probe`: the one call that is let through after a pause. */
export type Admission = 'call' | 'probe' | 'denied';

/**
 * Keeps calls away from a server that cannot answer them. After a pause one call is let through; when it
 * is answered all are, and when it fails another pause begins. While it tells nothing, one more is let
 * through after each pause of the same length.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  /** When the next probe may go; undefined while all calls may. */
  #probeAt: number | undefined;

  /** `now` is any clock that only goes forward, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  admit(): Admission {
    if (this.#probeAt === undefined) return 'call';
    const now = this.#now();
    if (now < this.#probeAt) return 'denied';
    this.#probeAt = now + this.#pauseMs;
    return 'probe';
  }

  /** The server answered something, be it an error. */
  answered(): void {
    this.#failures = 0;
    if (this.#probeAt === undefined) return;
    this.#probeAt = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** The server could not be reached, failed, or let the time of a call pass. */
  failed(admission: Admission): void {
    if (this.#probeAt === undefined) {
      if (++this.#failures < MAX_FAILURES) return;
    } else {
      // Calls that were under way when the pause began tell nothing new.
      if (admission !== 'probe') return;
      this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    }
    this.#probeAt = this.#now() + this.#pauseMs;
  }
}
