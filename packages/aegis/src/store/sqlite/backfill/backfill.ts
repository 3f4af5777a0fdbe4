import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** What the thread is started with. */
export interface BackfillSettings {
  /** Path of the ledger. */
  readonly path: string;
}

/** What the thread is asked: to move what is in the log, or to end. */
export type BackfillQuestion = 'move' | 'end';

/** Pages in the write-ahead log, and how many of them are in the ledger as well. */
export interface Backfilled {
  readonly pages: number;
  readonly moved: number;
}

/** Pages that are written between two moves. */
const DUE_PAGES = 500;

/** Pages in the log from which on appends wait for the end of a move, so that the log begins anew. */
const HOLD_PAGES = 2000;

/** What a commit writes, roughly: so many bytes of entries fill a page, and some pages are written again each time. */
const BYTES_OF_PAGE = 7_000;
const PAGES_OF_COMMIT = 4;

/**
 * Moves the pages of the write-ahead log into the ledger, in a thread of its own: reading, writing and flushing them
 * takes long enough that everybody would notice.
 *
 * SECURITY: it is SQLite that moves them, as another process would that has the file open. Killed at any point, the
 * log still has everything that the ledger has not.
 */
export class Backfill {
  readonly #path: string;
  readonly #hold: (work: () => Promise<void>) => Promise<void>;
  #worker: Worker | undefined;
  #answer: ((backfilled: Backfilled | undefined) => void) | undefined;
  /** Pages since the newest move began. */
  #written = 0;
  #holdPages = HOLD_PAGES;
  #round: Promise<void> | undefined;

  /** `hold`: lets nobody append while something is done. */
  constructor(db: DatabaseSync, hold: (work: () => Promise<void>) => Promise<void>) {
    this.#path = String(db.location());
    this.#hold = hold;
  }

  /** Hears of each commit how many bytes of entries it had. */
  wrote(bytes: number): void {
    this.#written += PAGES_OF_COMMIT + bytes / BYTES_OF_PAGE;
    if (this.#written < DUE_PAGES || this.#round !== undefined) return;
    this.#written = 0;
    this.#round = this.#move().finally(() => {
      this.#round = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#round;
    const worker = this.#worker;
    if (worker === undefined) return;
    await new Promise((ended) => {
      worker.ref();
      worker.once('exit', ended);
      worker.postMessage('end' satisfies BackfillQuestion, []);
    });
  }

  /** A move that fails is made up for by the next one, or within a commit when the log has grown too long. */
  async #move(): Promise<void> {
    const first = await this.#ask();
    if (first === undefined || first.pages < this.#holdPages) return;
    await this.#hold(async () => {
      const rest = await this.#ask();
      // Who reads an older state, or writes from another process, keeps the log from its end.
      const isWhole = rest !== undefined && rest.moved === rest.pages;
      this.#holdPages = HOLD_PAGES + (isWhole ? 0 : first.pages);
    });
  }

  #ask(): Promise<Backfilled | undefined> {
    this.#worker ??= this.#started();
    const worker = this.#worker;
    return new Promise((resolve) => {
      this.#answer = resolve;
      // Appends may wait for it: the process stays.
      worker.ref();
      worker.postMessage('move' satisfies BackfillQuestion, []);
    });
  }

  #started(): Worker {
    const worker = new Worker(WORKER, {
      workerData: { path: this.#path } satisfies BackfillSettings,
      env: {},
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
    });
    worker.on('message', (backfilled: Backfilled | undefined) => {
      worker.unref();
      this.#settle(backfilled);
    });
    const end = (): void => {
      if (worker === this.#worker) this.#worker = undefined;
      this.#settle(undefined);
    };
    worker.on('error', end);
    worker.on('exit', end);
    return worker;
  }

  #settle(backfilled: Backfilled | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(backfilled);
  }
}

/** Sources run as they are; what is built has another ending. */
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);
