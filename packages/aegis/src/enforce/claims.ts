/** Turns at what only one may work on at a time, by name. */
export class Claims {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work when everybody who came before for the same name is done. */
  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    return mine.finally(() => {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    });
  }
}
