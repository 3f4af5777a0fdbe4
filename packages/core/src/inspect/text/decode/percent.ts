import { type MappedText, MappedTextBuilder } from '../mapped-text.ts';
import { textOfUtf8 } from '../utf8.ts';
import type { Decoder } from './decoder.ts';

/** Percent-encoding (RFC 3986 section 2.1) in a text that has it. */
export const decodePercent: Decoder = (source) => {
  if (!WORTHWHILE.test(source.text)) return [];
  const decoded = new MappedTextBuilder(source);
  let from = 0;
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    decoded.copy(source.text.slice(from, match.index), from);
    const bytes = run
      .slice(1)
      .split('%')
      .map((pair) => Number.parseInt(pair, 16));
    appendSpread(decoded, textOfUtf8(bytes), match.index, run.length);
    from = match.index + run.length;
  }
  decoded.copy(source.text.slice(from), from);
  return [decoded.build(source.text.length)] satisfies MappedText[];
};

function appendSpread(decoded: MappedTextBuilder, text: string, from: number, length: number): void {
  for (let i = 0; i < text.length; i++) {
    decoded.append(text[i] ?? '', from + Math.floor((i * length) / text.length));
  }
}

// Linear: both are fixed sequences, the one repeated with nothing after it.
const WORTHWHILE = /%[0-9a-f]{2}/i;
const RUN = /(?:%[0-9a-f]{2})+/gi;
