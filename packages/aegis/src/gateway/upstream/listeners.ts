/** Those who want to hear of something. */
export class Listeners<T> {
  readonly #all = new Set<{ readonly hear: (value: T) => void }>();

  /** Returns how to stop. */
  add(hear: (value: T) => void): () => void {
    const listener = { hear };
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  /** False when nobody listens. */
  tell(value: T): boolean {
    for (const { hear } of this.#all) hear(value);
    return this.#all.size > 0;
  }
}
