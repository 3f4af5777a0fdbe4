import { closeSync, existsSync, lstatSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

/** A lock that is held. */
export interface FileLock {
  readonly release: () => void;
}

/** How long somebody waits for a lock unless said, in milliseconds. */
export const LOCK_WAIT_MS = 10_000;

const SQLITE_BUSY = 5;

/**
 * Locks a file against every other process and every other part of this one; undefined when others held it all the
 * time. The lock is one of SQLite's on an empty file: the system releases it when its holder dies, whichever way, and
 * nothing is left to clean up. Fails with the system's error, or SQLite's.
 */
export async function lockFile(file: string, maxWaitMs: number): Promise<FileLock | undefined> {
  const until = performance.now() + maxWaitMs;
  for (;;) {
    const held = tryLock(file);
    if (held !== undefined) return { release: () => held.close() };
    if (performance.now() > until) return undefined;
    // At random, so that two who wait do not meet again and again.
    await setTimeout(2 + Math.random() * 20);
  }
}

// In one turn: closing any handle of a file drops all locks that the process has on it (POSIX), so that nobody may hold
// one between the making of the file and the lock.
function tryLock(file: string): DatabaseSync | undefined {
  let held: DatabaseSync | undefined;
  try {
    // SECURITY: a link that leads elsewhere would have Aegis make, or lock, a file of somebody else's choice.
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw Object.assign(new Error(`\`${file}\` is a link`), { code: 'ELOOP' });
    }
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    held = new DatabaseSync(file, { timeout: 0 });
    held.exec('BEGIN IMMEDIATE');
    return held;
  } catch (error) {
    held?.close();
    if (((error as { errcode?: number }).errcode ?? 0) === SQLITE_BUSY) return undefined;
    throw error;
  }
}
