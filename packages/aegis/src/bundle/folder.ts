import { constants } from 'node:fs';
import { type FileHandle, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { AegisError } from '@aegis/core';

/** What lies in a folder: paths with `/`, relative to it. */
export interface FolderListing {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Links, devices and whatever else is neither file nor folder. */
  readonly others: ReadonlySet<string>;
}

/** More than the tiles of ten billion events. */
const MAX_ENTRIES = 50_000_000;

/** Lists a folder and those below it, following no link. Fails with `FILE_UNREADABLE`. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const listing = { files: new Set<string>(), folders: new Set<string>(), others: new Set<string>() };
  const pending = [''];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const path = below;
    try {
      for await (const entry of await opendir(join(folder, path))) {
        const name = path === '' ? entry.name : `${path}/${entry.name}`;
        if (entry.isDirectory()) {
          listing.folders.add(name);
          pending.push(name);
        } else {
          (entry.isFile() ? listing.files : listing.others).add(name);
        }
        if (listing.files.size + listing.folders.size + listing.others.size > MAX_ENTRIES) {
          throw new AegisError('FILE_UNREADABLE', `\`${folder}\` has too many files`);
        }
      }
    } catch (error) {
      throw unreadable(join(folder, path), error);
    }
  }
  return listing;
}

/** Opens a regular file for reading; a link is none. Fails with `FILE_UNREADABLE`. */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    // Not waiting: a named pipe in the place of a file would never answer.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const handle = await open(path, flags);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new AegisError('FILE_UNREADABLE', `\`${path}\` is not a file`);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The bytes of a file; undefined when it has more than `maxBytes`. Fails with `FILE_UNREADABLE`. */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) return undefined;
    // One byte more: a file that grows is not read as if it had ended.
    const bytes = Buffer.alloc(size + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes.length) break;
    }
    return length > size ? undefined : bytes.subarray(0, length);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

export function unreadable(path: string, error: unknown): AegisError {
  if (error instanceof AegisError) return error;
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new AegisError('FILE_UNREADABLE', `cannot read \`${path}\`: ${why}`, { cause: error });
}
