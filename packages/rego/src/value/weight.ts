import { isArray, isObject, RegoSet, sortedEntries, type Value } from './value.ts';

/** Values are never changed once made, so each composite one is weighed once. */
const weights = new WeakMap<object, number>();

/** How much there is to look at in a value: characters of texts, and one for each value in it. */
export function weightOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  if (isArray(value)) for (const item of value) weight += weightOf(item);
  else if (value instanceof RegoSet) for (const item of value.sorted()) weight += weightOf(item);
  else if (isObject(value)) {
    for (const [key, item] of sortedEntries(value)) weight += weightOf(key) + weightOf(item);
  }
  weights.set(value, weight);
  return weight;
}
