import { MappedTextBuilder } from '../mapped-text.ts';
import type { Decoder } from './decoder.ts';

/** HTML character references in a text that has them: numeric ones, and the named ones of ASCII. */
export const decodeEntities: Decoder = (source) => {
  if (!REFERENCE_ONCE.test(source.text)) return [];
  const decoded = new MappedTextBuilder(source);
  let from = 0;
  for (const match of source.text.matchAll(REFERENCE)) {
    const [whole, hex, decimal, name] = match;
    decoded.copy(source.text.slice(from, match.index), from);
    decoded.append(characterOf(hex, decimal, name) ?? whole, match.index);
    from = match.index + whole.length;
  }
  decoded.copy(source.text.slice(from), from);
  return [decoded.build(source.text.length)];
};

function characterOf(hex?: string, decimal?: string, name?: string): string | undefined {
  if (name !== undefined) return NAMED.get(name.toLowerCase());
  const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : undefined;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['colon', ':'],
  ['period', '.'],
  ['excl', '!'],
  ['newline', '\n'],
  ['tab', '\t'],
  ['sol', '/'],
  ['lpar', '('],
  ['rpar', ')'],
]);

// Linear: every repetition is bounded.
const PATTERN =
  '&(?:#x([0-9a-f]{1,6})|#(\\d{1,7})|(lt|gt|amp|quot|apos|nbsp|colon|period|excl|newline|tab|sol|[lr]par));?';
const REFERENCE_ONCE = new RegExp(PATTERN, 'i');
const REFERENCE = new RegExp(PATTERN, 'gi');
