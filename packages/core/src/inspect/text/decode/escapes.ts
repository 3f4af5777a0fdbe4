import { MappedTextBuilder } from '../mapped-text.ts';
import type { Decoder } from './decoder.ts';

/** `\u0041`, `\u{41}`, `\x41` and `\101`, as the strings of programs write characters. */
export const decodeEscapes: Decoder = (source) => {
  if (!ESCAPE_ONCE.test(source.text)) return [];
  const decoded = new MappedTextBuilder(source);
  let from = 0;
  for (const match of source.text.matchAll(ESCAPE)) {
    const [whole, short, long, byte, octal] = match;
    const digits = short ?? long ?? byte;
    const code = digits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(digits, 16);
    decoded.copy(source.text.slice(from, match.index), from);
    decoded.append(code <= 0x10ffff ? String.fromCodePoint(code) : whole, match.index);
    from = match.index + whole.length;
  }
  decoded.copy(source.text.slice(from), from);
  return [decoded.build(source.text.length)];
};

// Linear: every repetition is bounded.
const PATTERN = '\\\\(?:u([0-9a-f]{4})|u\\{([0-9a-f]{1,6})\\}|x([0-9a-f]{2})|([0-3][0-7]{2}))';
const ESCAPE_ONCE = new RegExp(PATTERN, 'i');
const ESCAPE = new RegExp(PATTERN, 'gi');
