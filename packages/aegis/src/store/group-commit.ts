import type { AppendRequest } from '../ports.ts';
import { AppendQueue, type GroupCommitLimits, type Refusals, settle, type Waiting } from './append-queue.ts';

export type { GroupCommitLimits } from './append-queue.ts';

/** Commits a batch in one transaction; answers, for each request, why it was refused. */
export type Commit = (batch: readonly AppendRequest[]) => Refusals;

/** Makes everything durable that was committed before. */
export type Flush = () => Promise<void>;

/**
 * Gathers appends so that one transaction, and one flush of the disk, serves everything that waits.
 * There is no timer: the next batch is taken as soon as the batch before it is durable, so that
 * batches grow with the load by themselves.
 */
export class GroupCommit {
  readonly #commit: Commit;
  readonly #makeDurable: Flush | undefined;
  readonly #queue: AppendQueue<AppendRequest>;
  #scheduled = false;
  /** Batches that are committed and not durable yet. */
  #flushing = 0;
  #idle: (() => void)[] = [];
  #problem: string | undefined;

  /** Without `flush` a commit is durable when it ends. */
  constructor(commit: Commit, limits: GroupCommitLimits, flush?: Flush) {
    this.#commit = commit;
    this.#makeDurable = flush;
    this.#queue = new AppendQueue(limits);
  }

  append(request: AppendRequest): Promise<void> {
    const appended = this.#queue.offer(request);
    this.#goOn();
    return appended;
  }

  /** Why the newest batch failed as a whole; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Commits everything that waits, now. */
  flush(): void {
    while (!this.#queue.isEmpty) this.#write(this.#queue.take());
    this.#goOn();
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  get #isIdle(): boolean {
    return this.#queue.isEmpty && this.#flushing === 0;
  }

  #goOn(): void {
    if (this.#isIdle) for (const resolve of this.#idle.splice(0)) resolve();
    if (this.#scheduled || this.#flushing > 0 || this.#queue.isEmpty) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const batch = this.#queue.take();
      if (batch.length > 0) this.#write(batch);
      this.#goOn();
    });
  }

  #write(batch: readonly Waiting<AppendRequest>[]): void {
    let refusals: Refusals;
    try {
      refusals = this.#commit(batch.map(({ request }) => request));
    } catch (error) {
      this.#fail(batch, error as Error);
      return;
    }
    if (this.#makeDurable === undefined) {
      this.#end(batch, refusals);
      return;
    }
    this.#flushing += 1;
    void this.#makeDurable().then(
      () => this.#flushed(() => this.#end(batch, refusals)),
      (error: Error) => this.#flushed(() => this.#fail(batch, error)),
    );
  }

  #flushed(end: () => void): void {
    this.#flushing -= 1;
    end();
    this.#goOn();
  }

  #end(batch: readonly Waiting<AppendRequest>[], refusals: Refusals): void {
    this.#problem = undefined;
    settle(batch, refusals);
  }

  #fail(batch: readonly Waiting<AppendRequest>[], error: Error): void {
    this.#problem = error.message;
    settle(
      batch,
      batch.map(() => error),
    );
  }
}
