import { lettersIn, type Words } from './words.ts';

/** Fewest letters and digits of a name inside of a longer text. */
const SHORTEST_PART = 6;

/** Words from the first to the second (exclusive). */
export type WordRange = readonly [from: number, to: number];

// Linear: one class, repeated with nothing after it.
const PIECE = /[^\s"'`<>()[\]{}|;,&=]+/g;
const COMPOUND = /[@./:\\_-]/;
const DIGIT = /\d/;

/**
 * Where the addresses, hosts, paths, names and numbers of a text are: what stands in one piece and is no plain
 * word, and of a URL its host alone as well. Takes time linear in the text.
 */
export function* distinctiveParts(words: Words): Generator<WordRange> {
  const { text, starts, ends } = words;
  let word = 0;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    while (word < starts.length && (starts[word] ?? 0) < index) word++;
    const from = word;
    while (word < starts.length && (ends[word] ?? 0) <= index + piece.length) word++;
    const host = hostOf(piece);
    if (host !== undefined) yield rangeIn(words, from, word, index + host.start, index + host.end);
    if (word - from < (COMPOUND.test(piece) ? 2 : 1)) continue;
    const plain = word - from === 1 && !DIGIT.test(piece);
    if (!plain && lettersIn(words, from, word) >= SHORTEST_PART) yield [from, word];
  }
}

function hostOf(piece: string): { readonly start: number; readonly end: number } | undefined {
  const scheme = piece.indexOf('://');
  if (scheme <= 0) return undefined;
  const rest = piece.slice(scheme + 3);
  const authority = rest.slice(0, Math.max(0, rest.search(/[/?#\\]|$/)));
  const name = authority.slice(authority.lastIndexOf('@') + 1);
  const start = scheme + 3 + authority.length - name.length;
  return { start, end: start + name.length };
}

function rangeIn({ starts, ends }: Words, from: number, to: number, start: number, end: number): WordRange {
  let first = from;
  while (first < to && (starts[first] ?? 0) < start) first++;
  let last = first;
  while (last < to && (ends[last] ?? 0) <= end) last++;
  return [first, last];
}
