import {
  equalValues,
  getKey,
  isArray,
  isObject,
  objectSize,
  type ObjectValue,
  RegoObject,
  RegoSet,
  sortedEntries,
  typeName,
  type Value,
} from '../value/value.ts';
import { any, array, boolean, type Builtin, builtin, OperandError, object, oneOf, set } from './builtin.ts';
import type { Meter } from '../evaluate/meter.ts';

const keys = oneOf(oneOf(array, set), object);

function keySet(value: readonly Value[] | RegoSet | ObjectValue): RegoSet {
  if (value instanceof RegoSet) return value;
  return RegoSet.of(isArray(value) ? value : sortedEntries(value).map(([key]) => key));
}

/** The right side wins; objects on both sides are merged. */
function mergeObjects(left: ObjectValue, right: ObjectValue, meter: Meter): RegoObject {
  const merged = RegoObject.of(sortedEntries(left));
  meter.grow(merged.size + objectSize(right));
  for (const [key, value] of sortedEntries(right)) {
    const previous = merged.get(key);
    const both = isObject(previous) && isObject(value);
    merged.set(key, both ? mergeObjects(previous, value, meter) : value);
  }
  return merged;
}

function getDeep(value: Value, path: Value, fallback: Value): Value {
  if (!isArray(path)) {
    const member = isObject(value) ? getKey(value, path) : undefined;
    return member === undefined ? fallback : member;
  }
  let found: Value | undefined = value;
  for (const step of path) {
    if (isObject(found)) found = getKey(found, step);
    else if (isArray(found)) found = typeof step === 'number' ? found[step] : undefined;
    else if (found instanceof RegoSet) found = found.has(step) ? step : undefined;
    else found = undefined;
    if (found === undefined) return fallback;
  }
  return found;
}

function isSubset(whole: Value, part: Value): boolean {
  if (isObject(whole) && isObject(part)) {
    return sortedEntries(part).every(([key, value]) => {
      const found = getKey(whole, key);
      return found !== undefined && (equalValues(found, value) || isSubset(found, value));
    });
  }
  if (whole instanceof RegoSet && part instanceof RegoSet)
    return part.sorted().every((member) => whole.has(member));
  if (isArray(whole) && part instanceof RegoSet) {
    return part.sorted().every((member) => whole.some((item) => equalValues(item, member)));
  }
  if (!isArray(whole) || !isArray(part)) return false;
  for (let start = 0; start + part.length <= whole.length; start++) {
    if (part.every((item, i) => equalValues(item, whole[start + i] as Value))) return true;
  }
  return false;
}

export const OBJECTS: readonly Builtin[] = [
  builtin('object.get', [object, any, any], any, getDeep),
  builtin('object.keys', [object], set, (value) => RegoSet.of(sortedEntries(value).map(([key]) => key))),
  builtin('object.union', [object, object], object, (a, b, { meter }) => mergeObjects(a, b, meter)),
  builtin('object.union_n', [array], object, (list, { meter }) => {
    let merged: ObjectValue = new RegoObject();
    for (const item of list) {
      if (!isObject(item)) throw new OperandError('operand 1 must be an array of objects');
      merged = mergeObjects(merged, item, meter);
    }
    return merged;
  }),
  builtin('object.remove', [object, keys], object, (value, removed) => {
    const gone = keySet(removed);
    return RegoObject.of(sortedEntries(value).filter(([key]) => !gone.has(key)));
  }),
  builtin('object.filter', [object, keys], object, (value, kept) => {
    const wanted = keySet(kept);
    return RegoObject.of(sortedEntries(value).filter(([key]) => wanted.has(key)));
  }),
  builtin('object.subset', [keys, keys], boolean, (whole, part, { meter }) => {
    if (isArray(whole) && isArray(part)) meter.work((whole.length * part.length) >> 3);
    if (typeName(whole) !== typeName(part) && !(isArray(whole) && part instanceof RegoSet)) {
      throw new OperandError('both arguments must be of the same type, or an array and a set');
    }
    return isSubset(whole, part);
  }),
];
