import { AegisError } from '@aegis/core';
import type { AgentIdentity } from '../../ports.ts';

/** How much of something each agent holds at once. */
export class Quota {
  readonly #most: number;
  readonly #what: string;
  readonly #held = new Map<string, number>();

  /** `what` is named in the refusal: `sessions open`. */
  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  /**
   * Takes one, and gives what hands it back. Fails with `TOO_MANY`.
   *
   * INVARIANT: counted before anything is waited for, so that N requests at once are counted N times.
   */
  take({ tenant, name }: AgentIdentity): () => void {
    const key = JSON.stringify([tenant, name]);
    const held = this.#held.get(key) ?? 0;
    if (held >= this.#most) {
      throw new AegisError('TOO_MANY', `an agent has at most ${this.#most} ${this.#what}`);
    }
    this.#held.set(key, held + 1);
    return () => {
      const left = (this.#held.get(key) ?? 1) - 1;
      if (left === 0) this.#held.delete(key);
      else this.#held.set(key, left);
    };
  }
}
