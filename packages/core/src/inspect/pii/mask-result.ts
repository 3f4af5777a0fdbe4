import { isExactNumber, parseExact } from '../../json/exact.ts';
import { JSON_LIMITS } from '../../json/problem.ts';
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../../model/json.ts';
import { PII_KINDS } from '../../policy/rule.ts';
import { findWanted } from './find-personal-data.ts';

/** A result that may be released. */
export interface MaskedResult {
  /** The very object that was given when nothing in it had to be masked. */
  readonly result: JsonObject;
  /** How many places were masked. */
  readonly masked: number;
  /** The same by kind, without zeros. `too-deep` counts values that were withheld unread. */
  readonly counts: readonly { readonly kind: string; readonly count: number }[];
}

/**
 * Writes `[masked:kind]` over all personal data of these kinds (`PII_KINDS`) in a result: in every string
 * and every key, however named and nested, also inside a text that is itself a JSON object or array, which
 * stays one (with its indentation, and numbers as they were).
 *
 * A number that is a card number, or whose key says that it is a telephone or social security number,
 * becomes a string: a declared output schema may not hold then, which is better than a release. Of two keys
 * that become equal the later one gets a suffix (`#2`).
 *
 * Not searched: the base64 of binary content (`data` of images and audio, `blob` of resources). Values more
 * than 64 levels deep are withheld unread.
 */
export function maskResult(result: JsonObject, kinds: readonly string[]): MaskedResult {
  const masking: Masking = { wanted: new Set(kinds), counts: new Map() };
  const wanted = PII_KINDS.some((kind) => masking.wanted.has(kind));
  const clean = wanted ? maskObject(result, '', 1, masking) : result;
  const counts = [...masking.counts].map(([kind, count]) => ({ kind, count }));
  return { result: clean, masked: counts.reduce((sum, { count }) => sum + count, 0), counts };
}

interface Masking {
  readonly wanted: ReadonlySet<string>;
  readonly counts: Map<string, number>;
}

function replacement(kind: string, { counts }: Masking): string {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return `[masked:${kind}]`;
}

function maskValue(value: JsonValue, label: string, depth: number, masking: Masking): JsonValue {
  if (typeof value === 'string') return maskText(value, label, depth, masking);
  if (typeof value === 'number' || isExactNumber(value)) return maskNumber(value, label, masking);
  if (typeof value !== 'object' || value === null) return value;
  // SECURITY: what is too deep to be searched is not released.
  if (depth > JSON_LIMITS.maxDepth) return replacement('too-deep', masking);
  return isJsonObject(value)
    ? maskObject(value, label, depth, masking)
    : maskArray(value, label, depth, masking);
}

function maskArray(array: JsonArray, label: string, depth: number, masking: Masking): JsonArray {
  let copy: JsonValue[] | undefined;
  for (let i = 0; i < array.length; i++) {
    const member = array[i] as JsonValue;
    const clean = maskValue(member, label, depth + 1, masking);
    if (clean !== member) {
      copy ??= [...array];
      copy[i] = clean;
    }
  }
  return copy ?? array;
}

function maskObject(object: JsonObject, label: string, depth: number, masking: Masking): JsonObject {
  let keys: Map<string, string> | undefined;
  let values: Map<string, JsonValue> | undefined;
  for (const key of Object.keys(object)) {
    const name = maskText(key, '', JSON_LIMITS.maxDepth, masking);
    if (name !== key) (keys ??= new Map()).set(key, name);
    const member = object[key] as JsonValue;
    if (isBinary(object, key, member)) continue;
    const clean = maskValue(member, SAYS_NOTHING.test(key) ? label : key, depth + 1, masking);
    if (clean !== member) (values ??= new Map()).set(key, clean);
  }
  if (keys === undefined && values === undefined) return object;
  const nameOf = keys === undefined ? (key: string) => key : uniqueNames(Object.keys(object), keys);
  const entries = Object.keys(object).map((key) => [nameOf(key), values?.get(key) ?? object[key]]);
  return Object.fromEntries(entries) as JsonObject;
}

// SCIM, vCard and the like: `phoneNumbers: [{ value, type }]`.
const SAYS_NOTHING = /^(?:value|number|raw|formatted|text)$/i;

/**
 * The names of an object's keys after masking: a key that was not masked keeps its name, and no two names
 * are equal.
 */
function uniqueNames(keys: readonly string[], masked: ReadonlyMap<string, string>): (key: string) => string {
  const taken = new Set(keys.filter((key) => !masked.has(key)));
  const names = new Map<string, string>();
  const last = new Map<string, number>();
  for (const [key, name] of masked) {
    let unique = name;
    let count = last.get(name) ?? 1;
    while (taken.has(unique)) unique = `${name}#${++count}`;
    last.set(name, count);
    taken.add(unique);
    names.set(key, unique);
  }
  return (key) => names.get(key) ?? key;
}

/** The fields of MCP content that carry bytes, when what they hold is base64 too long to be a number. */
function isBinary(object: JsonObject, key: string, value: JsonValue): boolean {
  if (typeof value !== 'string' || value.length < SHORTEST_BINARY) return false;
  const carries =
    (key === 'data' && (object['type'] === 'image' || object['type'] === 'audio')) ||
    (key === 'blob' && typeof object['uri'] === 'string');
  return carries && BASE64.test(value);
}

// SECURITY: an account or telephone number is base64 by its characters; none is as long as this.
const SHORTEST_BINARY = 48;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function maskNumber(value: JsonValue, label: string, masking: Masking): JsonValue {
  const digits = JSON.stringify(value);
  if (!INTEGER.test(digits)) return value;
  const [found] = findWanted(digits, masking.wanted, label);
  if (found === undefined || found.end - found.start < digits.length) return value;
  return replacement(found.kind, masking);
}

const INTEGER = /^[1-9]\d{6,20}$/;

function maskText(text: string, label: string, depth: number, masking: Masking): string {
  if (depth < JSON_LIMITS.maxDepth && LIKE_JSON.test(text)) {
    const parsed = parseExact(text, { maxDepth: JSON_LIMITS.maxDepth - depth });
    if (parsed.ok) {
      const clean = maskValue(parsed.value, label, depth + 1, masking);
      return clean === parsed.value ? text : JSON.stringify(clean, undefined, INDENTATION.exec(text)?.[1]);
    }
  }
  const found = findWanted(text, masking.wanted, label);
  if (found.length === 0) return text;
  let clean = '';
  let from = 0;
  for (const { kind, start, end } of found) {
    clean += text.slice(from, start) + replacement(kind, masking);
    from = end;
  }
  return clean + text.slice(from);
}

const LIKE_JSON = /^\s*[{[]/;
const INDENTATION = /^\s*[{[]\r?\n([ \t]{1,10})/;
