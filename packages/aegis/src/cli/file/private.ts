import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unwritable } from './replace.ts';

/** The folder beside a configuration in which Aegis keeps what is nobody else's. */
export function aegisFolder(configuration: string): string {
  return join(dirname(configuration), '.aegis');
}

/** Makes `.aegis`, and folders below it, for the owner alone; version control ignores what is in it. */
export async function makePrivate(configuration: string, ...below: readonly string[]): Promise<string> {
  const folder = aegisFolder(configuration);
  const path = join(folder, ...below);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const ignore = join(folder, '.gitignore');
    // SECURITY: backups hold what the client's files held, credentials included.
    if (!existsSync(ignore)) await writeFile(ignore, '*\n', { mode: 0o600, flag: 'wx' });
    return path;
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Writes a file that only its owner can read and that was not there before. */
export async function writePrivate(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Keeps a copy of a text beside the configuration; gives its file. */
export async function backUp(configuration: string, file: string, text: string): Promise<string> {
  const folder = await makePrivate(configuration, 'backups');
  const time = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*$/, 'Z');
  for (let n = 1; ; n++) {
    const copy = join(folder, `${basename(file)}.${time}${n === 1 ? '' : `-${n}`}`);
    if (existsSync(copy)) continue;
    await writePrivate(copy, text);
    return copy;
  }
}
