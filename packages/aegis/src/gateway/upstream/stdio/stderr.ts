import { LineReader } from '../../lines.ts';
import type { Redact } from '../../redact.ts';

const MAX_LINE_BYTES = 4096;
const MAX_LINES = 200;

/** The newest lines that the processes of a server wrote to their standard error, without credentials. */
export class StderrTail {
  readonly #lines: string[] = [];

  /** Reads the output of one process. */
  reader(redact: Redact): (chunk: Buffer) => void {
    const reader = new LineReader(MAX_LINE_BYTES, {
      // SECURITY: whole lines only, so that no credential is cut in two and missed.
      line: (line) => this.#keep(redact(line.toString('utf8'))),
      tooLong: () => this.#keep('[line too long]'),
    });
    return (chunk) => reader.push(chunk);
  }

  lines(): readonly string[] {
    return [...this.#lines];
  }

  #keep(line: string): void {
    if (this.#lines.length === MAX_LINES) this.#lines.shift();
    this.#lines.push(line);
  }
}
