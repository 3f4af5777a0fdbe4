import type { Terminal } from '../command.ts';

/** Milliseconds between two lines, so that a fast disk does not spend its time on a slow terminal. */
const INTERVAL_MS = 200;

/** How far a long work has come, and how fast: one line on standard error, where that is a terminal. */
export class Progress {
  readonly #stderr: NodeJS.WriteStream;
  readonly #what: string;
  readonly #began = performance.now();
  #shown = 0;

  constructor({ stderr }: Terminal, what: string) {
    this.#stderr = stderr;
    this.#what = what;
  }

  at(count: number, of?: number): void {
    const now = performance.now();
    if (!this.#stderr.isTTY || now - this.#shown < INTERVAL_MS) return;
    this.#shown = now;
    const rate = Math.round((count * 1000) / Math.max(1, now - this.#began));
    this.#stderr.write(
      `\r\x1b[K${count}${of === undefined ? '' : ` of ${of}`} ${this.#what}, ${rate} per second`,
    );
  }

  end(): void {
    if (this.#stderr.isTTY && this.#shown > 0) this.#stderr.write('\r\x1b[K');
  }
}
