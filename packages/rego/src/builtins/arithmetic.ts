import {
  absolute,
  add,
  ceiling,
  divide,
  floor,
  multiply,
  remainder,
  roundNumber,
  subtract,
} from '../value/arithmetic.ts';
import { integerOf, integerValue, type RegoNumber } from '../value/decimal.ts';
import { isNumber, RegoSet, typeName, type Value } from '../value/value.ts';
import {
  array,
  type Builtin,
  type BuiltinScope,
  builtin,
  BuiltinError,
  OperandError,
  number,
  oneOf,
  set,
} from './builtin.ts';
import { bigInteger, clamped } from './integer.ts';

function range(from: RegoNumber, to: RegoNumber, step: RegoNumber, { meter }: BuiltinScope): Value[] {
  const start = bigInteger(from, 'operand 1');
  const end = bigInteger(to, 'operand 2');
  const by = bigInteger(step, 'operand 3');
  if (by <= 0n) throw new BuiltinError('step must be a positive number above zero');
  const size = clamped((start < end ? end - start : start - end) / by + 1n);
  meter.grow(size);
  const signed = end < start ? -by : by;
  return Array.from({ length: size }, (_, i) => integerOf(start + BigInt(i) * signed));
}

export const ARITHMETIC: readonly Builtin[] = [
  builtin('plus', [number, number], number, add),
  builtin('minus', [oneOf(number, set), oneOf(number, set)], oneOf(number, set), (a, b) => {
    if (isNumber(a) && isNumber(b)) return subtract(a, b);
    if (a instanceof RegoSet && b instanceof RegoSet) {
      return RegoSet.of(a.sorted().filter((member) => !b.has(member)));
    }
    throw new OperandError(`operand 2 must be ${typeName(a)} but got ${typeName(b)}`);
  }),
  builtin('mul', [number, number], number, multiply),
  builtin('div', [number, number], number, (a, b) => {
    const quotient = divide(a, b);
    if (quotient === undefined) throw new BuiltinError('divide by zero');
    return quotient;
  }),
  builtin('rem', [number, number], number, (a, b) => {
    const x = integerValue(a);
    const y = integerValue(b);
    if (x === undefined || y === undefined) throw new BuiltinError('modulo on floating-point number');
    const rest = remainder(x, y);
    if (rest === undefined) throw new BuiltinError('modulo by zero');
    return rest;
  }),
  builtin('abs', [number], number, (a) => absolute(a)),
  builtin('round', [number], number, (a) => roundNumber(a)),
  builtin('ceil', [number], number, (a) => ceiling(a)),
  builtin('floor', [number], number, (a) => floor(a)),
  builtin('numbers.range', [number, number], array, (from, to, scope) => range(from, to, 1, scope)),
  builtin('numbers.range_step', [number, number, number], array, range),
];
