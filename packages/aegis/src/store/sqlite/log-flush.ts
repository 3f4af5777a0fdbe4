import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteConnection } from './connection.ts';

/**
 * Brings the write-ahead log to the disk, in another thread: a flush takes longer than all else about a commit, and
 * nobody but who waits for that commit has to wait.
 *
 * SECURITY: the log is one file, written from its beginning to its end; what SQLite does with it afterwards, it flushes
 * itself, also where commits are not flushed (sqlite.org/pragma.html#pragma_synchronous).
 */
export class LogFlush {
  readonly #connection: SqliteConnection;
  readonly #file: number;
  /** The newest flush, when it has ended in one way or the other. */
  #newest: Promise<void> = Promise.resolve();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    // SQLite follows links before it names the log.
    const path = String(connection.db.location());
    // On Windows a file is only flushed by whoever may write to it.
    this.#file = openSync(`${path}-wal`, 'r+');
    if (process.platform === 'win32') return;
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /**
   * Resolves when everything that was committed before is on the disk; rejects with `STORE_UNAVAILABLE`, for good.
   *
   * INVARIANT: one flush at a time, and none after one that failed. The system tells of a failure once: whoever flushes
   * beside it is told that all is well, and what it committed stands in the log behind what is lost.
   */
  flush(): Promise<void> {
    const flushed = this.#newest.then(() => this.#sync());
    this.#newest = flushed.catch(() => {});
    return flushed;
  }

  #sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { failure } = this.#connection;
      if (failure !== undefined) return reject(failure);
      fdatasync(this.#file, (error) => {
        // The system may have dropped the very pages that it failed to write.
        const lost = error === null ? this.#connection.failure : this.#connection.lose(error);
        if (lost === undefined) resolve();
        else reject(lost);
      });
    });
  }

  /** When the newest flush has ended: its descriptor must not become that of another file. */
  async close(): Promise<void> {
    await this.#newest;
    closeSync(this.#file);
  }
}
