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

  /** `path`: of the ledger, which is open. */
  constructor(connection: SqliteConnection, path: string) {
    this.#connection = connection;
    // On Windows a file is only flushed by whoever may write to it.
    this.#file = openSync(`${path}-wal`, 'r+');
    if (process.platform === 'win32') return;
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /** Resolves when everything that was committed before is on the disk; rejects with `STORE_UNAVAILABLE`, for good. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#file, (error) => {
        if (error === null) resolve();
        // The system may have dropped the very pages that it failed to write.
        else reject(this.#connection.lose(error));
      });
    });
  }

  close(): void {
    closeSync(this.#file);
  }
}
