import type { WordRange } from './parts.ts';
import type { Words } from './words.ts';

/** Longest group of an account or card number as it is printed. */
const LONGEST_GROUP = 4;
const MOST_GROUPS = 16;

/**
 * Where numbers stand that are printed in more than `least` groups of one length, the last one perhaps shorter:
 * `GB29 NWBK 6016 1331 9268 19`. From every group with a digit on, since a word before it can be as long as a group.
 */
export function* numberGroups(words: Words, least: number): Generator<WordRange> {
  const { starts, ends } = words;
  let first = 0;
  while (first + least < starts.length) {
    const length = (ends[first] ?? 0) - (starts[first] ?? 0);
    let last = first + 1;
    while (last < starts.length && isBehind(words, last) && lengthAt(words, last) === length) last++;
    if (last < starts.length && isBehind(words, last) && lengthAt(words, last) < length) last++;
    if (length > 1 && length <= LONGEST_GROUP) yield* from(words, first, last, least);
    first = Math.max(first + 1, last - 1);
  }
}

function* from(words: Words, first: number, end: number, least: number): Generator<WordRange> {
  let last = end;
  while (last > first && !hasDigit(words, last - 1)) last--;
  for (let start = Math.max(first, last - MOST_GROUPS); last - start > least; start++) {
    if (hasDigit(words, start)) yield [start, last];
  }
}

function lengthAt({ starts, ends }: Words, word: number): number {
  return (ends[word] ?? 0) - (starts[word] ?? 0);
}

/** Whether one sign alone stands between a word and the one before it. */
function isBehind({ starts, ends }: Words, word: number): boolean {
  return (starts[word] ?? 0) - (ends[word - 1] ?? 0) === 1;
}

function hasDigit({ text, starts, ends }: Words, word: number): boolean {
  for (let at = starts[word] ?? 0; at < (ends[word] ?? 0); at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) return true;
  }
  return false;
}
