import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AegisError } from '@aegis/core';

/** The text of a file; undefined when there is none. Fails with `FILE_UNREADABLE`. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AegisError(
      'FILE_UNREADABLE',
      `cannot read \`${file}\`: ${why === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'not UTF-8' : why}`,
    );
  }
}

/**
 * Replaces a file's text as one step: whoever reads it sees the old text or the new one. A file that is
 * not `before` any more is left alone; a link stays a link; the mode is kept. Fails with
 * `FILE_UNREADABLE` when the file cannot be written, or was changed by somebody else meanwhile.
 */
export async function replaceFile(file: string, before: string | undefined, after: string): Promise<void> {
  const target = before === undefined ? file : await realpath(file);
  const mode = before === undefined ? 0o600 : (await stat(target)).mode & 0o777;
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(after);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, mode);
    if ((await readText(target)) !== before) {
      throw new AegisError('FILE_UNREADABLE', `\`${file}\` was changed by another program just now`, {
        help: 'nothing was written: run the command again',
      });
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof AegisError ? error : unwritable(file, error);
  }
}

export function unwritable(file: string, error: unknown): AegisError {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  return new AegisError('FILE_UNREADABLE', `cannot write \`${file}\`: ${why}`, {
    help: 'it, and the folder that it is in, must be yours to write',
  });
}
