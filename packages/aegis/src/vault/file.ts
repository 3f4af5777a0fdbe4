import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, lstatSync, openSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { AegisError, assertNever } from '@aegis/core';
import { vaultFault } from './document.ts';
import { readOwnFile } from './own-file.ts';

/** No vault is larger, in bytes: a thousand values of 64 KiB do not all fit, and nobody has them. */
export const MAX_VAULT_BYTES = 16 * 1024 * 1024;

/** How long a writer waits for another one, in milliseconds. */
const MAX_WAIT_MS = 10_000;

const SQLITE_BUSY = 5;

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
  return putInPlace(file, text, (temporary) => rename(temporary, file));
}

/**
 * Writes a file that was not there before, as one step and durable; one that came meanwhile stays as it is. Fails
 * with `CONFIG_INVALID`.
 */
export function writeNew(file: string, text: string): Promise<void> {
  return putInPlace(file, text, (temporary) =>
    // SECURITY: a link and no rename: two that begin at once must not take the key from each other.
    link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    }),
  );
}

async function putInPlace(
  file: string,
  text: string,
  settle: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${temporaryStart(file)}${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await settle(temporary);
    await syncFolder(dirname(file));
  } catch (error) {
    throw failed(file, 'it cannot be written', error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Does work while nobody else writes the file. The lock is one of SQLite's on an empty file beside it: the system
 * releases it when its holder dies, whichever way. Fails with `STORE_UNAVAILABLE` when others hold it for too long.
 */
export async function holdingFile<T>(
  file: string,
  work: () => Promise<T>,
  maxWaitMs = MAX_WAIT_MS,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw failed(file, 'its folder cannot be made', error);
  });
  const lock = await acquire(`${file}.lock`, maxWaitMs);
  try {
    await removeLeftovers(file);
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
      throw new AegisError('STORE_UNAVAILABLE', `another process writes the vault and holds \`${file}\``, {
        help: 'run the command again when it is done',
      });
    }
    await setTimeout(2 + Math.random() * 20);
  }
}

// In one turn: closing any handle of a file drops all locks that the process has on it (POSIX).
function tryAcquire(file: string): DatabaseSync | undefined {
  let lock: DatabaseSync | undefined;
  try {
    // SECURITY: a link that leads elsewhere would have Aegis make, or lock, a file of somebody else's choice.
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw vaultFault(file, 'it is a link', 'take it away');
    }
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN IMMEDIATE');
    return lock;
  } catch (error) {
    lock?.close();
    if (((error as { errcode?: number }).errcode ?? 0) === SQLITE_BUSY) return undefined;
    throw failed(file, 'it cannot be locked', error);
  }
}

/** What a writer that was killed left: ciphertext that nobody reads. */
async function removeLeftovers(file: string): Promise<void> {
  const start = basename(temporaryStart(file));
  const names = await readdir(dirname(file)).catch(() => []);
  for (const name of names) if (name.startsWith(start)) await rm(join(dirname(file), name), { force: true });
}

function temporaryStart(file: string): string {
  return join(dirname(file), `.${basename(file)}.new-`);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no such flush, and refuses to open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function failed(file: string, what: string, error: unknown): AegisError {
  if (error instanceof AegisError) return error;
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return vaultFault(file, `${what}: ${why}`, MUST_BE_YOURS);
}
