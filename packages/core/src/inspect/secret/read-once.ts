import { FOLDED, type LetterPairs, PAIR_CODES } from './letter-pairs.ts';

/** What one pass over a text tells all that look for something in it. */
interface Reading {
  readonly pairs: LetterPairs;
  /** Where numbers begin, of one digit or more. */
  readonly numbers: readonly number[];
}

/** Reads a text once. Takes time linear in the text. */
export function readOnce(text: string): Reading {
  const pairs = new Uint8Array(PAIR_CODES * PAIR_CODES);
  const numbers: number[] = [];
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const written = text.charCodeAt(at);
    const code = written < PAIR_CODES ? (FOLDED[written] ?? 0) : 0;
    pairs[before * PAIR_CODES + code] = 1;
    // One comparison, which hardly ever holds.
    if ((code - ZERO) >>> 0 < DIGITS && (before - ZERO) >>> 0 >= DIGITS) numbers.push(at);
    before = code;
  }
  return { pairs, numbers };
}

const ZERO = 0x30;
const DIGITS = 10;
