/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/**
 * What JSON holds of a value; undefined where that is nothing. Throws a `TypeError` where it would hold something
 * else in silence: a `Map` as `{}`, `NaN` as `null`.
 */
export function asJson(value: unknown): Json | undefined {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Map || member instanceof Set) throw new TypeError('a Map or a Set is no JSON');
    if (typeof member === 'number' && !Number.isFinite(member)) throw new TypeError(`${member} is no JSON`);
    return member;
  }) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

/** The same as an object: nothing as an empty one, and what is no object as its member `value`. */
export function asJsonObject(value: unknown): JsonObject {
  const json = asJson(value);
  if (json === undefined || json === null) return {};
  return typeof json === 'object' && !Array.isArray(json) ? (json as JsonObject) : { value: json };
}
