import type { JsonObject } from '@aegis/core';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../../platform.ts';
import type { Send } from '../../channel.ts';
import type { Governed } from '../../govern.ts';
import { isTerminal, type TaskStatus } from './server-task.ts';

/** A request of the client that waits for the result of a task: what its server asks meanwhile goes there. */
export interface TaskWaiter {
  readonly send: Send;
  readonly signal: AbortSignal;
}

/** How often a client is told to ask for the status, in milliseconds, whatever its server says. */
const MIN_POLL_MS = 500;
const MAX_POLL_MS = 30_000;

/** One tool call of a client that goes on after its request was answered: what the client knows of it. */
export class ClientTask {
  /** 128 bits from the operating system: an id of ours, whatever the server calls its task. */
  readonly id = randomBytes(16).toString('base64url');
  readonly #createdAtMs = systemClock.now();
  readonly #abort = new AbortController();
  readonly #begun = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  readonly #waiters = new Set<TaskWaiter>();
  readonly #changed: (task: ClientTask) => void;
  #status: TaskStatus = 'working';
  #message: string | undefined;
  #updatedAtMs = this.#createdAtMs;
  #ttlMs: number;
  #pollMs = 1_000;
  #governed: Governed | undefined;
  #poke: () => void = () => {};
  isBegun = false;

  /** `changed` hears of every change of the status. */
  constructor(ttlMs: number, changed: (task: ClientTask) => void) {
    this.#ttlMs = ttlMs;
    this.#changed = changed;
  }

  /** Raised when nobody wants the result any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get status(): TaskStatus {
    return this.#status;
  }

  /** From the beginning of the task to the end of everything that is kept of it. */
  get ttlMs(): number {
    return this.#ttlMs;
  }

  /** What came of the call; undefined while it goes on, and when it was cancelled. */
  get governed(): Governed | undefined {
    return this.#governed;
  }

  /** The newest request that waits for the result. */
  get waiter(): TaskWaiter | undefined {
    return [...this.#waiters].at(-1);
  }

  /** Resolves when the server has taken the call, or when the call is over. */
  get taken(): Promise<void> {
    return this.#begun.promise;
  }

  /** Resolves when the call has its outcome, or was cancelled. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** The server has taken the call. */
  begin(ttlMs: number): void {
    this.#ttlMs = Math.min(ttlMs, this.#ttlMs);
    this.isBegun = true;
    this.#begun.resolve();
  }

  /** Takes in what the server says of it, until it is over: that it is, only the outcome of the call says. */
  update(status: TaskStatus, message: string | undefined, pollMs = this.#pollMs): void {
    if (isTerminal(this.#status)) return;
    this.#message = message;
    this.#pollMs = Math.min(Math.max(pollMs, MIN_POLL_MS), MAX_POLL_MS);
    this.#become(isTerminal(status) ? 'working' : status);
  }

  /**
   * The call has its outcome, which is recorded.
   *
   * INVARIANT: a task that was cancelled stays so, and gives no result.
   */
  settle(governed: Governed): void {
    if (!isTerminal(this.#status)) {
      this.#governed = governed;
      this.#message = governed.kind === 'denied' ? governed.denial.message : undefined;
      const succeeded = governed.kind === 'result' && governed.result['isError'] !== true;
      this.#become(succeeded ? 'completed' : 'failed');
    }
    this.#begun.resolve();
    this.#over.resolve();
  }

  /** Gives the call up; false when it is over. */
  cancel(): boolean {
    if (isTerminal(this.#status)) return false;
    this.#message = undefined;
    this.#become('cancelled');
    this.#abort.abort();
    this.#poke();
    this.#over.resolve();
    return true;
  }

  /** Waits until the task is over. Questions of its server go to this client meanwhile. */
  async wait(waiter: TaskWaiter): Promise<void> {
    this.#waiters.add(waiter);
    this.#poke();
    const { promise: givenUp, resolve } = Promise.withResolvers<void>();
    const giveUp = (): void => resolve();
    waiter.signal.addEventListener('abort', giveUp);
    if (waiter.signal.aborted) giveUp();
    try {
      await Promise.race([this.over, givenUp]);
    } finally {
      waiter.signal.removeEventListener('abort', giveUp);
      this.#waiters.delete(waiter);
    }
  }

  /** Rests until there may be something new: `poke`, a client that waits, the end of the task. */
  async rest(ms: number): Promise<void> {
    if (this.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#poke = resolve;
    await promise;
    clearTimeout(timer);
    this.#poke = () => {};
  }

  /** Something is new. */
  poke(): void {
    this.#poke();
  }

  /** As the client is told of it; with the words of its server only where what is told is recorded. */
  view(words: 'with words' | 'without words'): JsonObject {
    const message = words === 'with words' ? this.#message : undefined;
    return {
      taskId: this.id,
      status: this.#status,
      ...(message === undefined ? {} : { statusMessage: message }),
      createdAt: new Date(this.#createdAtMs).toISOString(),
      lastUpdatedAt: new Date(this.#updatedAtMs).toISOString(),
      ttl: this.#ttlMs,
      pollInterval: this.#pollMs,
    };
  }

  #become(status: TaskStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#updatedAtMs = systemClock.now();
    if (this.isBegun) this.#changed(this);
  }
}
