import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AegisError } from '@aegis/core';
import { syncFolder } from '../disk/sync-folder.ts';

const BUFFER_BYTES = 256 * 1024;

/** Writes the files of a bundle and remembers the hash of each. */
export class BundleSink {
  readonly #folder: string;
  readonly #durable: boolean;
  readonly #hashes = new Map<string, string>();
  readonly #made = new Set<string>();

  /** `durable`: everything is on the disk when `sync` resolves. */
  constructor(folder: string, durable: boolean) {
    this.#folder = folder;
    this.#durable = durable;
  }

  get hashes(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#hashes);
  }

  /** Begins a file that is written line by line. */
  async lines(path: string): Promise<LineSink> {
    return new LineSink(await this.#open(path), async (handle, hash) => {
      if (this.#durable) await handle.sync();
      await handle.close();
      this.#hashes.set(path, hash);
    });
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.#open(path);
    try {
      await handle.writeFile(bytes);
      if (this.#durable) await handle.sync();
    } catch (error) {
      throw unwritable(join(this.#folder, path), error);
    } finally {
      await handle.close();
    }
    this.#hashes.set(path, createHash('sha256').update(bytes).digest('hex'));
  }

  /** Makes the folders durable, too. */
  async sync(): Promise<void> {
    if (!this.#durable) return;
    for (const folder of [...this.#made, '.']) await syncFolder(join(this.#folder, folder));
  }

  async #open(path: string): Promise<FileHandle> {
    try {
      const folder = dirname(path);
      if (folder !== '.' && !this.#made.has(folder)) {
        await mkdir(join(this.#folder, folder), { recursive: true, mode: 0o700 });
        for (let one = folder; one !== '.'; one = dirname(one)) this.#made.add(one);
      }
      return await open(join(this.#folder, path), 'wx', 0o600);
    } catch (error) {
      throw unwritable(join(this.#folder, path), error);
    }
  }
}

/** A file of lines on its way to the disk. */
export class LineSink {
  readonly #handle: FileHandle;
  readonly #done: (handle: FileHandle, hash: string) => Promise<void>;
  readonly #hash = createHash('sha256');
  #parts: string[] = [];
  #length = 0;

  constructor(handle: FileHandle, done: (handle: FileHandle, hash: string) => Promise<void>) {
    this.#handle = handle;
    this.#done = done;
  }

  /** Adds a line; waits only when there is much to be written. */
  async line(text: string): Promise<void> {
    this.#parts.push(text);
    this.#length += text.length + 1;
    if (this.#length >= BUFFER_BYTES) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#done(this.#handle, this.#hash.digest('hex'));
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    if (this.#parts.length === 0) return;
    const bytes = Buffer.from(`${this.#parts.join('\n')}\n`);
    this.#parts = [];
    this.#length = 0;
    this.#hash.update(bytes);
    try {
      await this.#handle.appendFile(bytes);
    } catch (error) {
      throw unwritable('the bundle', error);
    }
  }
}

export function unwritable(path: string, error: unknown): AegisError {
  if (error instanceof AegisError) return error;
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new AegisError('FILE_UNREADABLE', `cannot write \`${path}\`: ${why}`, { cause: error });
}
