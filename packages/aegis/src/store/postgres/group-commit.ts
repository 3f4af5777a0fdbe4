import type { AppendRequest } from '../../ports.ts';
import { AppendQueue, type GroupCommitLimits, type Refusals, settle, type Waiting } from '../append-queue.ts';

/** Makes a batch durable; answers, for each request, why it was refused. */
export type Commit<R extends AppendRequest> = (batch: readonly R[]) => Promise<Refusals>;

/**
 * Gathers appends while a flush is under way, so that the next one serves all of them. There is one flush at a
 * time and no timer: batches grow with the load by themselves.
 */
export class GroupCommit<R extends AppendRequest> {
  readonly #commit: Commit<R>;
  readonly #queue: AppendQueue<R>;
  #flushing: Promise<void> | undefined;

  constructor(commit: Commit<R>, limits: GroupCommitLimits) {
    this.#commit = commit;
    this.#queue = new AppendQueue(limits);
  }

  append(request: R): Promise<void> {
    const appended = this.#queue.offer(request);
    this.#flushing ??= this.#flushAll();
    return appended;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flushAll(): Promise<void> {
    // Appends of the same turn of the event loop share the first flush.
    await new Promise(setImmediate);
    while (!this.#queue.isEmpty) await this.#flush(this.#queue.take());
    this.#flushing = undefined;
  }

  async #flush(batch: readonly Waiting<R>[]): Promise<void> {
    try {
      settle(batch, await this.#commit(batch.map(({ request }) => request)));
    } catch (error) {
      settle(
        batch,
        batch.map(() => error as Error),
      );
    }
  }
}
