import { isLure } from './decode/lures.ts';
import type { Span } from './span.ts';

/** What the characters of a text give reason to try. */
export interface Shape {
  /** Letters stand apart, in groups of one length, or without blanks. */
  readonly broken: boolean;
  /** The words that hold digits and signs among their letters, with what stands around them; none where few do. */
  readonly leet: readonly Span[];
  /** Longest run of the characters of base64. */
  readonly longestRun: number;
  /** Most signs of Morse code and blanks in a row. */
  readonly longestSigns: number;
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
/** Digits that stand for letters. */
const LOOK_ALIKE = 3;
/** Characters of base64 that are no letters and digits. */
const LINK = 4;

const KINDS: Uint8Array = (() => {
  const kinds = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z]/.test(character)) kinds[code] = LETTER;
    else if (/[013457]/.test(character)) kinds[code] = LOOK_ALIKE;
    else if (/[\d@$]/.test(character)) kinds[code] = DIGIT;
    else if (/[+/_-]/.test(character)) kinds[code] = LINK;
  }
  return kinds;
})();

/** So many words in a row of one length are groups, by that length. */
const GROUPS: readonly number[] = [Number.POSITIVE_INFINITY, 9, 7, 6, 5, 5];
const LONGEST_WORD = 27;
const LONGEST_LEET = 20;
/** Two such words so many words apart. */
const NEAR = 4;
/** So far on either side is read with such a word: further than any phrase reaches. */
const AROUND = 640;

/** Looks at every character once. */
export function shapeOf(text: string): Shape {
  let broken = false;
  let leet = false;
  const mixed: Span[] = [];
  let longestRun = 0;
  let longestSigns = 0;
  let run = 0;
  let signs = 0;
  let streak = 0;
  let streakLength = 0;
  let words = 0;
  let lastMixed = -NEAR - 1;
  let length = 0;
  let letters = 0;
  // Whether a look-alike has been seen, and whether a letter came after it.
  let seen = false;
  let inside = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const kind = code < 128 ? KINDS[code] : OTHER;
    run = kind === OTHER ? 0 : run + 1;
    if (run > longestRun) longestRun = run;
    signs = code === 0x2e || code === 0x2d || code === 0x20 || code === 0x2f || code === 0x7c ? signs + 1 : 0;
    if (signs > longestSigns) longestSigns = signs;
    if (kind === LETTER || kind === DIGIT || kind === LOOK_ALIKE) {
      length++;
      if (kind === LETTER) {
        letters++;
        if (seen) inside = true;
      } else if (kind === LOOK_ALIKE) seen = true;
      continue;
    }
    if (length === 0) continue;
    words++;
    if (letters === 0) streak = 0;
    else if (length === streakLength) streak++;
    else {
      streak = 1;
      streakLength = length;
    }
    if (length > LONGEST_WORD || streak >= (GROUPS[length] ?? Number.POSITIVE_INFINITY)) broken = true;
    // `!gnore`
    const before = text.charCodeAt(at - length - 1);
    const marked = before === 0x21 || before === 0x7c;
    const lured =
      (letters < length || marked) &&
      letters > 1 &&
      2 * letters >= length &&
      length < LONGEST_LEET &&
      isLure(text.slice(marked ? at - length - 1 : at - length, at));
    if (lured || (inside && (length > LONGEST_WORD || (letters > 1 && length <= LONGEST_LEET)))) {
      if (lured || length > LONGEST_WORD || words - lastMixed <= NEAR) leet = true;
      if (length <= LONGEST_LEET) lastMixed = words;
      const start = Math.max(0, at - length - AROUND);
      const last = mixed.at(-1);
      if (last === undefined || start > last.end) mixed.push({ start, end: at + AROUND });
      else mixed[mixed.length - 1] = { start: last.start, end: at + AROUND };
    }
    length = 0;
    letters = 0;
    seen = false;
    inside = false;
  }
  return { broken, leet: leet ? mixed : [], longestRun, longestSigns };
}
