import type { MappedText } from '../mapped-text.ts';
import type { Span } from '../span.ts';
import { isWordUnit } from '../word.ts';
import type { Decoder } from './decoder.ts';

/** Letters written as the digits and signs that look like them, with the text that stands around such words. */
export const decodeLeet: Decoder = (source, { leet }) => {
  const { text, origins } = excerpt(source, leet);
  return AS_I_AND_AS_L.map((letters) => ({
    text: text.replaceAll(SIGN, (sign) => letters.get(sign) ?? sign),
    origins,
  }));
};

/** These parts of a text, each from the beginning to the end of a word, on lines of their own. */
function excerpt(source: MappedText, spans: readonly Span[]): MappedText {
  const parts = spans.map(({ start, end }) => ({
    start: wordEdge(source.text, start, -1),
    end: wordEdge(source.text, Math.min(end, source.text.length), 1),
  }));
  const [only] = parts;
  if (parts.length === 1 && only?.start === 0 && only.end === source.text.length) return source;
  const text = parts.map(({ start, end }) => source.text.slice(start, end)).join('\n');
  const origins = new Uint32Array(text.length + 1);
  let to = 0;
  for (const { start, end } of parts) {
    for (let at = start; at <= end; at++) origins[to++] = source.origins?.[at] ?? at;
  }
  return { text, origins };
}

/** The next place in a direction at which no word is cut. */
function wordEdge(text: string, from: number, step: -1 | 1): number {
  let at = from;
  for (let left = LONGEST_WORD; left > 0 && at > 0 && at < text.length; left--) {
    if (!isWordUnit(text.charCodeAt(step < 0 ? at - 1 : at) | LOWER)) break;
    at += step;
  }
  return at;
}

const LONGEST_WORD = 40;
/** The bit that tells a small letter of ASCII from a capital one. */
const LOWER = 0x20;

// A mark of exclamation behind a word ends a sentence.
const SIGN = /[0134578@$]|(?<=[A-Za-z0134578@$|])\||[!|](?=[A-Za-z0134578@$])/g;
const LETTERS: readonly (readonly [string, string])[] = [
  ['0', 'o'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['8', 'b'],
  ['@', 'a'],
  ['$', 's'],
];
const AS_I_AND_AS_L = ['i', 'l'].map((one) => new Map([...LETTERS, ['1', one], ['!', 'i'], ['|', one]]));
