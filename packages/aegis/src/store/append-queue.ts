import { AegisError } from '@aegis/core';
import type { AppendRequest } from '../ports.ts';

export interface GroupCommitLimits {
  /** Events in one transaction; a larger request has one of its own. */
  readonly maxBatchEvents: number;
  /** Events waiting; an append beyond is refused at once. */
  readonly maxWaitingEvents: number;
  /** Bytes waiting, roughly: bodies and blobs. */
  readonly maxWaitingBytes: number;
}

/** Bounds of what a refused append is told, in milliseconds. */
const MIN_WAIT_MS = 10;
const MAX_WAIT_MS = 10_000;
const UNKNOWN_WAIT_MS = 1_000;

/** An append that waits, and who is to hear what became of it. */
export interface Waiting<R extends AppendRequest> {
  readonly request: R;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Why each request of a batch was refused; undefined for one that is durable. */
export type Refusals = readonly (Error | undefined)[];

/** Appends that wait for a transaction, in their order and not without bounds. */
export class AppendQueue<R extends AppendRequest> {
  readonly #limits: GroupCommitLimits;
  #waiting: Waiting<R>[] = [];
  #events = 0;
  #bytes = 0;
  /** Events per millisecond that went out lately; 0 before the first batch. */
  #rate = 0;
  #takenAt = performance.now();

  constructor(limits: GroupCommitLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Settles when the request was written or refused; one for which there is no room is refused at once. */
  offer(request: R): Promise<void> {
    const { maxWaitingEvents, maxWaitingBytes } = this.#limits;
    const events = request.entries.length;
    const bytes = bytesOf(request);
    if (this.#events + events > maxWaitingEvents || this.#bytes + bytes > maxWaitingBytes) {
      return Promise.reject(
        new AegisError('STORE_UNAVAILABLE', `the ledger is behind: ${this.#events} events are waiting`, {
          retryAfterMs: this.#waitMs,
        }),
      );
    }
    // A time without work says nothing about how fast it goes.
    if (this.#waiting.length === 0) this.#takenAt = performance.now();
    this.#events += events;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, bytes, resolve, reject });
    });
  }

  /** How long what waits now will take, as fast as it went lately. */
  get #waitMs(): number {
    const estimate = this.#rate === 0 ? UNKNOWN_WAIT_MS : this.#events / this.#rate;
    return Math.ceil(Math.min(Math.max(estimate, MIN_WAIT_MS), MAX_WAIT_MS));
  }

  /** Takes out the next batch. */
  take(): readonly Waiting<R>[] {
    const waiting = this.#waiting;
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const { request, bytes: size } of waiting) {
      if (count > 0 && events + request.entries.length > this.#limits.maxBatchEvents) break;
      count += 1;
      events += request.entries.length;
      bytes += size;
    }
    const now = performance.now();
    const elapsed = Math.min(Math.max(now - this.#takenAt, 0.1), MAX_WAIT_MS);
    this.#rate = this.#rate === 0 ? events / elapsed : (this.#rate * 7 + events / elapsed) / 8;
    this.#takenAt = now;
    this.#waiting = waiting.slice(count);
    this.#events -= events;
    this.#bytes -= bytes;
    return waiting.slice(0, count);
  }
}

/** INVARIANT: an append is acknowledged only after its transaction has committed. */
export function settle(batch: readonly Waiting<AppendRequest>[], refusals: Refusals): void {
  batch.forEach(({ resolve, reject }, i) => {
    const refusal = refusals[i];
    if (refusal === undefined) resolve();
    else reject(refusal);
  });
}

function bytesOf({ entries }: AppendRequest): number {
  let bytes = 0;
  for (const { body, blobs } of entries) {
    bytes += body.length;
    for (const blob of blobs) bytes += blob.bytes.length;
  }
  return bytes;
}
