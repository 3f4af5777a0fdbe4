import { type Id, isAnswer, type Message, type Outcome } from './message.ts';

interface Waiter {
  readonly id: Id | null;
  readonly from: number;
  readonly found: (messages: readonly Message[]) => void;
}

/** The messages of a line on which the answers to all requests come. */
export class Inbox {
  #messages: Message[] = [];
  readonly #waiters: Waiter[] = [];

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Lets go of what came so far; only between requests. */
  forget(): void {
    this.#messages = [];
  }

  receive(message: Message): void {
    this.#messages.push(message);
    const waiter = isAnswer(message) ? this.#waiterOf(message) : undefined;
    if (waiter === undefined) return;
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    // The other members of a batch come in the same breath.
    setImmediate(() => waiter.found(this.#messages.slice(waiter.from)));
  }

  /** Waits for the answer to a request; without one in time, gives what came meanwhile. */
  answerTo(id: Id | null, withinMs: number): Promise<Outcome> {
    const from = this.#messages.length;
    return new Promise((done) => {
      const finish = (messages: readonly Message[]): void => {
        clearTimeout(timer);
        const mine = messages.filter((message) => !isAnswer(message) || this.#isFor(message, id));
        done({ messages: mine, text: JSON.stringify(mine) });
      };
      const waiter: Waiter = { id, from, found: finish };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        finish(this.#messages.slice(from));
      }, withinMs);
      this.#waiters.push(waiter);
    });
  }

  /** What names no request answers the newest one: the older ones were good enough to wait for. */
  #waiterOf({ id }: Message): Waiter | undefined {
    return id === null ? this.#waiters.at(-1) : this.#waiters.find((waiter) => waiter.id === id);
  }

  #isFor({ id }: Message, wanted: Id | null): boolean {
    return id === null || id === wanted || !this.#waiters.some((waiter) => waiter.id === id);
  }
}
