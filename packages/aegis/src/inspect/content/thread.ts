import { Worker } from 'node:worker_threads';
import type { KnownValues } from '@aegis/core';
import type { Done, Job } from './job.ts';

/** What a thread is asked. `values` are absent where it knows them from before. */
export interface ThreadQuestion {
  readonly job: Job;
  readonly values: readonly string[] | undefined;
}

export type ThreadAnswer = { readonly kind: 'done'; readonly done: Done } | { readonly kind: 'failed' };

/** What is done, or why it is not. */
export type Settled = Done | { readonly kind: 'failed'; readonly why: string };

export interface ThreadLimits {
  /** Most memory of one thread, in megabytes. */
  readonly memoryMb: number;
  /** Longest work on one content, in milliseconds. */
  readonly deadlineMs: number;
}

/** One thread, which does one thing at a time. It ends with what goes wrong in it. */
export class ContentThread {
  readonly #worker: Worker;
  readonly #deadlineMs: number;
  #knows: KnownValues | undefined;
  #settle: ((settled: Settled) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor({ memoryMb, deadlineMs }: ThreadLimits) {
    this.#deadlineMs = deadlineMs;
    this.#worker = new Worker(WORKER, {
      // SECURITY: what it reads was written by anybody: it sees no environment, and says nothing on our streams.
      env: {},
      stdout: true,
      stderr: true,
      ...(IN_SOURCES ? { execArgv: ['--conditions=@aegis/source'] } : {}),
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.on('message', (answer: ThreadAnswer) =>
      this.#answer(answer.kind === 'done' ? answer.done : failed('an inspector failed')),
    );
    this.#worker.on('error', () => this.#end('its thread has ended'));
    this.#worker.on('exit', () => this.#end('its thread has ended'));
    this.#worker.unref();
  }

  get ended(): boolean {
    return this.#ended;
  }

  get busy(): boolean {
    return this.#settle !== undefined;
  }

  /** Only for a thread that is neither busy nor ended. */
  run(job: Job, known: KnownValues): Promise<Settled> {
    return new Promise((settle) => {
      this.#settle = settle;
      this.#timer = setTimeout(
        () => this.#end(`it was not read within ${this.#deadlineMs} ms`),
        this.#deadlineMs,
      );
      // Somebody waits for it: the process stays.
      this.#worker.ref();
      const values = known === this.#knows ? undefined : known.values();
      this.#knows = known;
      this.#worker.postMessage({ job, values } satisfies ThreadQuestion, []);
    });
  }

  async stop(): Promise<void> {
    this.#end('it was stopped');
    await this.#worker.terminate();
  }

  #answer(settled: Settled): void {
    const settle = this.#settle;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    this.#worker.unref();
    settle?.(settled);
  }

  #end(why: string): void {
    if (!this.#ended) {
      this.#ended = true;
      void this.#worker.terminate();
    }
    this.#answer(failed(why));
  }
}

function failed(why: string): Settled {
  return { kind: 'failed', why };
}

/** Sources run as they are; what is built has another ending. */
const IN_SOURCES = import.meta.url.endsWith('.ts');
const WORKER = new URL(IN_SOURCES ? './worker.ts' : './worker.js', import.meta.url);
