import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AegisError, assertNever } from '@aegis/core';
import { type FileLock, LOCK_WAIT_MS, lockFile } from '../disk/lock.ts';
import { readOwnFile } from '../disk/own-file.ts';
import { removeLeftovers, replaceOwnFile, writeNewOwnFile } from '../disk/put.ts';
import { vaultFault } from './document.ts';

/** No vault is larger, in bytes: a thousand values of 64 KiB do not all fit, and nobody has them. */
export const MAX_VAULT_BYTES = 16 * 1024 * 1024;

const MUST_BE_YOURS = 'it, and the folder that it is in, must be yours';

/** The text of a file for its owner alone; undefined when there is none. Fails with `CONFIG_INVALID`. */
export async function readOwn(file: string): Promise<string | undefined> {
  const read = await readOwnFile(file, MAX_VAULT_BYTES);
  switch (read.kind) {
    case 'text':
      return read.text;
    case 'absent':
      return undefined;
    case 'unreadable':
      throw vaultFault(file, `it cannot be read: ${read.code}`, MUST_BE_YOURS);
    case 'no-file':
      throw vaultFault(file, 'it is not a file', 'name a file');
    case 'shared':
      throw vaultFault(file, 'other users can read it', `chmod 600 ${file}`);
    case 'too-large':
      throw vaultFault(file, `it is larger than ${MAX_VAULT_BYTES} bytes`, 'put it back from a backup');
    default:
      return assertNever(read);
  }
}

/** Puts a text in place of a file's, as one step and durable: after a crash the file has the old text or the new one. */
export function replaceOwn(file: string, text: string): Promise<void> {
  return written(file, () => replaceOwnFile(file, text));
}

/**
 * Writes a file that was not there before, as one step and durable; one that came meanwhile stays as it is. Fails
 * with `CONFIG_INVALID`.
 */
export function writeNew(file: string, text: string): Promise<void> {
  return written(file, () => writeNewOwnFile(file, text));
}

/**
 * Does work while nobody else writes the file, whatever became of the others. Fails with `STORE_UNAVAILABLE` when they
 * write for too long.
 */
export async function holdingFile<T>(
  file: string,
  work: () => Promise<T>,
  maxWaitMs = LOCK_WAIT_MS,
): Promise<T> {
  const lock = await lockBeside(file, maxWaitMs);
  try {
    // Ciphertext that nobody reads.
    await removeLeftovers(file);
    return await work();
  } finally {
    lock.release();
  }
}

async function lockBeside(file: string, maxWaitMs: number): Promise<FileLock> {
  const beside = `${file}.lock`;
  let lock: FileLock | undefined;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    lock = await lockFile(beside, maxWaitMs);
  } catch (error) {
    const isLink = (error as NodeJS.ErrnoException).code === 'ELOOP';
    throw isLink
      ? vaultFault(beside, 'it is a link', 'take it away')
      : failed(beside, 'it cannot be locked', error);
  }
  if (lock !== undefined) return lock;
  throw new AegisError('STORE_UNAVAILABLE', `another process writes the vault and holds \`${beside}\``, {
    help: 'run the command again when it is done',
  });
}

async function written(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await write();
  } catch (error) {
    throw failed(file, 'it cannot be written', error);
  }
}

function failed(file: string, what: string, error: unknown): AegisError {
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return vaultFault(file, `${what}: ${why}`, MUST_BE_YOURS);
}
