import { isText } from '../printable-share.ts';
import { alphabet, textOfDigits } from './bits.ts';
import { type Decoder, spread } from './decoder.ts';

/** Base32 (RFC 4648 section 6). */
export const decodeBase32: Decoder = (source) => {
  const found = [];
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    const text = textOfDigits(run, VALUES, 5);
    if (isText(text)) found.push(spread(text, source, match.index, match.index + run.length));
  }
  return found;
};

// Linear: one class, and nothing after it.
const RUN = /[A-Z2-7]{24,}/g;
const VALUES = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
