import { Worker } from 'node:worker_threads';
import type { Evaluated, JsonValue, ModuleInput } from '@aegis/core';
import { failed, given, inputText, late, type OpinionSource } from './opinion.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly module: Uint8Array;
  /** JSON of what the policies find below `data`. */
  readonly data: string | undefined;
  readonly entrypoint: string;
  /** Most memory of the policy, in pages of 64 KiB. */
  readonly memoryPages: number;
}

export type WorkerAnswer =
  | { readonly kind: 'ready'; readonly entrypoints: readonly string[] }
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'answer'; readonly value: JsonValue | undefined }
  | { readonly kind: 'failed'; readonly message: string };

interface Question {
  readonly text: string;
  readonly answer: (evaluated: Evaluated) => void;
  readonly timer: NodeJS.Timeout;
}

/** Most calls that wait for the one before them. */
const MAX_WAITING = 256;
/** Memory of the thread itself, in megabytes. */
const THREAD_MB = 64;
/** Shortest time between two starts, in milliseconds. */
const RESTART_MS = 200;

/** What came of a first start. */
export type Started =
  | { readonly kind: 'ready'; readonly entrypoints: readonly string[] }
  | { readonly kind: 'unusable'; readonly message: string };

/**
 * A policy in a worker, asked about one call at a time. An evaluation that takes too long is ended with its thread, and
 * another one is started for the calls that wait.
 */
export class OpaThread implements OpinionSource {
  readonly #settings: WorkerSettings;
  readonly #deadlineMs: number;
  readonly #waiting: Question[] = [];
  #running: Question | undefined;
  #worker: Worker | undefined;
  #ready = false;
  #closed = false;
  #startedAt = Number.NEGATIVE_INFINITY;
  #drained: (() => void) | undefined;

  constructor(settings: WorkerSettings, deadlineMs: number) {
    this.#settings = settings;
    this.#deadlineMs = deadlineMs;
  }

  /** Starts the thread and hears what is in the module. */
  start(timeoutMs: number): Promise<Started> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        void this.#stop();
        resolve({ kind: 'unusable', message: `it was not ready within ${timeoutMs} ms` });
      }, timeoutMs);
      this.#start((started) => {
        clearTimeout(timer);
        resolve(started);
      });
    });
  }

  ask(input: ModuleInput): Promise<Evaluated> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve(failed('too many calls wait for it'));
    const text = inputText(input);
    return new Promise((answer) => {
      const timer = setTimeout(() => this.#expire(question), this.#deadlineMs);
      const question: Question = { text, answer, timer };
      this.#waiting.push(question);
      this.#next();
    });
  }

  /** A call that asks after that, because it began before, is answered by a thread that ends with it. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running === undefined && this.#waiting.length === 0) return this.#stop();
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #next(): void {
    if (this.#running !== undefined) return;
    if (this.#waiting.length === 0) {
      if (this.#closed) void this.#stop().then(this.#drained);
      return;
    }
    if (this.#worker === undefined) this.#restart();
    if (this.#worker === undefined || !this.#ready) return;
    this.#running = this.#waiting.shift();
    const bytes = new TextEncoder().encode(this.#running?.text);
    this.#worker.postMessage(bytes.buffer, [bytes.buffer]);
  }

  #restart(): void {
    const wait = this.#startedAt + RESTART_MS - performance.now();
    if (wait <= 0) this.#start();
    else setTimeout(() => this.#next(), wait).unref();
  }

  #start(told: (started: Started) => void = () => {}): void {
    this.#startedAt = performance.now();
    this.#ready = false;
    const worker = new Worker(WORKER, {
      workerData: this.#settings,
      // SECURITY: what it runs is somebody's program: it sees no environment, and says nothing on our streams.
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MB },
    });
    this.#worker = worker;
    worker.on('message', (answer: WorkerAnswer) => {
      if (worker !== this.#worker) return;
      if (answer.kind === 'ready') {
        this.#ready = true;
        told(answer);
      } else if (answer.kind === 'unusable') {
        told(answer);
        this.#end(failed('it could not be started'));
      } else {
        this.#settle(answer.kind === 'answer' ? given(answer.value) : failed(`it fails: ${answer.message}`));
      }
      this.#next();
    });
    worker.on('error', ({ message }) => {
      if (worker !== this.#worker) return;
      told({ kind: 'unusable', message });
      this.#end(failed('its thread has ended'));
      this.#next();
    });
    // After the listeners, which hold the process like the thread does.
    worker.unref();
  }

  /** Answers the question under way. */
  #settle(evaluated: Evaluated): void {
    const question = this.#running;
    this.#running = undefined;
    if (question === undefined) return;
    clearTimeout(question.timer);
    question.answer(evaluated);
  }

  #expire(question: Question): void {
    if (question === this.#running) {
      this.#end(late(this.#deadlineMs));
    } else {
      const at = this.#waiting.indexOf(question);
      if (at >= 0) this.#waiting.splice(at, 1);
      question.answer(late(this.#deadlineMs));
    }
    this.#next();
  }

  /** Ends the thread, and with it what it was asked. */
  #end(evaluated: Evaluated): void {
    void this.#stop();
    this.#settle(evaluated);
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    await worker?.terminate();
  }
}

/** Sources run as they are; what is built has another ending. */
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);
