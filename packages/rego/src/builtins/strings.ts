import { codePoints, isAscii, textOfUtf8, utf8Bytes } from '../value/text.ts';
import { type RegoNumber, integerValue } from '../value/decimal.ts';
import { toBinary, truncateBinary } from '../value/binary-float.ts';
import { isArray, RegoSet, sortedEntries, type Value } from '../value/value.ts';
import {
  array,
  boolean,
  type Builtin,
  builtin,
  BuiltinError,
  OperandError,
  number,
  object,
  oneOf,
  set,
  string,
} from './builtin.ts';
import { sprintf } from './format.ts';
import { integer } from './integer.ts';
import type { Meter } from '../evaluate/meter.ts';

const texts = oneOf(string, oneOf(array, set));

/** The members of a list of strings; anything else in it is a fault. */
function strings(list: Value, what: string): readonly string[] {
  const members = list instanceof RegoSet ? list.sorted() : isArray(list) ? list : [list];
  return members.map((member) => {
    if (typeof member !== 'string') throw new OperandError(`${what} must be a collection of strings`);
    return member;
  });
}

/** Upper and lower case one code point at a time, where the result is one code point, as Go does. */
function mapCase(text: string, convert: (character: string) => string, takesFirst: boolean): string {
  if (isAscii(text)) return convert(text);
  return codePoints(text)
    .map((character) => {
      const converted = codePoints(convert(character));
      if (converted.length === 1 || takesFirst) return converted[0] ?? character;
      return character;
    })
    .join('');
}

function splitText(text: string, separator: string, meter: Meter): readonly string[] {
  const parts = separator === '' ? codePoints(text) : text.split(separator);
  meter.grow(parts.length);
  return parts;
}

function trimEnds(
  text: string,
  isCut: (character: string) => boolean,
  left: boolean,
  right: boolean,
): string {
  const characters = codePoints(text);
  let start = 0;
  let end = characters.length;
  if (left) while (start < end && isCut(characters[start] ?? '')) start++;
  if (right) while (end > start && isCut(characters[end - 1] ?? '')) end--;
  return characters.slice(start, end).join('');
}

function trimmer(left: boolean, right: boolean): (text: string, cut: string) => string {
  return (text, cut) => {
    const cutSet = new Set(codePoints(cut));
    return trimEnds(text, (character) => cutSet.has(character), left, right);
  };
}

const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function replaceAll(text: string, old: string, replacement: string, meter: Meter): string {
  if (old === '') return replaceEach(text, [['', replacement]], meter);
  const parts = text.split(old);
  meter.grow(text.length + (parts.length - 1) * replacement.length);
  return parts.join(replacement);
}

/** Go puts a replacement of the empty text between bytes, inside characters as well. */
function replaceBytes(text: string, pairs: readonly (readonly [string, string])[], meter: Meter): string {
  const bytesOf = (part: string): string =>
    Array.from(utf8Bytes(part), (byte) => String.fromCharCode(byte)).join('');
  const replaced = replaceUnits(
    bytesOf(text),
    pairs.map(([old, replacement]) => [bytesOf(old), bytesOf(replacement)] as const),
    meter,
  );
  return textOfUtf8(Uint8Array.from(replaced, (unit) => unit.charCodeAt(0)));
}

function replaceEach(text: string, pairs: readonly (readonly [string, string])[], meter: Meter): string {
  const isEmptyReplaced = pairs.some(([old]) => old === '');
  return isEmptyReplaced && !isAscii(text)
    ? replaceBytes(text, pairs, meter)
    : replaceUnits(text, pairs, meter);
}

/** Replaces several texts in one pass, the first that fits at each place; the empty text fits everywhere once. */
function replaceUnits(text: string, pairs: readonly (readonly [string, string])[], meter: Meter): string {
  const empty = pairs.find(([old]) => old === '')?.[1];
  const others = pairs.filter(([old]) => old !== '');
  let result = '';
  let inserted = false;
  for (let at = 0; at <= text.length; ) {
    meter.work(1 + (pairs.length >> 3));
    if (empty !== undefined && !inserted) {
      meter.grow(empty.length);
      result += empty;
      inserted = true;
      continue;
    }
    const fit = others.find(([old]) => text.startsWith(old, at));
    const piece = fit?.[1] ?? String.fromCodePoint(...(at < text.length ? [text.codePointAt(at) ?? 0] : []));
    meter.grow(piece.length);
    result += piece;
    at += fit?.[0].length ?? Math.max(1, piece.length);
    inserted = false;
  }
  return result;
}

