import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AegisError, assertNever } from '@aegis/core';
import { readOwnFile } from '../../disk/own-file.ts';
import { replaceOwnFile } from '../../disk/put.ts';
import { syncFolder } from '../../disk/sync-folder.ts';

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
  const read = await readOwnFile(file, MAX_BYTES);
  switch (read.kind) {
    case 'text':
      return read.text;
    case 'absent':
      return undefined;
    case 'unreadable':
      throw new AegisError('CONFIG_INVALID', `cannot read \`${file}\`: ${read.code}`);
    case 'no-file':
      throw new AegisError('CONFIG_INVALID', `cannot read \`${file}\`: it is not a file`);
    case 'shared':
      // SECURITY: a key that others could read may sign for them already.
      throw new AegisError('CONFIG_INVALID', `\`${file}\` can be read by other users`, {
        help: `chmod 600 ${file}; if somebody may have read it, follow with \`aegis ledger rotate-key\``,
      });
    case 'too-large':
      throw new AegisError('CONFIG_INVALID', `\`${file}\` is larger than ${MAX_BYTES} bytes`);
    default:
      return assertNever(read);
  }
}

/**
 * Puts a text in place of a file's as one step, durable when this resolves: after a crash the file has
 * the old text or the new one. Fails with `CONFIG_INVALID`.
 */
export async function replacePrivate(file: string, text: string): Promise<void> {
  try {
    await replaceOwnFile(file, text);
  } catch (error) {
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

function failed(what: string, file: string, error: unknown): AegisError {
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new AegisError('CONFIG_INVALID', `cannot ${what} \`${file}\`: ${why}`, { cause: error });
}
