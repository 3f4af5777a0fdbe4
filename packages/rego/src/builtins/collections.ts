import { isArray, RegoSet, type Value } from '../value/value.ts';
import { array, type Builtin, builtin, OperandError, number, set } from './builtin.ts';
import { integer } from './integer.ts';

function innerSets(sets: RegoSet): readonly RegoSet[] {
  return sets.sorted().map((member) => {
    if (!(member instanceof RegoSet)) throw new OperandError('operand 1 must be a set of sets');
    return member;
  });
}

function intersect(a: RegoSet, b: RegoSet): RegoSet {
  return RegoSet.of(a.sorted().filter((member) => b.has(member)));
}

export const COLLECTIONS: readonly Builtin[] = [
  builtin('array.concat', [array, array], array, (a, b, { meter }) => {
    meter.grow(a.length + b.length);
    return [...a, ...b];
  }),
  builtin('array.slice', [array, number, number], array, (list, from, to, { meter }) => {
    const start = Math.max(0, integer(from, 'operand 2'));
    const stop = Math.min(list.length, integer(to, 'operand 3'));
    meter.grow(Math.max(0, stop - start));
    return stop <= start ? [] : list.slice(start, stop);
  }),
  builtin('array.reverse', [array], array, (list, { meter }) => {
    meter.grow(list.length);
    return list.toReversed();
  }),
  builtin('array.flatten', [array], array, (list, { meter }) => {
    const flat = list.flatMap((item): readonly Value[] => (isArray(item) ? item : [item]));
    meter.grow(flat.length);
    return flat;
  }),
  builtin('and', [set, set], set, (a, b, { meter }) => {
    meter.work(a.size);
    return intersect(a, b);
  }),
  builtin('or', [set, set], set, (a, b, { meter }) => {
    meter.grow(a.size + b.size);
    return RegoSet.of([...a.sorted(), ...b.sorted()]);
  }),
  builtin('union', [set], set, (sets, { meter }) => {
    const members = innerSets(sets).flatMap((inner) => inner.sorted());
    meter.grow(members.length);
    return RegoSet.of(members);
  }),
  builtin('intersection', [set], set, (sets, { meter }) => {
    const [first, ...rest] = innerSets(sets);
    if (first === undefined) return new RegoSet();
    meter.work(first.size * (rest.length + 1));
    return rest.reduce(intersect, first);
  }),
];
