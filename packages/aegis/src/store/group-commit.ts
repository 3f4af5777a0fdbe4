import { AegisError } from '@aegis/core';
import type { AppendRequest } from '../ports.ts';

/** Makes a batch durable in one transaction; answers, for each request, why it was refused. */
export type Commit = (batch: readonly AppendRequest[]) => readonly (Error | undefined)[];

export interface GroupCommitLimits {
  /** Events in one transaction; a larger request has one of its own. */
  readonly maxBatchEvents: number;
  /** Events waiting; an append beyond is refused at once. */
  readonly maxWaitingEvents: number;
  /** Bytes waiting, roughly: bodies and blobs. */
  readonly maxWaitingBytes: number;
}

interface Waiting {
  readonly request: AppendRequest;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers appends so that one transaction, and one flush of the disk, serves everything that waits.
 * There is no timer: the next batch is taken as soon as the batch before it has ended, so that
 * batches grow with the load by themselves.
 */
export class GroupCommit {
  readonly #commit: Commit;
  readonly #limits: GroupCommitLimits;
  #queue: Waiting[] = [];
  #events = 0;
  #bytes = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];
  #problem: string | undefined;

  constructor(commit: Commit, limits: GroupCommitLimits) {
    this.#commit = commit;
    this.#limits = limits;
  }

  append(request: AppendRequest): Promise<void> {
    const { maxWaitingEvents, maxWaitingBytes } = this.#limits;
    const events = request.entries.length;
    const bytes = bytesOf(request);
    if (this.#events + events > maxWaitingEvents || this.#bytes + bytes > maxWaitingBytes) {
      return Promise.reject(
        new AegisError('STORE_UNAVAILABLE', `the ledger is behind: ${this.#events} events are waiting`),
      );
    }
    this.#events += events;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** Why the newest flush failed as a whole; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    if (!this.#scheduled) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    const batch = this.#take();
    let refusals: readonly (Error | undefined)[];
    try {
      refusals = this.#commit(batch.map(({ request }) => request));
      this.#problem = undefined;
    } catch (error) {
      this.#problem = (error as Error).message;
      refusals = batch.map(() => error as Error);
    }
    this.#scheduled = false;
    if (this.#queue.length > 0) this.#schedule();
    // INVARIANT: an append is acknowledged only after its transaction has committed.
    batch.forEach(({ resolve, reject }, i) => {
      const refusal = refusals[i];
      if (refusal === undefined) resolve();
      else reject(refusal);
    });
    if (this.#scheduled) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #take(): readonly Waiting[] {
    const queue = this.#queue;
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const { request, bytes: size } of queue) {
      if (count > 0 && events + request.entries.length > this.#limits.maxBatchEvents) break;
      count += 1;
      events += request.entries.length;
      bytes += size;
    }
    this.#queue = queue.slice(count);
    this.#events -= events;
    this.#bytes -= bytes;
    return queue.slice(0, count);
  }
}

function bytesOf({ entries }: AppendRequest): number {
  let bytes = 0;
  for (const { body, blobs } of entries) {
    bytes += body.length;
    for (const blob of blobs) bytes += blob.bytes.length;
  }
  return bytes;
}
