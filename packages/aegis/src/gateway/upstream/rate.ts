/** Lets so much through in each window of time, and nothing beyond. */
export class Rate {
  readonly #max: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #from = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `now` is any clock that only goes forward, in milliseconds. */
  constructor(max: number, windowMs: number, now: () => number) {
    this.#max = max;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  admit(): boolean {
    const now = this.#now();
    if (now - this.#from >= this.#windowMs) {
      this.#from = now;
      this.#count = 0;
    }
    return ++this.#count <= this.#max;
  }
}
