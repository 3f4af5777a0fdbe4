import { AegisError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { isExactNumber } from '../json/exact.ts';
import { canonicalFault } from './canonical-fault.ts';
import { inOrder, sortedKeys } from './key-order.ts';
import { isPlainObject } from './plain-object.ts';

/** Deepest nesting of arrays and objects that has a canonical form. */
export const MAX_JSON_DEPTH = 64;

/**
 * Writes a value in the one canonical form of RFC 8785: object keys in order of their UTF-16 code
 * units, numbers as ECMAScript prints them (`-0` is `0`), no white space. A number that is kept as
 * its digits, because no double holds it, is written with these digits.
 *
 * Throws `INPUT_INVALID`, naming the place as an RFC 6901 JSON pointer, for what has no canonical
 * form: a lone surrogate, NaN and the infinities, `undefined`, anything that JSON cannot carry, and
 * nesting deeper than `MAX_JSON_DEPTH`.
 */
export function canonicalJson(value: JsonValue): string {
  const text = printed(value) ?? write(value, 0);
  if (text !== undefined) return text;
  const fault = canonicalFault(value, MAX_JSON_DEPTH);
  throw new AegisError(
    'INPUT_INVALID',
    `no canonical JSON for the value at \`${fault?.at}\`: ${fault?.problem}`,
  );
}

/**
 * The canonical form of a value of which it is known that `JSON.stringify` prints it, but for lone surrogates. Throws
 * as `canonicalJson` does.
 */
export function canonicalJsonInOrder(value: JsonValue): string {
  return print(value) ?? canonicalJson(value);
}

// The engine prints much faster than anything written in its language, and prints what RFC 8785 asks for once the
// keys stand in order. What it would print otherwise, or would not refuse, is left to `write`.
function printed(value: JsonValue): string | undefined {
  const ordered = inOrder(value, MAX_JSON_DEPTH);
  return ordered === undefined ? undefined : print(ordered);
}

function print(ordered: JsonValue): string | undefined {
  const text = JSON.stringify(ordered);
  // It escapes half of a surrogate pair; a backslash of the text itself looks the same.
  return text.includes(ESCAPED_SURROGATE) ? undefined : text;
}

// The walk answers `undefined` at the first fault and knows no places; `canonicalFault` walks again when there is
// something to say.
function write(value: JsonValue, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_JSON_DEPTH) return undefined;
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value as JsonObject, depth);
    default:
      return undefined;
  }
}

function writeArray(items: readonly JsonValue[], depth: number): string | undefined {
  let out = '[';
  for (let i = 0; i < items.length; i++) {
    const text = write(items[i] as JsonValue, depth + 1);
    if (text === undefined) return undefined;
    out += i === 0 ? text : `,${text}`;
  }
  return `${out}]`;
}

function writeObject(object: JsonObject, depth: number): string | undefined {
  if (isExactNumber(object)) return JSON.stringify(object);
  if (!isPlainObject(object)) return undefined;
  const keys = sortedKeys(object);
  let out = '{';
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const name = writeString(key);
    const text = write(object[key] as JsonValue, depth + 1);
    if (name === undefined || text === undefined) return undefined;
    out += i === 0 ? `${name}:${text}` : `,${name}:${text}`;
  }
  return `${out}}`;
}

const ESCAPED_SURROGATE = '\\ud';
const NEEDS_CARE = /[\u0000-\u001f"\\\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

// For a well-formed string ECMAScript's own quoting is RFC 8785's (both escape the same characters
// in the same way), so only the lone surrogates need a rule of ours.
function writeString(text: string): string | undefined {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return LONE_SURROGATE.test(text) ? undefined : JSON.stringify(text);
}
