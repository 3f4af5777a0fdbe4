import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../ports.ts';
import type { Delivery } from './sink.ts';

/** Keeps what a receiver did not take, durably, to be looked at and sent by hand. */
export class DeadLetters {
  readonly #file: string;
  readonly #clock: Clock;

  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  async keep({ lines, first, last }: Delivery, why: string): Promise<void> {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const handle = await open(this.#file, 'a', 0o600);
    try {
      const letter = { time: new Date(this.#clock.now()).toISOString(), why, first, last, lines };
      await handle.appendFile(`${JSON.stringify(letter)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
