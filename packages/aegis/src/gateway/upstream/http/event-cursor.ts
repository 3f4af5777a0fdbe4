/** How many events of one stream are remembered, to know those that are sent again. */
const MAX_SEEN = 1_024;

/** What a header can carry. */
const SENDABLE = /^[!-~](?:[ -~]{0,1022}[!-~])?$/;

/** How far an event stream was read: where it can be taken up again, and which of its events were heard. */
export class EventCursor {
  readonly #seen = new Set<string>();
  #last: string | undefined;

  /** The id to go on from; undefined when the server gave none, or none that can be sent. */
  get last(): string | undefined {
    return this.#last;
  }

  /** False for an event that was heard before. */
  pass(id: string): boolean {
    if (!SENDABLE.test(id)) {
      this.#last = undefined;
      return true;
    }
    if (this.#seen.has(id)) return false;
    this.#last = id;
    this.#seen.add(id);
    if (this.#seen.size > MAX_SEEN) {
      const [oldest] = this.#seen;
      this.#seen.delete(oldest as string);
    }
    return true;
  }

  /** The server does not know the last id any more. */
  forget(): void {
    this.#last = undefined;
  }
}
