import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { CanaryName } from './world.ts';

/** Something that a canary was really made to do. */
export interface Effect {
  readonly server: CanaryName;
  readonly method: string;
  /** As the canary understood it: a tool, a prompt, or a URI. */
  readonly name: string;
  /** What the call gave to know it by. */
  readonly nonce: string;
  /** The policy forbids it. */
  readonly forbidden: boolean;
  /** A bearer token came along with it: the client's own, which no upstream may get. */
  readonly bearer: boolean;
}

/** What the canaries did, in order; the same for canaries in this process and in others. */
export interface Journal {
  write(effect: Effect): void;
  read(): readonly Effect[];
}

export function memoryJournal(): Journal {
  const effects: Effect[] = [];
  return { write: (effect) => void effects.push(effect), read: () => effects.slice() };
}

/** A line is on disk before the canary answers. */
export function fileJournal(file: string): Journal {
  return {
    write: (effect) => appendFileSync(file, `${JSON.stringify(effect)}\n`),
    read: () => {
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Effect);
    },
  };
}
