import { UpstreamError, type UpstreamFailure, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import type { Conversation } from './server.ts';

/** A request whose server asks its client more often than this is not asked for any more. */
const MAX_ASKS_OF_ONE = 256;

/** What a connection does with requests that are over. */
export interface PendingSink {
  /** A request was given up because of time or a cancellation. */
  abandoned(id: number, failure: UpstreamFailure): void;
  /** A request that its server had asked something for is over, however it ended. */
  left(id: number): void;
}

/** Requests that wait for their answer on one connection, by the id that we gave them. */
export class PendingRequests {
  readonly #server: string;
  readonly #sink: PendingSink;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(server: string, sink: PendingSink) {
    this.#server = server;
    this.#sink = sink;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Opens a request. The promise rejects with `UpstreamError` only; every listener is gone when it settles. */
  open(limits: UpstreamLimits, conversation?: Conversation): { id: number; reply: Promise<UpstreamReply> } {
    const id = this.#nextId++;
    if (limits.signal?.aborted === true) return { id, reply: Promise.reject(this.#error('cancelled', 0)) };
    const reply = new Promise<UpstreamReply>((resolve, reject) => {
      this.#waiting.set(id, new Waiting(this, id, limits, conversation, resolve, reject));
    });
    return { id, reply };
  }

  conversationOf(id: number): Conversation | undefined {
    return this.#waiting.get(id)?.conversation;
  }

  /** The conversation of the only request that waits; undefined when there are others beside it. */
  only(): Conversation | undefined {
    if (this.#waiting.size !== 1) return undefined;
    const [waiting] = this.#waiting.values();
    return waiting?.conversation;
  }

  /** The newest request whose client can be asked. */
  newestAskable(): number | undefined {
    let newest: number | undefined;
    for (const [id, { conversation }] of this.#waiting) if (conversation?.ask !== undefined) newest = id;
    return newest;
  }

  /** The largest result that a request may have; undefined when nothing waits under this id. */
  maxOutputBytes(id: number): number | undefined {
    return this.#waiting.get(id)?.maxOutputBytes;
  }

  /**
   * Stops the time of a request while its client is asked something; as many `resume` let it run on.
   * False when the request is over or its server has asked too often.
   */
  pause(id: number): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.asks >= MAX_ASKS_OF_ONE) return false;
    waiting.pause();
    return true;
  }

  resume(id: number): void {
    this.#waiting.get(id)?.resume();
  }

  settle(id: number, outcome: UpstreamReply | UpstreamError): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.settle(outcome);
    if (waiting.asks > 0) this.#sink.left(id);
  }

  settleAll(error: UpstreamError): void {
    for (const id of this.#waiting.keys()) this.settle(id, error);
  }

  abandon(id: number, failure: 'timeout' | 'cancelled', timeoutMs: number): void {
    this.settle(id, this.#error(failure, timeoutMs));
    this.#sink.abandoned(id, failure);
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
  readonly conversation: Conversation | undefined;
  readonly maxOutputBytes: number;
  /** How often its client was asked something. */
  asks = 0;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (error: UpstreamError) => void;
  readonly #expired: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: () => void;
  #timer: NodeJS.Timeout;
  #startedAt = performance.now();
  #leftMs: number;
  #pauses = 0;

  constructor(
    requests: PendingRequests,
    id: number,
    { timeoutMs, maxOutputBytes, signal }: UpstreamLimits,
    conversation: Conversation | undefined,
    resolve: (reply: UpstreamReply) => void,
    reject: (error: UpstreamError) => void,
  ) {
    this.conversation = conversation;
    this.maxOutputBytes = maxOutputBytes;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#leftMs = timeoutMs;
    this.#expired = () => requests.abandon(id, 'timeout', timeoutMs);
    this.#timer = setTimeout(this.#expired, timeoutMs);
    this.#signal = signal;
    this.#aborted = () => requests.abandon(id, 'cancelled', timeoutMs);
    signal?.addEventListener('abort', this.#aborted);
  }

  pause(): void {
    this.asks++;
    if (this.#pauses++ > 0) return;
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
  }

  resume(): void {
    if (--this.#pauses > 0) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#expired, Math.max(1, this.#leftMs));
  }

  settle(outcome: UpstreamReply | UpstreamError): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#aborted);
    if (outcome instanceof UpstreamError) this.#reject(outcome);
    else this.#resolve(outcome);
  }
}
