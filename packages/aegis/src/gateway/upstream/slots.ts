/** A bounded number of slots, and a bounded queue of those who wait for one, served in order. */
export class Slots {
  #free: number;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number, maxWaiting: number) {
    this.#free = count;
    this.#maxWaiting = maxWaiting;
  }

  /** True when a slot was free and is now taken. */
  tryTake(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /**
   * Calls `granted` when a slot is taken for it, and returns how to leave the queue; undefined when the
   * queue is full.
   */
  wait(granted: () => void): (() => void) | undefined {
    if (this.#waiting.size >= this.#maxWaiting) return undefined;
    this.#waiting.add(granted);
    return () => this.#waiting.delete(granted);
  }

  /** Gives a slot back, or on to the one who has waited longest. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
