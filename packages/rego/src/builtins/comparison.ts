import {
  compareValues,
  equalValues,
  getKey,
  isArray,
  isObject,
  RegoSet,
  sortedEntries,
  type Value,
} from '../value/value.ts';
import { any, type Builtin, boolean, builtin } from './builtin.ts';

function isMember(value: Value, collection: Value): boolean {
  if (collection instanceof RegoSet) return collection.has(value);
  if (isArray(collection)) return collection.some((item) => equalValues(item, value));
  return isObject(collection) && sortedEntries(collection).some(([, item]) => equalValues(item, value));
}

function isEntry(key: Value, value: Value, collection: Value): boolean {
  if (collection instanceof RegoSet) return equalValues(key, value) && collection.has(value);
  let found: Value | undefined;
  if (isArray(collection)) found = typeof key === 'number' ? collection[key] : undefined;
  else if (isObject(collection)) found = getKey(collection, key);
  return found !== undefined && equalValues(found, value);
}

export const COMPARISON: readonly Builtin[] = [
  builtin('equal', [any, any], boolean, (a, b) => equalValues(a, b)),
  builtin('neq', [any, any], boolean, (a, b) => !equalValues(a, b)),
  builtin('lt', [any, any], boolean, (a, b) => compareValues(a, b) < 0),
  builtin('lte', [any, any], boolean, (a, b) => compareValues(a, b) <= 0),
  builtin('gt', [any, any], boolean, (a, b) => compareValues(a, b) > 0),
  builtin('gte', [any, any], boolean, (a, b) => compareValues(a, b) >= 0),
  builtin('internal.member_2', [any, any], boolean, (value, collection, { meter }) => {
    if (isArray(collection)) meter.work(collection.length >> 4);
    return isMember(value, collection);
  }),
  builtin('internal.member_3', [any, any, any], boolean, isEntry),
];
