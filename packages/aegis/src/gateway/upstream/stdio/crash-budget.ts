import type { RestartPolicy } from '../definition.ts';

/** Counts how often a server has gone away, and says whether and when it may be started again. */
export class CrashBudget {
  readonly #policy: RestartPolicy;
  readonly #now: () => number;
  #exits: number[] = [];

  /** `now` is any clock that only goes forward, in milliseconds. */
  constructor(policy: RestartPolicy, now: () => number) {
    this.#policy = policy;
    this.#now = now;
  }

  exited(): void {
    this.#forgetOld();
    this.#exits.push(this.#now());
  }

  /** Milliseconds to wait before the next start; undefined when the budget is spent for now. */
  delayMs(): number | undefined {
    this.#forgetOld();
    const count = this.#exits.length;
    if (count === 0) return 0;
    if (count > this.#policy.maxExits) return undefined;
    const since = this.#now() - (this.#exits[count - 1] as number);
    return Math.max(0, this.#policy.backoffMs * 2 ** (count - 1) - since);
  }

  #forgetOld(): void {
    const from = this.#now() - this.#policy.windowMs;
    this.#exits = this.#exits.filter((at) => at > from).slice(-this.#policy.maxExits - 1);
  }
}
