const NEWLINE = 0x0a;

/** How many bytes of each end of an overlong line are kept, to tell whose line it was. */
const ENDS_BYTES = 256;

export interface LineSink {
  /** One line without its line break; valid only during the call. */
  line(line: Buffer): void;
  /** A line longer than the limit has ended; it was thrown away but for its two ends. */
  tooLong(head: Buffer, tail: Buffer): void;
}

/** Cuts a byte stream into lines, holding at most one line of `maxBytes`. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #sink: LineSink;
  #parts: Buffer[] = [];
  #length = 0;
  #head: Buffer | undefined;
  #tail: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number, sink: LineSink) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  /** Bytes of the line that is being read, those thrown away included. */
  get pendingBytes(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#take(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
  }

  /** The stream has ended: what is left is the last line. */
  end(): void {
    if (this.#length > 0) this.#finish();
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    if (this.#head !== undefined) {
      this.#tail = lastOf(Buffer.concat([this.#tail, lastOf(part)]));
      return;
    }
    this.#parts.push(part);
    if (this.#length <= this.#maxBytes) return;
    const all = Buffer.concat(this.#parts);
    // Copies, so that the long line itself is let go.
    this.#head = Buffer.from(all.subarray(0, ENDS_BYTES));
    this.#tail = Buffer.from(lastOf(all));
    this.#parts = [];
  }

  #finish(): void {
    const head = this.#head;
    const parts = this.#parts;
    this.#parts = [];
    this.#head = undefined;
    const empty = this.#length === 0;
    this.#length = 0;
    if (head !== undefined) this.#sink.tooLong(head, this.#tail);
    else if (!empty) this.#sink.line(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
  }
}

function lastOf(bytes: Buffer): Buffer {
  return bytes.length <= ENDS_BYTES ? bytes : bytes.subarray(bytes.length - ENDS_BYTES);
}
