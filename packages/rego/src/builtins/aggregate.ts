import { product, sum } from '../value/arithmetic.ts';
import { codePoints } from '../value/text.ts';
import type { RegoNumber } from '../value/decimal.ts';
import { compareValues, isNumber, RegoSet, sizeOf, type Value } from '../value/value.ts';
import {
  any,
  array,
  type Builtin,
  builtin,
  OperandError,
  number,
  object,
  oneOf,
  set,
  string,
} from './builtin.ts';

const list = oneOf(array, set);

function members(collection: readonly Value[] | RegoSet): readonly Value[] {
  return collection instanceof RegoSet ? collection.sorted() : collection;
}

function numbers(collection: readonly Value[] | RegoSet): readonly RegoNumber[] {
  return members(collection).map((member) => {
    if (!isNumber(member)) throw new OperandError('operand 1 must be a collection of numbers');
    return member;
  });
}

function extreme(collection: readonly Value[] | RegoSet, sign: 1 | -1): Value | undefined {
  let best: Value | undefined;
  for (const member of members(collection)) {
    if (best === undefined || compareValues(member, best) * sign > 0) best = member;
  }
  return best;
}

export const AGGREGATE: readonly Builtin[] = [
  builtin('count', [oneOf(oneOf(string, object), list)], number, (collection) =>
    typeof collection === 'string' ? codePoints(collection).length : sizeOf(collection),
  ),
  builtin('sum', [list], number, (collection) => sum(numbers(collection))),
  builtin('product', [list], number, (collection, { meter }) => {
    // The digits of a product add up, and each step multiplies them all.
    meter.work(members(collection).length);
    return product(numbers(collection));
  }),
  builtin('max', [list], any, (collection) => extreme(collection, 1)),
  builtin('min', [list], any, (collection) => extreme(collection, -1)),
  builtin('sort', [list], array, (collection, { meter }) => {
    const sorted = members(collection);
    meter.work(sorted.length);
    return [...sorted].sort(compareValues);
  }),
];
