import { isText } from '../printable-share.ts';
import { alphabet, textOfDigits } from './bits.ts';
import { type Decoder, spread } from './decoder.ts';

/** Base64 and base64url (RFC 4648 sections 4 and 5), also broken into lines. */
export const decodeBase64: Decoder = (source) => {
  const found = [];
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    const text = textOfDigits(run, VALUES, 6);
    if (isText(text)) found.push(spread(text, source, match.index, match.index + run.length));
  }
  return found;
};

// Linear: a line break is no digit, so a run can be taken in one way only, and nothing after it can fail.
const RUN = /[\w+/-]{16,}(?:\r?\n[\w+/-]{16,})*/g;
const STANDARD = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const VALUES: ReadonlyMap<string, number> = new Map([...STANDARD, ['-', 62], ['_', 63]]);
