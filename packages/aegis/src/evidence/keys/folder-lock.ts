import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { AegisError } from '@aegis/core';

/** How long somebody waits for the lock unless said, in milliseconds. */
const MAX_WAIT_MS = 10_000;

const SQLITE_BUSY = 5;

/**
 * Does work while no other process, and no other part of this one, holds the folder. The lock is one of
 * SQLite's on an empty file: the system releases it when its holder dies, whichever way, and nothing is
 * left to clean up. Fails with `STORE_UNAVAILABLE` when others hold it for too long.
 */
export async function holding<T>(
  folder: string,
  work: () => Promise<T>,
  maxWaitMs: number = MAX_WAIT_MS,
): Promise<T> {
  const lock = await acquire(join(folder, 'lock'), maxWaitMs);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(file: string, maxWaitMs: number): Promise<DatabaseSync> {
  const until = performance.now() + maxWaitMs;
  for (;;) {
    const lock = tryAcquire(file);
    if (lock !== undefined) return lock;
    if (performance.now() > until) {
      throw new AegisError('STORE_UNAVAILABLE', `another process holds \`${file}\``);
    }
    // At random, so that two who wait do not meet again and again.
    await setTimeout(2 + Math.random() * 20);
  }
}

// In one turn: closing any handle of a file drops all locks that the process has on it (POSIX), so that
// nobody may hold one between the making of the file and the lock.
function tryAcquire(file: string): DatabaseSync | undefined {
  let lock: DatabaseSync | undefined;
  try {
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN IMMEDIATE');
    return lock;
  } catch (error) {
    lock?.close();
    if (((error as { errcode?: number }).errcode ?? 0) === SQLITE_BUSY) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new AegisError('STORE_UNAVAILABLE', `cannot lock \`${file}\`: ${why}`, { cause: error });
  }
}
