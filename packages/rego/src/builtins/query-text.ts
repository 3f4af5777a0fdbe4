import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { isArray, RegoObject, RegoSet, sortedEntries, type Value } from '../value/value.ts';
import { type Builtin, BuiltinError, builtin, object, OperandError, string } from './builtin.ts';

const UNRESERVED = /[A-Za-z0-9\-_.~]/;

/** The encoding of `application/x-www-form-urlencoded` as Go writes it: a space is `+`. */
function escapeQuery(text: string): string {
  return Array.from(utf8Bytes(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) return '+';
    if (UNRESERVED.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function unescapeQuery(text: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    if (unit === '%') {
      const digits = text.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits))
        throw new BuiltinError(`invalid URL escape \`${text.slice(i, i + 3)}\``);
      bytes.push(Number.parseInt(digits, 16));
      i += 2;
    } else if (unit === '+') {
      bytes.push(0x20);
    } else {
      const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
      bytes.push(...utf8Bytes(character));
      i += character.length - 1;
    }
  }
  return textOfUtf8(Uint8Array.from(bytes));
}

function queryValues(value: Value): readonly string[] {
  const list = value instanceof RegoSet ? value.sorted() : isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== 'string')
      throw new OperandError('operand 1 values must be string, array[string], or set[string]');
    return item;
  });
}

function decodeObject(text: string): RegoObject {
  const found = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    if (pair.includes(';')) throw new BuiltinError('invalid semicolon separator in query');
    const at = pair.indexOf('=');
    const key = unescapeQuery(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : unescapeQuery(pair.slice(at + 1));
    const values = found.get(key);
    if (values === undefined) found.set(key, [value]);
    else values.push(value);
  }
  return RegoObject.of(found);
}

export const QUERY_TEXT: readonly Builtin[] = [
  builtin('urlquery.encode', [string], string, escapeQuery),
  builtin('urlquery.decode', [string], string, unescapeQuery),
  builtin('urlquery.encode_object', [object], string, (value) =>
    sortedEntries(value)
      .flatMap(([key, item]) =>
        queryValues(item).map((each) => `${escapeQuery(String(key))}=${escapeQuery(each)}`),
      )
      .join('&'),
  ),
  builtin('urlquery.decode_object', [string], object, decodeObject),
];
