import { numberText, parseNumber } from './decimal.ts';
import { isArray, isNumber, isObject, RegoObject, RegoSet, sortedEntries, type Value } from './value.ts';

/** JSON as a host holds it: numbers are doubles. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A text that is not JSON. */
export class JsonSyntaxError extends Error {}

const MAX_DEPTH = 1000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Reads JSON (RFC 8259) without losing digits of numbers; the later of two equal keys counts. */
export function parseJson(text: string): Value {
  let offset = 0;

  const fail = (): never => {
    const found = offset < text.length ? `\`${text.charAt(offset)}\` at offset ${offset}` : 'the end';
    throw new JsonSyntaxError(`unexpected ${found}`);
  };
  const skipSpace = (): void => {
    SPACE.lastIndex = offset;
    offset += SPACE.exec(text)?.[0].length ?? 0;
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match === null) return fail();
    offset += match[0].length;
    return match[0];
  };
  const word = (expected: string, value: Value): Value => {
    if (!text.startsWith(expected, offset)) return fail();
    offset += expected.length;
    return value;
  };
  const accept = (unit: string): boolean => {
    skipSpace();
    if (text.charAt(offset) !== unit) return false;
    offset++;
    return true;
  };
  const string = (): string => JSON.parse(take(STRING)) as string;

  const array = (depth: number): Value => {
    const items: Value[] = [];
    if (accept(']')) return items;
    do items.push(value(depth));
    while (accept(','));
    return accept(']') ? items : fail();
  };
  const object = (depth: number): Value => {
    const entries = new RegoObject();
    if (accept('}')) return entries;
    do {
      skipSpace();
      const key = string();
      if (!accept(':')) fail();
      entries.set(key, value(depth));
    } while (accept(','));
    return accept('}') ? entries : fail();
  };
  const value = (depth: number): Value => {
    if (depth > MAX_DEPTH) throw new JsonSyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    skipSpace();
    switch (text.charAt(offset)) {
      case '{':
        offset++;
        return object(depth + 1);
      case '[':
        offset++;
        return array(depth + 1);
      case '"':
        return string();
      case 't':
        return word('true', true);
      case 'f':
        return word('false', false);
      case 'n':
        return word('null', null);
      default:
        return parseNumber(take(NUMBER)) ?? fail();
    }
  };

  const result = value(0);
  skipSpace();
  return offset === text.length ? result : fail();
}

/** JSON with sorted keys and exact numbers. Sets are arrays; a key that is no string is its JSON text. */
export function jsonText(value: Value): string {
  if (typeof value === 'string') return goJsonString(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof RegoSet) return `[${value.sorted().map(jsonText).join(',')}]`;
  if (isObject(value)) {
    const entries = jsonEntries(value).map(([key, item]) => `${goJsonString(key)}:${jsonText(item)}`);
    return `{${entries.join(',')}}`;
  }
  return String(value);
}

function jsonEntries(value: Parameters<typeof sortedEntries>[0]): [string, Value][] {
  return sortedEntries(value).map(([key, item]) => [typeof key === 'string' ? key : jsonText(key), item]);
}

/** Go's encoder also escapes what could end a script element. */
function goJsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value for the host: sets are sorted arrays, numbers the nearest double, keys text. */
export function toJson(value: Value): JsonValue {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return value + 0;
  if (isNumber(value)) return Number(numberText(value));
  if (isArray(value)) return value.map(toJson);
  if (value instanceof RegoSet) return value.sorted().map(toJson);
  if (isObject(value)) {
    const object: Record<string, JsonValue> = {};
    for (const [key, item] of jsonEntries(value)) {
      if (key === '__proto__') defineProperty(object, key, toJson(item));
      else object[key] = toJson(item);
    }
    return object;
  }
  return value;
}

// SECURITY: `__proto__` becomes a property like any other.
function defineProperty(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
