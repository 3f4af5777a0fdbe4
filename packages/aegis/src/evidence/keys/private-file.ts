import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AegisError } from '@aegis/core';

/** No file of a key folder is larger, in bytes: the heads of ten thousand logs fit. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Makes a folder for its owner alone; one that is there stays as it is. Fails with `CONFIG_INVALID`. */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw failed('make the folder', folder, error);
  }
}

/**
 * The text of a file that its owner alone can read; undefined when there is none. Fails with
 * `CONFIG_INVALID` when others can read it, or nobody can.
 */
export async function readPrivate(file: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failed('read', file, error);
  }
  try {
    // Of the open file, so that what is judged is what is read.
    const { mode, size } = await handle.stat();
    // SECURITY: a key that others could read may sign for them already.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AegisError('CONFIG_INVALID', `\`${file}\` can be read by other users`, {
        help: `chmod 600 ${file}; if somebody may have read it, follow with \`aegis ledger rotate-key\``,
      });
    }
    if (size > MAX_BYTES)
      throw new AegisError('CONFIG_INVALID', `\`${file}\` is larger than ${MAX_BYTES} bytes`);
    return await handle.readFile('utf8');
  } catch (error) {
    throw failed('read', file, error);
  } finally {
    await handle.close();
  }
}

/**
 * Puts a text in place of a file's as one step, durable when this resolves: after a crash the file has
 * the old text or the new one. Fails with `CONFIG_INVALID`.
 */
export async function replacePrivate(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw failed('write', file, error);
  }
}

/** Removes a file; durable when this resolves. It need not be there. Fails with `CONFIG_INVALID`. */
export async function removePrivate(file: string): Promise<void> {
  if (!existsSync(file)) return;
  try {
    await rm(file, { force: true });
    await syncFolder(dirname(file));
  } catch (error) {
    throw failed('remove', file, error);
  }
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

function failed(what: string, file: string, error: unknown): AegisError {
  if (error instanceof AegisError) return error;
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new AegisError('CONFIG_INVALID', `cannot ${what} \`${file}\`: ${why}`, { cause: error });
}
