import type { Meter } from '../evaluate/meter.ts';
import { getKey, isArray, isObject, RegoSet, sortedEntries, type Value } from '../value/value.ts';

/** One step of a reference: an array's element, an object's value, a set's member. */
export function lookUp(value: Value, key: Value): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (value instanceof RegoSet) return value.has(key) ? key : undefined;
  return isObject(value) ? getKey(value, key) : undefined;
}

/** Visits keys and values in Rego's order until `visit` answers true; a value without members has none. */
export function forEachMember(
  value: Value,
  meter: Meter,
  visit: (key: Value, member: Value) => boolean,
): boolean {
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      meter.step();
      const member = value[i];
      if (member !== undefined && visit(i, member)) return true;
    }
    return false;
  }
  if (value instanceof RegoSet) {
    for (const member of value.sorted()) {
      meter.step();
      if (visit(member, member)) return true;
    }
    return false;
  }
  if (!isObject(value)) return false;
  for (const [key, member] of sortedEntries(value)) {
    meter.step();
    if (visit(key, member)) return true;
  }
  return false;
}
