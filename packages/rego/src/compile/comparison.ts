import type { Term } from '../check/resolved.ts';
import { chargeComparison } from '../evaluate/charge.ts';
import type { Getter } from '../evaluate/context.ts';
import { compareValues, equalValues, type Value } from '../value/value.ts';

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  equal: equalValues,
  neq: (a, b) => !equalValues(a, b),
  lt: (a, b) => compareValues(a, b) < 0,
  lte: (a, b) => compareValues(a, b) <= 0,
  gt: (a, b) => compareValues(a, b) > 0,
  gte: (a, b) => compareValues(a, b) >= 0,
};

/** Comparisons take any two values and are most of what policies do, so they skip the way of other built-ins. */
export function comparisonGetter(
  name: string,
  args: readonly Getter[],
  terms: readonly Term[],
): Getter | undefined {
  const compare = COMPARISONS[name];
  const [left, right] = args;
  if (compare === undefined || left === undefined || right === undefined) return undefined;
  const constant = terms[1];
  if (name === 'equal' && constant?.kind === 'scalar' && typeof constant.value === 'string') {
    const wanted = constant.value;
    return (frame) => {
      const value = left(frame);
      return value === undefined ? undefined : value === wanted;
    };
  }
  return (frame) => {
    const a = left(frame);
    if (a === undefined) return undefined;
    const b = right(frame);
    if (b === undefined) return undefined;
    chargeComparison(frame.context.run.meter, a, b);
    return compare(a, b);
  };
}
