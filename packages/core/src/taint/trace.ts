import { readingsOf } from '../inspect/text/readings.ts';
import type { Agreement } from '../model/taint.ts';
import { FRAGMENT_WORDS, type Fragments } from './fragments.ts';
import { distinctiveParts } from './parts.ts';
import { lettersIn, splitFolded, type Words, wordsOf } from './words.ts';

/** Fewest letters and digits of a whole value that can be told from chance. */
const SHORTEST_VALUE = 5;
/** And of a sequence of words inside of a longer text. */
const SHORTEST_QUOTATION = 16;

/** Longest number that is printed in groups. */
const LONGEST_NUMBER = 64;

/** Longest text that is decoded before it is looked up, in UTF-16 units. */
const MAX_DECODED = 65_536;

/** Where a text agrees with what was read. */
export interface Trace {
  readonly agreement: Agreement;
  /** Origins of the fragments that agree. */
  readonly origins: ReadonlySet<number>;
}

/** Whether all of a text stands in an index. A text without words does not. */
export function holds(index: Fragments, text: string): boolean {
  const words = wordsOf(text);
  return find(index, words, 0, words.starts.length) !== undefined;
}

/** Origins of a whole text, however short it is; undefined when it does not stand in the index. */
export function originsOf(index: Fragments, text: string): ReadonlySet<number> | undefined {
  const words = wordsOf(text);
  return find(index, words, 0, words.starts.length);
}

/**
 * What of a text was read before and does not stand in `own`, also in the ways that it can be decoded; undefined
 * when nothing is. Takes time linear in the text, whatever the index holds.
 */
export function traceText(seen: Fragments, own: Fragments, text: string): Trace | undefined {
  if (seen.size === 0 || text === '') return undefined;
  const words = wordsOf(text);
  if (find(own, words, 0, words.starts.length) !== undefined) return undefined;
  const plain = traceWords(seen, own, words);
  if (plain !== undefined || text.length > MAX_DECODED) return plain;
  for (const { folded, via } of readingsOf(text)) {
    if (via.length === 0) continue;
    const trace = traceWords(seen, own, splitFolded(folded.text));
    if (trace !== undefined) return trace;
  }
  return undefined;
}

/** Whether words are a name, or more of them than stand beside each other by chance. */
export function isDistinctive(words: Words): boolean {
  if (lettersIn(words, 0, words.starts.length) >= SHORTEST_QUOTATION) return true;
  return !distinctiveParts(words).next().done;
}

function traceWords(seen: Fragments, own: Fragments, words: Words): Trace | undefined {
  const count = words.starts.length;
  const whole = lettersIn(words, 0, count) < SHORTEST_VALUE ? undefined : find(seen, words, 0, count);
  if (whole !== undefined) return { agreement: 'value', origins: whole };
  const origins = new Set<number>();
  for (const [from, to] of distinctiveParts(words)) {
    const found = find(seen, words, from, to);
    if (found === undefined || find(own, words, from, to) !== undefined) continue;
    for (const origin of found) origins.add(origin);
  }
  if (origins.size > 0) return { agreement: 'part', origins };
  for (let from = 0; from + FRAGMENT_WORDS <= count; from++) {
    const to = from + FRAGMENT_WORDS;
    if (lettersIn(words, from, to) < SHORTEST_QUOTATION) continue;
    const origin = seen.find(words, from, to);
    if (origin !== undefined && own.find(words, from, to) === undefined) origins.add(origin);
  }
  return origins.size > 0 ? { agreement: 'quotation', origins } : undefined;
}

/** Origins of words when every sequence of them stands in the index. */
function find(index: Fragments, words: Words, from: number, to: number): ReadonlySet<number> | undefined {
  if (to <= from) return undefined;
  const origins = new Set<number>();
  const size = Math.min(FRAGMENT_WORDS, to - from);
  for (let first = from; first + size <= to; first++) {
    const origin = index.find(words, first, first + size);
    if (origin === undefined) return number(index, words, from, to);
    origins.add(origin);
  }
  return origins;
}

/** Origin of a number that is grouped here in another way than there. */
function number(index: Fragments, words: Words, from: number, to: number): ReadonlySet<number> | undefined {
  if (to - from <= FRAGMENT_WORDS || lettersIn(words, from, to) > LONGEST_NUMBER) return undefined;
  const origin = index.find(words, from, to);
  return origin === undefined ? undefined : new Set([origin]);
}
