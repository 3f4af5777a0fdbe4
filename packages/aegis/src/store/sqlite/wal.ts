import { setTimeout } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS } from './file.ts';

/** Readers of an older state of the file hold the write-ahead log; they are waited for, this often. */
const ATTEMPTS = 20;
const PAUSE_MS = 50;

/**
 * Cuts the write-ahead log to nothing after something was removed: it still has the pages as they were.
 * While somebody reads the ledger as it was before, that has to wait.
 */
export class WriteAheadLog {
  readonly #db: DatabaseSync;
  #due: boolean;

  /** A process that was killed may have left the pages of what it removed. */
  constructor(db: DatabaseSync) {
    const removed = 'SELECT EXISTS (SELECT 1 FROM erasure) OR EXISTS (SELECT 1 FROM segment) AS any_at_all';
    this.#db = db;
    this.#due = db.prepare(removed).get()?.['any_at_all'] === 1;
    this.retry();
  }

  async cut(): Promise<void> {
    this.#due = true;
    for (let attempt = 1; !this.retry() && attempt < ATTEMPTS; attempt++) await setTimeout(PAUSE_MS);
  }

  /** Tries again what had to wait. Answers whether nothing is left to do. */
  retry(): boolean {
    if (!this.#due) return true;
    this.#db.exec('PRAGMA busy_timeout = 0');
    try {
      this.#due = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] !== 0;
    } catch {
      // What was committed stands all the same, and the log is tried again.
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
    return !this.#due;
  }
}
