import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { editKillFile, type KillTarget, readKillFile } from '@aegis/core';
import { replaceOwnFile } from '../disk/put.ts';

/** Where switches stand that need no ledger. */
export function killFileOf(directory: string): string {
  return join(directory, '.aegis', 'killed');
}

/**
 * What the file stops; nothing where there is none.
 *
 * SECURITY: a file that is there and cannot be read stops everything.
 */
export async function readKilled(file: string): Promise<readonly KillTarget[]> {
  const text = await textOf(file);
  return text === undefined ? [{ scope: 'all' }] : readKillFile(text);
}

/** Puts a target into the file, or takes it out. The file is replaced as a whole. */
export async function writeKilled(file: string, target: KillTarget, killed: boolean): Promise<void> {
  const before = (await textOf(file)) ?? '';
  const after = editKillFile(before, target, killed);
  if (after === before) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceOwnFile(file, after);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? '' : undefined;
  }
}
