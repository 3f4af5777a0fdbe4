/** Who holds a place: one line with the process behind it. */
export interface Holder {
  /** Whether nothing is under way and nobody waits for news. */
  readonly isUnused: boolean;
  /** Lets its process end; the next use starts another one. */
  retire(): void;
}

/**
 * A bounded number of places for the processes that single clients have for themselves. Most clients leave
 * without a word: when no place is free, the holder that has been unused longest gives up its own.
 */
export class Places {
  readonly #max: number;
  /** The longest unused first. */
  readonly #holders = new Set<Holder>();

  constructor(max: number) {
    this.#max = max;
  }

  /** False when every place is in use. */
  take(holder: Holder): boolean {
    if (this.#holders.has(holder)) return true;
    if (this.#holders.size >= this.#max && !this.#evict()) return false;
    this.#holders.add(holder);
    return true;
  }

  /** The holder has just been used. */
  used(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#holders.add(holder);
  }

  leave(holder: Holder): void {
    this.#holders.delete(holder);
  }

  #evict(): boolean {
    for (const holder of this.#holders) {
      if (!holder.isUnused) continue;
      this.#holders.delete(holder);
      holder.retire();
      return true;
    }
    return false;
  }
}
