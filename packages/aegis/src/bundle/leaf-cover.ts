const CHUNK = 8192;

/** Which leaves of a log were seen. Takes memory for those alone, whatever size a log claims to have. */
export class LeafCover {
  readonly #chunks = new Map<number, Uint8Array>();
  #count = 0;

  /** How many different ones. */
  get count(): number {
    return this.#count;
  }

  add(leaf: number): void {
    const key = Math.floor(leaf / CHUNK);
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) this.#chunks.set(key, (chunk = new Uint8Array(CHUNK)));
    if (chunk[leaf % CHUNK] === 1) return;
    chunk[leaf % CHUNK] = 1;
    this.#count += 1;
  }
}
