/** Into how many parts a window is cut: so much is remembered of it, however many calls it holds. */
const PARTS = 64;

interface Slot {
  /** Which part of time it is, counted from the epoch. */
  readonly part: number;
  /** The newest of its calls, Unix milliseconds. */
  lastMs: number;
  count: number;
}

/**
 * Calls in the last `windowMs` milliseconds. Those of one part of the window leave together, with the newest of them.
 *
 * INVARIANT: a call is never forgotten before it is `windowMs` old, so no window ever holds more than was asked for;
 * it can be remembered a sixty-fourth of the window longer.
 */
export class SlidingWindow {
  readonly windowMs: number;
  #slots: Slot[] = [];
  #count = 0;
  #newestMs = 0;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** When the newest call was counted, Unix milliseconds. */
  get newestMs(): number {
    return this.#newestMs;
  }

  add(atMs: number): void {
    // A clock that was set back gives nothing back.
    const nowMs = Math.max(atMs, this.#newestMs);
    this.#newestMs = nowMs;
    const part = Math.floor(nowMs / Math.max(1, this.windowMs / PARTS));
    const last = this.#slots.at(-1);
    this.#count++;
    if (last?.part === part) {
      last.count++;
      last.lastMs = nowMs;
    } else {
      this.#slots.push({ part, lastMs: nowMs, count: 1 });
    }
  }

  count(nowMs: number): number {
    let gone = 0;
    for (const slot of this.#slots) {
      if (slot.lastMs + this.windowMs > nowMs) break;
      this.#count -= slot.count;
      gone++;
    }
    if (gone > 0) this.#slots.splice(0, gone);
    return this.#count;
  }

  /** Milliseconds until one more call makes at most `most`; 0 when it does now. Infinite for a limit of none. */
  waitMs(most: number, nowMs: number): number {
    let over = this.count(nowMs) - most + 1;
    if (over <= 0) return 0;
    for (const { count, lastMs } of this.#slots) {
      over -= count;
      if (over <= 0) return lastMs + this.windowMs - nowMs;
    }
    return Number.POSITIVE_INFINITY;
  }
}
