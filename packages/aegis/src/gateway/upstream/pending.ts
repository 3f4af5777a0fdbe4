import { UpstreamError, type UpstreamFailure, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import type { ProgressListener } from './server.ts';

/** Requests that wait for their answer on one connection, by the id that we gave them. */
export class PendingRequests {
  readonly #server: string;
  readonly #abandoned: (id: number, failure: UpstreamFailure) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** `abandoned` is told of each request that was given up because of time or a cancellation. */
  constructor(server: string, abandoned: (id: number, failure: UpstreamFailure) => void) {
    this.#server = server;
    this.#abandoned = abandoned;
  }

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Opens a request. The promise rejects with `UpstreamError` only; every listener is gone when it settles. */
  open(limits: UpstreamLimits, progress?: ProgressListener): { id: number; reply: Promise<UpstreamReply> } {
    const id = this.#nextId++;
    if (limits.signal?.aborted === true) return { id, reply: Promise.reject(this.#error('cancelled', 0)) };
    const reply = new Promise<UpstreamReply>((resolve, reject) => {
      this.#waiting.set(id, new Waiting(this, id, limits, progress, resolve, reject));
    });
    return { id, reply };
  }

  progressOf(id: number): ProgressListener | undefined {
    return this.#waiting.get(id)?.progress;
  }

  /** The largest result that a request may have; undefined when nothing waits under this id. */
  maxOutputBytes(id: number): number | undefined {
    return this.#waiting.get(id)?.maxOutputBytes;
  }

  settle(id: number, outcome: UpstreamReply | UpstreamError): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.settle(outcome);
  }

  settleAll(error: UpstreamError): void {
    for (const id of this.#waiting.keys()) this.settle(id, error);
  }

  abandon(id: number, failure: 'timeout' | 'cancelled', timeoutMs: number): void {
    this.settle(id, this.#error(failure, timeoutMs));
    this.#abandoned(id, failure);
  }

  #error(failure: 'timeout' | 'cancelled', timeoutMs: number): UpstreamError {
    const message =
      failure === 'timeout'
        ? `server \`${this.#server}\` did not answer within ${timeoutMs} ms`
        : `the call to server \`${this.#server}\` was cancelled`;
    return new UpstreamError(failure, message);
  }
}

class Waiting {
  readonly progress: ProgressListener | undefined;
  readonly maxOutputBytes: number;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (error: UpstreamError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: () => void;

  constructor(
    requests: PendingRequests,
    id: number,
    { timeoutMs, maxOutputBytes, signal }: UpstreamLimits,
    progress: ProgressListener | undefined,
    resolve: (reply: UpstreamReply) => void,
    reject: (error: UpstreamError) => void,
  ) {
    this.progress = progress;
    this.maxOutputBytes = maxOutputBytes;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => requests.abandon(id, 'timeout', timeoutMs), timeoutMs);
    this.#signal = signal;
    this.#aborted = () => requests.abandon(id, 'cancelled', timeoutMs);
    signal?.addEventListener('abort', this.#aborted);
  }

  settle(outcome: UpstreamReply | UpstreamError): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#aborted);
    if (outcome instanceof UpstreamError) this.#reject(outcome);
    else this.#resolve(outcome);
  }
}
