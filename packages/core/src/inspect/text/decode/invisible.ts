import { isTag, selectorByte, zeroWidthBit } from '../invisible.ts';
import type { MappedText } from '../mapped-text.ts';
import { textOfUtf8 } from '../utf8.ts';
import { isText } from '../printable-share.ts';
import { type Decoder, spread } from './decoder.ts';

/** What is written in characters that nobody sees: tags, variation selectors, zero-width bits. */
export const decodeInvisible: Decoder = (source) => {
  const found: MappedText[] = [];
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    const end = match.index + run.length;
    const codes = Array.from(run, (character) => character.codePointAt(0) ?? 0);
    const tags = String.fromCharCode(
      ...codes
        .filter(isTag)
        .slice(0, MOST)
        .map((code) => code - 0xe0000),
    );
    if (isText(tags)) found.push(spread(tags, source, match.index, end));
    const selected = textOfUtf8(codes.map(selectorByte).filter((byte) => byte !== undefined));
    if (isText(selected)) found.push(spread(selected, source, match.index, end));
    const bits = codes.map(zeroWidthBit).filter((bit) => bit !== undefined);
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    const written = textOfUtf8(bytes.map((byte) => Number.parseInt(byte, 2)));
    if (isText(written)) found.push(spread(written, source, match.index, end));
  }
  return found;
};

/** What a call can take as arguments. */
const MOST = 10_000;

// Linear: one class, and nothing after it.
const RUN = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u{e0020}-\u{e007f}\u200b-\u200d\u2060\ufeff]{6,}/gu;
