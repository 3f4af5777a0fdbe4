import { isExactNumber } from '../json/exact.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { isPlainObject } from './plain-object.ts';

/** Up to so many keys, sorting by insertion is the faster way. */
const FEW_KEYS = 24;

/** An object's keys in order of their UTF-16 code units (RFC 8785, section 3.2.3). */
export function sortedKeys(object: JsonObject): string[] {
  return sort(Object.keys(object));
}

function sort(keys: string[]): string[] {
  // `<` on strings and the default sort both compare UTF-16 code units.
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string;
    let at = i;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

/**
 * A copy of a value in which `JSON.stringify` meets all keys in order; parts that have them so are not copied.
 * Undefined when no object of the engine keeps its keys in that order, or the value has no canonical JSON. Lone
 * surrogates are not looked for.
 */
export function inOrder(value: JsonValue, depth: number): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'object':
      if (value === null) return value;
      if (depth === 0) return undefined;
      return Array.isArray(value) ? itemsInOrder(value, depth) : membersInOrder(value as JsonObject, depth);
    default:
      return undefined;
  }
}

function itemsInOrder(items: readonly JsonValue[], depth: number): JsonValue | undefined {
  if (!isPlainArray(items)) return undefined;
  let copy: JsonValue[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as JsonValue;
    if (typeof item === 'string') continue;
    const ordered = inOrder(item, depth - 1);
    if (ordered === undefined) return undefined;
    if (ordered !== item) (copy ??= items.slice())[i] = ordered;
  }
  return copy ?? items;
}

/** Whether an array prints its items and nothing else: another one may have been taught how to print itself. */
export function isPlainArray(items: readonly unknown[]): boolean {
  return Object.getPrototypeOf(items) === Array.prototype && !Object.hasOwn(items, 'toJSON');
}

function membersInOrder(object: JsonObject, depth: number): JsonValue | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype) {
    if (isExactNumber(object)) return object;
    if (!isPlainObject(object)) return undefined;
  }
  const keys = Object.keys(object);
  // What is not copied prints itself, and a foreign prototype may have taught it how.
  const inPlace = prototype === Object.prototype && areSorted(keys);
  if (!inPlace) sort(keys);
  let copy: Record<string, JsonValue> | undefined = inPlace ? undefined : {};
  for (const key of keys) {
    // Names of array indices come first in every object, by their value; this one name is no member at all.
    if (isDigit(key.charCodeAt(0)) || key === '__proto__') return undefined;
    const member = object[key] as JsonValue;
    const ordered = typeof member === 'string' ? member : inOrder(member, depth - 1);
    if (ordered === undefined) return undefined;
    if (copy !== undefined) copy[key] = ordered;
    // A copy keeps the order of its members when one of them is given another value.
    else if (ordered !== member) (copy = { ...object })[key] = ordered;
  }
  return copy ?? object;
}

/** Whether keys stand in order of their UTF-16 code units. */
export function areSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