function indexes(text: string, search: string, meter: Meter): readonly number[] {
  if (search === '') throw new BuiltinError('empty search character');
  const found: number[] = [];
  meter.work(text.length >> 4);
  const ascii = isAscii(text);
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
    found.push(ascii ? at : codePoints(text.slice(0, at)).length);
    meter.grow(1);
    if (!ascii) meter.work(at >> 3);
  }
  return found;
}

function radixText(value: RegoNumber, base: RegoNumber): string {
  if (base !== 2 && base !== 8 && base !== 10 && base !== 16) {
    throw new OperandError('operand 2 must be one of {2, 8, 10, 16}');
  }
  return (integerValue(value) ?? truncateBinary(toBinary(value))).toString(base);
}

function anyFits(
  search: Value,
  base: Value,
  fits: (text: string, part: string) => boolean,
  meter: Meter,
): boolean {
  const left = strings(search, 'operand 1');
  const right = strings(base, 'operand 2');
  meter.work((left.length * right.length) >> 3);
  return left.some((text) => right.some((part) => fits(text, part)));
}

export const STRINGS: readonly Builtin[] = [
  builtin('startswith', [string, string], boolean, (text, part) => text.startsWith(part)),
  builtin('endswith', [string, string], boolean, (text, part) => text.endsWith(part)),
  builtin('contains', [string, string], boolean, (text, part) => text.includes(part)),
  builtin('lower', [string], string, (text) => mapCase(text, (part) => part.toLowerCase(), true)),
  builtin('upper', [string], string, (text) => mapCase(text, (part) => part.toUpperCase(), false)),
  builtin('concat', [string, oneOf(array, set)], string, (separator, list, { meter }) => {
    const parts = strings(list, 'operand 2');
    meter.grow(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
    return parts.join(separator);
  }),
  builtin('split', [string, string], array, (text, separator, { meter }) =>
    splitText(text, separator, meter),
  ),
  builtin('strings.split_n', [string, string, number], array, (text, separator, count, { meter }) => {
    const limit = integer(count, 'operand 3');
    const parts = splitText(text, separator, meter);
    return limit >= 0 ? parts.slice(0, limit) : parts.slice(limit);
  }),
  builtin('substring', [string, number, number], string, (text, from, count) => {
    const start = integer(from, 'operand 2');
    const length = integer(count, 'operand 3');
    if (start < 0) throw new BuiltinError('negative offset');
    const characters = isAscii(text) ? text : codePoints(text);
    const part = characters.slice(start, length < 0 ? undefined : start + length);
    return typeof part === 'string' ? part : part.join('');
  }),
  builtin('indexof', [string, string], number, (text, search) => {
    if (search === '') throw new BuiltinError('empty search character');
    const at = text.indexOf(search);
    return at < 0 || isAscii(text) ? at : codePoints(text.slice(0, at)).length;
  }),
  builtin('indexof_n', [string, string], array, (text, search, { meter }) => indexes(text, search, meter)),
  builtin('replace', [string, string, string], string, (text, old, replacement, { meter }) =>
    replaceAll(text, old, replacement, meter),
  ),
  builtin('strings.replace_n', [object, string], string, (patterns, text, { meter }) => {
    const pairs = sortedEntries(patterns).map(([old, replacement]) => {
      if (typeof old !== 'string' || typeof replacement !== 'string') {
        throw new OperandError('operand 1 must be an object of strings');
      }
      return [old, replacement] as const;
    });
    return replaceEach(text, pairs, meter);
  }),
  builtin('strings.count', [string, string], number, (text, part) =>
    part === '' ? codePoints(text).length + 1 : text.split(part).length - 1,
  ),
  builtin('strings.reverse', [string], string, (text) => codePoints(text).toReversed().join('')),
  builtin('strings.any_prefix_match', [texts, texts], boolean, (search, base, { meter }) =>
    anyFits(search, base, (text, part) => text.startsWith(part), meter),
  ),
  builtin('strings.any_suffix_match', [texts, texts], boolean, (search, base, { meter }) =>
    anyFits(search, base, (text, part) => text.endsWith(part), meter),
  ),
  builtin('trim', [string, string], string, trimmer(true, true)),
  builtin('trim_left', [string, string], string, trimmer(true, false)),
  builtin('trim_right', [string, string], string, trimmer(false, true)),
  builtin('trim_prefix', [string, string], string, (text, part) =>
    text.startsWith(part) ? text.slice(part.length) : text,
  ),
  builtin('trim_suffix', [string, string], string, (text, part) =>
    part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text,
  ),
  builtin('trim_space', [string], string, (text) =>
    trimEnds(text, (character) => SPACE.test(character), true, true),
  ),
  builtin('sprintf', [string, array], string, (format, values, { meter }) => sprintf(format, values, meter)),
  builtin('format_int', [number, number], string, radixText),
];
