import { isText } from '../printable-share.ts';
import { textOfUtf8 } from '../utf8.ts';
import { type Decoder, spread } from './decoder.ts';

/** Pairs of hexadecimal digits in one piece or separated, each with or without `0x` or `\x`. */
export const decodeHex: Decoder = (source) => {
  const found = [];
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    const pairs = run.replaceAll(NO_DIGITS, '').match(/../g) ?? [];
    const text = textOfUtf8(pairs.map((pair) => Number.parseInt(pair, 16)));
    if (isText(text)) found.push(spread(text, source, match.index, match.index + run.length));
  }
  return found;
};

// Linear: what stands between two pairs holds no digit that could begin the next one but the 0 of `0x`, and
// `x` is no digit.
const RUN = /[0-9a-f]{2}(?:[\s:,;-]{0,2}(?:0x|\\x)?[0-9a-f]{2}){9,}/gi;
const NO_DIGITS = /0x|\\x|[^0-9a-f]/gi;
