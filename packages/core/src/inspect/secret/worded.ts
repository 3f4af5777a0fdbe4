import { isAlphabetical, rarePairs } from './rare-pairs.ts';

/**
 * Whether a value is made of words, as the names in programs are: `X509WorkloadIdentity`, `hot-key-2`,
 * `tslib_1.importStar`. What is drawn at random changes between letters, cases and digits all the time, and what
 * letters stand together in it cannot be spoken. Takes time linear in the value.
 */
export function isWorded(value: string): boolean {
  const parts = NAME.test(value) ? value.match(PARTS) : null;
  if (parts === null) return false;
  const words = parts.filter((part) => !DIGITS.test(part));
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const numbers = parts.length - words.length;
  if (letters < LEAST_SHARE * value.length || numbers > MOST_NUMBERS || isAlphabetical(value)) return false;
  const rare = words.reduce((sum, word) => sum + rarePairs(word), 0);
  if (rare + Math.max(0, numbers - 1) >= DRAWN) return false;
  if (letters / words.length < (DIVIDED.test(value) ? LEAST_DIVIDED : LEAST_PLAIN)) return false;
  return words.every((word) => word.length <= LONGEST_WORD && !UNSPEAKABLE.test(word));
}

const PARTS = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;
const DIGITS = /^\d/;
/** Where words of a name are told apart. */
const DIVIDED = /[A-Z_.-]/;
const NAME = /^[\w.$-]+$/;
/** Of the letters among all characters. */
const LEAST_SHARE = 0.66;
/** Fewest letters of a word, on average. */
const LEAST_DIVIDED = 3.2;
const LEAST_PLAIN = 4;
const MOST_NUMBERS = 3;
const LONGEST_WORD = 20;
/** So many pairs of letters that no words have, or numbers between letters besides one. */
const DRAWN = 2;
/** Five letters of which none is a vowel. */
const UNSPEAKABLE = /[bcdfghjklmnpqrstvwxz]{5}/i;
