import { entriesOf, isArray, isObject, RegoSet, type Value } from './value.ts';

/** Values are never changed once made, so each composite one is weighed once. */
const weights = new WeakMap<object, number>();

/** How much there is to look at in a value: characters of texts, and one for each value in it. */
export function weightOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  const isList = isArray(value);
  if (isList && value.length <= SHORT) {
    const weight = weightOfFlat(value);
    if (weight !== undefined) return weight;
  }
  const known = weights.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  if (isList) for (const item of value) weight += weightOf(item);
  else if (value instanceof RegoSet) for (const item of value.values()) weight += weightOf(item);
  else if (isObject(value)) {
    for (const [key, item] of entriesOf(value)) weight += weightOf(key) + weightOf(item);
  }
  weights.set(value, weight);
  return weight;
}

/** Weighing so many plain values takes less than remembering what they weigh. */
const SHORT = 16;

/** The weight of a list without lists and objects in it; undefined for others. */
function weightOfFlat(list: readonly Value[]): number | undefined {
  let weight = 1;
  for (const item of list) {
    if (typeof item === 'string') weight += item.length;
    else if (typeof item === 'object' && item !== null) return undefined;
    else weight++;
  }
  return weight;
}
