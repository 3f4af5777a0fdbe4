import { writeFile } from 'node:fs/promises';
import { AegisError } from '@aegis/core';

/** Writes a file that is not there yet. Fails with `FILE_UNREADABLE`, and with `INPUT_INVALID` when it is. */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new AegisError('INPUT_INVALID', `\`${path}\` is there already`);
    throw new AegisError('FILE_UNREADABLE', `cannot write \`${path}\`: ${code ?? 'unknown error'}`);
  }
}
