import type { Caller } from '../../../enforce/door.ts';
import type { Answer } from './exchange.ts';
import type { Subscription } from './subscription.ts';

/** The listening requests that are open, bounded for each caller. */
export class Subscriptions {
  readonly #maxPerCaller: number;
  readonly #open = new Map<string, Set<Subscription>>();

  constructor(maxPerCaller: number) {
    this.#maxPerCaller = maxPerCaller;
  }

  /** Whether a caller may open one more. */
  hasRoom(caller: Caller): boolean {
    return (this.#open.get(keyOf(caller))?.size ?? 0) < this.#maxPerCaller;
  }

  /** Fulfilled with the answer when it has ended. */
  async listen(caller: Caller, subscription: Subscription): Promise<Answer> {
    const key = keyOf(caller);
    const mine = this.#open.get(key) ?? new Set();
    this.#open.set(key, mine.add(subscription));
    try {
      return await subscription.listen();
    } finally {
      mine.delete(subscription);
      if (mine.size === 0 && this.#open.get(key) === mine) this.#open.delete(key);
    }
  }

  closeAll(): void {
    for (const mine of this.#open.values()) for (const subscription of mine) subscription.close();
  }
}

function keyOf({ tenant, agent, user }: Caller): string {
  return JSON.stringify([tenant, agent, user]);
}
