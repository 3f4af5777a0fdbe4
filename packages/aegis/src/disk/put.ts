import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/**
 * Puts content in place of a file's as one step, for its owner alone, and durable when this resolves: whoever reads the
 * file, also after a crash, sees what was there or what is there now. Fails with the system's error.
 */
export function replaceOwnFile(file: string, content: string | Uint8Array): Promise<void> {
  return put(file, content, (temporary) => rename(temporary, file));
}

/** The same for a file that is not there; one that came meanwhile stays as it is. */
export function writeNewOwnFile(file: string, content: string | Uint8Array): Promise<void> {
  return put(file, content, (temporary) =>
    // SECURITY: a link and no rename: of two that begin at once neither takes the file from the other.
    link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    }),
  );
}

/** Removes what writers of a file that were killed have left beside it; nobody may be writing it. */
export async function removeLeftovers(file: string): Promise<void> {
  const start = basename(temporaryStart(file));
  const names = await readdir(dirname(file)).catch(() => []);
  for (const name of names) if (name.startsWith(start)) await rm(join(dirname(file), name), { force: true });
}

async function put(
  file: string,
  content: string | Uint8Array,
  settle: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${temporaryStart(file)}${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await settle(temporary);
    await syncFolder(dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}

function temporaryStart(file: string): string {
  return join(dirname(file), `.${basename(file)}.new-`);
}
