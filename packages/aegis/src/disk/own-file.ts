import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What became of reading a file that is for its owner alone. */
export type OwnFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** The system refuses it; `code` is the error's. */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** A folder, a pipe, a device. */
  | { readonly kind: 'no-file' }
  /** Somebody else may read or write it. */
  | { readonly kind: 'shared' }
  | { readonly kind: 'too-large' };

/** Reads a file of at most `maxBytes` that only its owner may read. Never rejects. */
export async function readOwnFile(file: string, maxBytes: number): Promise<OwnFile> {
  let handle: FileHandle | undefined;
  try {
    // SECURITY: without waiting: a pipe that is put in place of the file would hold whoever opens it for ever.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // Of the open file, so that what is judged is what is read.
    const info = await handle.stat();
    if (!info.isFile()) return { kind: 'no-file' };
    if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) return { kind: 'shared' };
    if (info.size > maxBytes) return { kind: 'too-large' };
    const text = await boundedText(handle, maxBytes);
    return text === undefined ? { kind: 'too-large' } : { kind: 'text', text };
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', code };
  } finally {
    await handle?.close();
  }
}

/** Undefined when there is more: what the file was said to hold can have grown. */
async function boundedText(handle: FileHandle, maxBytes: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of handle.createReadStream({ autoClose: false, end: maxBytes })) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
  }
  return size > maxBytes ? undefined : Buffer.concat(parts).toString('utf8');
}
