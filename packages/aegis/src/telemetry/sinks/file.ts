import { mkdirSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { Delivery, Sink } from './sink.ts';

/**
 * Appends lines to a file, each once.
 *
 * INVARIANT: what stands behind the size that was saved was never accounted for, and is cut off before anything
 * is appended. A file that is another one by now (it was rotated, or is gone) is not cut.
 */
export class FileSink implements Sink {
  readonly #file: string;
  #handle: FileHandle | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async resume(saved: JsonValue): Promise<JsonValue> {
    await this.close();
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const handle = await open(this.#file, 'a', 0o600);
    this.#handle = handle;
    const { size, ino } = await handle.stat();
    const kept = isJsonObject(saved) && saved['inode'] === ino ? saved['bytes'] : undefined;
    if (typeof kept !== 'number' || size <= kept) return stateOf(size, ino);
    await handle.truncate(kept);
    return stateOf(kept, ino);
  }

  async hasMoved(): Promise<boolean> {
    const [mine, named] = await Promise.all([this.#handle?.stat(), stat(this.#file).catch(() => undefined)]);
    return mine?.ino !== named?.ino;
  }

  async write({ lines }: Delivery): Promise<JsonValue> {
    const handle = this.#handle;
    if (handle === undefined) throw new Error('the file is not open');
    await handle.appendFile(`${lines.join('\n')}\n`);
    await handle.datasync();
    const { size, ino } = await handle.stat();
    return stateOf(size, ino);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

function stateOf(bytes: number, inode: number): JsonObject {
  return { bytes, inode };
}
