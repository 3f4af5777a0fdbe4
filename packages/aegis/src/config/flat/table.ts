import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const part of path) at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  return at;
}

/** The table with a value at a path. */
export function withValue(
  table: JsonObject,
  [key = '', ...rest]: readonly string[],
  value: JsonValue,
): JsonObject {
  if (rest.length === 0) return { ...table, [key]: value };
  const inner = Object.hasOwn(table, key) ? table[key] : undefined;
  return { ...table, [key]: withValue(isJsonObject(inner) ? inner : {}, rest, value) };
}

/** The table without what stands at a path; a table that is empty then goes with it. */
export function without(table: JsonObject, [key = '', ...rest]: readonly string[]): JsonObject {
  const { [key]: inner, ...others } = table;
  if (rest.length === 0 || !isJsonObject(inner)) return others;
  const left = without(inner, rest);
  return Object.keys(left).length === 0 ? others : { ...table, [key]: left };
}
