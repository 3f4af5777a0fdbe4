import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { openFile, unreadable } from './folder.ts';

/** A line without its line feed, or why there is none: the end, a line that is too long, or one that does not end. */
export type Line = Uint8Array | 'end' | 'too_long' | 'unended';

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

/** A file read line by line, and hashed on the way, in bounded memory. */
export class LineFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #maxBytes: number;
  readonly #hash: Hash = createHash('sha256');
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  #ended = false;

  /** `maxBytes`: of the longest line. Fails with `FILE_UNREADABLE`. */
  static async open(path: string, maxBytes: number): Promise<LineFile> {
    return new LineFile(path, await openFile(path), maxBytes);
  }

  private constructor(path: string, handle: FileHandle, maxBytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#maxBytes = maxBytes;
  }

  /** The bytes are good until the next call. */
  async next(): Promise<Line> {
    const end = this.#chunk.indexOf(LINE_FEED, this.#at);
    if (end !== -1) return this.#whole(this.#chunk.subarray(this.#at, this.#moveTo(end + 1) - 1));
    return this.#acrossChunks();
  }

  /** SHA-256 of the file in hex, after reading what is left of it. */
  async finish(): Promise<string> {
    while (!this.#ended) await this.#read();
    await this.#handle.close();
    return this.#hash.digest('hex');
  }

  /** Gives the file back without a hash. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }

  async #acrossChunks(): Promise<Line> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const part = this.#chunk.subarray(this.#at);
      length += part.length;
      // What is too long is not kept, only passed.
      if (length <= this.#maxBytes) parts.push(part);
      if (this.#ended) return length === 0 ? 'end' : 'unended';
      await this.#read();
      const end = this.#chunk.indexOf(LINE_FEED);
      if (end === -1) continue;
      const last = this.#chunk.subarray(0, this.#moveTo(end + 1) - 1);
      return length + last.length > this.#maxBytes ? 'too_long' : Buffer.concat([...parts, last]);
    }
  }

  #whole(line: Uint8Array): Line {
    return line.length > this.#maxBytes ? 'too_long' : line;
  }

  #moveTo(at: number): number {
    this.#at = at;
    return at;
  }

  async #read(): Promise<void> {
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES);
      this.#chunk = chunk.subarray(0, bytesRead);
      this.#at = 0;
      this.#ended = bytesRead === 0;
      this.#hash.update(this.#chunk);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }
}
