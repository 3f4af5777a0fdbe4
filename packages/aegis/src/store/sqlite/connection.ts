import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AegisError } from '@aegis/core';
import { isFatal, storeError } from './error.ts';

/** How a commit is flushed: FULL before it ends; NORMAL: that is left to the system, or to who asks for it. */
type Level = 'FULL' | 'NORMAL';

/** The one connection over which a store writes; whatever it writes, it writes in transactions. */
export class SqliteConnection {
  readonly db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #dataVersion: StatementSync;
  #failure: AegisError | undefined;
  #rollbacks = 0;
  /** How the connection was opened. */
  readonly #usual: Level;
  #level: Level;

  constructor(db: DatabaseSync) {
    this.db = db;
    // IMMEDIATE: other processes may write to the same file; positions are given under the lock.
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#usual = db.prepare('PRAGMA synchronous').get()?.['synchronous'] === 1 ? 'NORMAL' : 'FULL';
    this.#level = this.#usual;
    this.#dataVersion = db.prepare('PRAGMA data_version');
  }

  /** Within a transaction: what was read before under another version counts for nothing. */
  version(): string {
    return `${Number(this.#dataVersion.get()?.['data_version'])} ${this.#rollbacks}`;
  }

  /** What was read before counts for nothing from now on. */
  forget(): void {
    this.#rollbacks += 1;
  }

  /** Does `work` in one transaction; when it throws, nothing of it is kept. Throws `STORE_UNAVAILABLE`. */
  transaction<T>(work: () => T): T {
    return this.#at(this.#usual, work);
  }

  /** The same, and all of it is on the disk when this returns, also when appends leave that to the system. */
  flushed<T>(work: () => T): T {
    return this.#at('FULL', work);
  }

  /** The same, and the flush is left to the system: it survives a killed process, and may not survive the loss of power. */
  unflushed<T>(work: () => T): T {
    return this.#at('NORMAL', work);
  }

  /** Why nothing is written any more; undefined while it is. */
  get failure(): AegisError | undefined {
    return this.#failure;
  }

  /** A flush has failed: nothing is written any more. */
  lose(cause: unknown): AegisError {
    this.#failure = storeError('the ledger cannot be written', cause);
    return this.#failure;
  }

  #at<T>(level: Level, work: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      if (level !== this.#level) this.db.exec(`PRAGMA synchronous = ${level}`);
      this.#level = level;
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      throw this.#rolledBack(error);
    }
  }

  // A failed flush is never tried again: the system may have dropped the very pages it failed to write.
  #rolledBack(cause: unknown): AegisError {
    this.#rollbacks += 1;
    const error = storeError('the ledger cannot be written', cause);
    let lost = isFatal(cause);
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    } catch {
      lost = true;
    }
    if (lost) this.#failure = error;
    return error;
  }
}
