import type { SharedBudget } from '../shared-budget.ts';

interface SentEvent {
  readonly stream: number;
  readonly seq: number;
  readonly text: string;
}

const MAX_EVENTS = 512;
const MAX_CHARS = 4 * 1024 * 1024;

/** The last events of one session's streams, for clients that come back for what they missed. */
export class Replay {
  readonly #budget: SharedBudget;
  #events: SentEvent[] = [];
  #chars = 0;

  constructor(budget: SharedBudget) {
    this.#budget = budget;
  }

  /** Keeps an event, and lets go of the oldest ones for it. False when there is no room for it. */
  add(event: SentEvent): boolean {
    const { length } = event.text;
    if (length > MAX_CHARS) return false;
    while (this.#events.length >= MAX_EVENTS || this.#chars + length > MAX_CHARS) this.#drop();
    if (!this.#budget.take(length)) return false;
    this.#events.push(event);
    this.#chars += length;
    return true;
  }

  /** The events of one stream, and of no other, that came after one of it. */
  after(stream: number, seq: number): readonly SentEvent[] {
    return this.#events.filter((event) => event.stream === stream && event.seq > seq);
  }

  forget(stream: number): void {
    const kept = this.#events.filter((event) => event.stream !== stream);
    if (kept.length === this.#events.length) return;
    const chars = kept.reduce((sum, { text }) => sum + text.length, 0);
    this.#budget.giveBack(this.#chars - chars);
    this.#chars = chars;
    this.#events = kept;
  }

  clear(): void {
    this.#budget.giveBack(this.#chars);
    this.#chars = 0;
    this.#events = [];
  }

  #drop(): void {
    const length = this.#events.shift()?.text.length ?? 0;
    this.#chars -= length;
    this.#budget.giveBack(length);
  }
}
