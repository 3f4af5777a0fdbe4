import { join } from 'node:path';
import { AegisError } from '@aegis/core';
import { type FileLock, LOCK_WAIT_MS, lockFile } from '../../disk/lock.ts';

/**
 * Does work while no other process, and no other part of this one, holds the folder. Fails with
 * `STORE_UNAVAILABLE` when others hold it for too long.
 */
export async function holding<T>(
  folder: string,
  work: () => Promise<T>,
  maxWaitMs: number = LOCK_WAIT_MS,
): Promise<T> {
  const file = join(folder, 'lock');
  let lock: FileLock | undefined;
  try {
    lock = await lockFile(file, maxWaitMs);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AegisError('STORE_UNAVAILABLE', `cannot lock \`${file}\`: ${why}`, { cause: error });
  }
  if (lock === undefined) throw new AegisError('STORE_UNAVAILABLE', `another process holds \`${file}\``);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
