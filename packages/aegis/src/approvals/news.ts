import type { ApprovalFollower } from './follower.ts';

/** How soon an answer that another process took is noticed, in milliseconds. */
const POLL_MS = 250;

/** How far the reading may fall behind while nothing waits, in milliseconds. */
const KEEP_UP_MS = 1_000;

/** Tells those who wait that the ledger may say something new. */
export class News {
  readonly #follower: ApprovalFollower;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #keepUp: NodeJS.Timeout | undefined;

  constructor(follower: ApprovalFollower) {
    this.#follower = follower;
  }

  /** Reads the ledger from now on, so that the next call that is held does not wait for it. */
  start(): void {
    this.#poll();
    this.#keepUp ??= setInterval(() => this.#poll(), KEEP_UP_MS).unref();
  }

  /** Resolves when something may be new, after `maxMs`, or when nobody wants to know any more. */
  async wait(maxMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, maxMs);
    const leave = (): void => resolve();
    signal?.addEventListener('abort', leave);
    this.#waiting.add(resolve);
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(resolve);
      signal?.removeEventListener('abort', leave);
      if (this.#waiting.size === 0) this.#rest();
    }
  }

  /** Wakes those who wait, after this process has taken an answer itself. */
  wake(): void {
    for (const go of [...this.#waiting]) go();
  }

  close(): void {
    clearInterval(this.#keepUp);
    this.#rest();
    this.wake();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #poll(): void {
    // A ledger that cannot be read now is read at the next turn: until then nobody has answered.
    this.#follower.refresh().then(
      () => this.wake(),
      () => {},
    );
  }
}
