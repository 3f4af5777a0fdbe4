import type { KnownValues } from '@aegis/core';
import type { Job } from './job.ts';
import { ContentThread, type Settled, type ThreadLimits } from './thread.ts';

export interface PoolLimits extends ThreadLimits {
  readonly threads: number;
  /** After so long without work a thread ends, in milliseconds. */
  readonly idleMs: number;
  /** Most contents that wait, and most that they have together, in UTF-16 units. */
  readonly waiting: number;
  readonly waitingLength: number;
}

export const POOL_LIMITS: PoolLimits = {
  threads: 2,
  memoryMb: 512,
  deadlineMs: 60_000,
  idleMs: 10_000,
  waiting: 64,
  waitingLength: 128 * 1024 * 1024,
};

interface Waiting {
  readonly job: Job;
  readonly length: number;
  readonly known: KnownValues;
  readonly settle: (settled: Settled) => void;
}

/**
 * Threads that read large content, started when there is some and ended when there is none any more. A thread that
 * crashes, takes too long or too much memory takes down the content that it was reading, and nothing else.
 */
export class ContentPool {
  readonly #limits: PoolLimits;
  #threads: ContentThread[] = [];
  readonly #waiting: Waiting[] = [];
  #waitingLength = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(limits: PoolLimits = POOL_LIMITS) {
    this.#limits = limits;
  }

  /** How many threads there are now. */
  get threads(): number {
    return this.#threads.filter(({ ended }) => !ended).length;
  }

  /** Never rejects. `length` is that of the content. */
  run(job: Job, length: number, known: KnownValues): Promise<Settled> {
    if (this.#closed) return Promise.resolve({ kind: 'failed', why: 'nothing is read any more' });
    const { waiting, waitingLength } = this.#limits;
    if (this.#waiting.length >= waiting || this.#waitingLength + length > waitingLength) {
      return Promise.resolve({ kind: 'failed', why: 'too much content waits to be read' });
    }
    return new Promise((settle) => {
      this.#waiting.push({ job, length, known, settle });
      this.#waitingLength += length;
      this.#next();
    });
  }

  /** Ends every thread, and with them what they read. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const { settle } of this.#waiting.splice(0)) settle({ kind: 'failed', why: 'it was stopped' });
    await this.#stopThreads();
  }

  #next(): void {
    clearTimeout(this.#idle);
    while (this.#waiting.length > 0) {
      const thread = this.#free();
      if (thread === undefined) return;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#waitingLength -= next.length;
      void this.#read(thread, next);
    }
    if (this.#threads.some(({ busy }) => busy)) return;
    this.#idle = setTimeout(() => void this.#stopThreads(), this.#limits.idleMs);
    this.#idle.unref();
  }

  async #read(thread: ContentThread, { job, known, settle }: Waiting): Promise<void> {
    settle(await thread.run(job, known));
    this.#next();
  }

  #free(): ContentThread | undefined {
    this.#threads = this.#threads.filter(({ ended }) => !ended);
    const free = this.#threads.find(({ busy }) => !busy);
    if (free !== undefined || this.#threads.length >= this.#limits.threads) return free;
    const started = new ContentThread(this.#limits);
    this.#threads.push(started);
    return started;
  }

  async #stopThreads(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.stop()));
  }
}
