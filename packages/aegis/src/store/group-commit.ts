import type { AppendRequest } from '../ports.ts';
import { AppendQueue, type GroupCommitLimits, type Refusals, settle, type Waiting } from './append-queue.ts';

export type { GroupCommitLimits } from './append-queue.ts';

/** Makes a batch durable in one transaction; answers, for each request, why it was refused. */
export type Commit = (batch: readonly AppendRequest[]) => Refusals;

/**
 * Gathers appends so that one transaction, and one flush of the disk, serves everything that waits.
 * There is no timer: the next batch is taken as soon as the batch before it has ended, so that
 * batches grow with the load by themselves.
 */
export class GroupCommit {
  readonly #commit: Commit;
  readonly #queue: AppendQueue<AppendRequest>;
  #scheduled = false;
  #idle: (() => void)[] = [];
  #problem: string | undefined;

  constructor(commit: Commit, limits: GroupCommitLimits) {
    this.#commit = commit;
    this.#queue = new AppendQueue(limits);
  }

  append(request: AppendRequest): Promise<void> {
    const appended = this.#queue.offer(request);
    if (!this.#queue.isEmpty) this.#schedule();
    return appended;
  }

  /** Why the newest flush failed as a whole; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Commits everything that waits, now. */
  flush(): void {
    while (!this.#queue.isEmpty) this.#flush();
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    if (this.#queue.isEmpty) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const batch = this.#queue.take();
    if (batch.length > 0) this.#write(batch);
    if (!this.#queue.isEmpty) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  #write(batch: readonly Waiting<AppendRequest>[]): void {
    let refusals: Refusals;
    try {
      refusals = this.#commit(batch.map(({ request }) => request));
      this.#problem = undefined;
    } catch (error) {
      this.#problem = (error as Error).message;
      refusals = batch.map(() => error as Error);
    }
    settle(batch, refusals);
  }
}
