import { isText } from '../printable-share.ts';
import { textOfUtf8 } from '../utf8.ts';
import { type Decoder, spread } from './decoder.ts';

/** Bytes as eight binary digits each, and as decimal numbers in a row. */
export const decodeNumbers: Decoder = (source) => {
  const found = [];
  for (const [runs, radix] of RUNS) {
    for (const match of source.text.matchAll(runs)) {
      const [run] = match;
      const numbers = run.match(radix === 2 ? /[01]{8}/g : /\d+/g) ?? [];
      const text = textOfUtf8(numbers.map((number) => Number.parseInt(number, radix) & 0xff));
      if (isText(text)) found.push(spread(text, source, match.index, match.index + run.length));
    }
  }
  return found;
};

// Linear: digits and separators are disjoint, the numbers of digits bounded.
const RUNS: readonly (readonly [RegExp, number])[] = [
  [/[01]{8}(?:[\s,]?[01]{8}){5,}/g, 2],
  [/\b\d{2,3}(?:[\s,]{1,2}\d{2,3}){7,}\b/g, 10],
];
