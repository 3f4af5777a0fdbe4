import { type EventDraft, Lineage, LineageFold } from '@aegis/core';
import { setImmediate as breath } from 'node:timers/promises';

/** What one session has read and said, kept up with its events. */
export class Following {
  readonly lineage: Lineage;
  readonly #fold: LineageFold;
  /** Events that were taken in before they were sealed. */
  readonly #learned = new WeakSet<EventDraft>();
  /** What the user was last heard to say. */
  #heard: string | undefined;

  /** `seed` is a number that nobody outside knows. */
  constructor(seed: number) {
    this.lineage = new Lineage(seed);
    this.#fold = new LineageFold(this.lineage);
  }

  /** Ids of what people vouched for in the session. */
  get cleared(): ReadonlySet<string> {
    return this.#fold.cleared;
  }

  /** Takes in an event that is being sealed, at once. */
  take(draft: EventDraft): void {
    if (this.#learned.has(draft)) return;
    for (const _ of this.#fold.apply(draft)) continue;
  }

  /** Takes in an event that is about to be sealed, and lets others have their turn between its pieces. */
  async learn(draft: EventDraft): Promise<void> {
    this.#learned.add(draft);
    for (const _ of this.#fold.apply(draft)) await breath();
  }

  /** Takes in an event that was read back; `erased` says that not all of its values are there any more. */
  async replay(draft: EventDraft, erased: boolean): Promise<void> {
    for (const _ of this.#fold.apply(draft, erased)) await breath();
  }

  /** Hears what the user says; whether it is something new. */
  hear(text: string): boolean {
    if (text === this.#heard) return false;
    this.#heard = text;
    this.lineage.trust(text);
    return true;
  }
}
