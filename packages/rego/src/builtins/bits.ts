import { integerOf, NumberTooBig } from '../value/decimal.ts';
import { type Builtin, builtin, number, OperandError } from './builtin.ts';
import { bigInteger } from './integer.ts';

const MAX_SHIFT = 65_536n;

function binary(name: string, operation: (a: bigint, b: bigint) => bigint): Builtin {
  return builtin(name, [number, number], number, (a, b) =>
    integerOf(operation(bigInteger(a, 'operand 1'), bigInteger(b, 'operand 2'))),
  );
}

function unsigned(by: bigint): bigint {
  if (by < 0n) {
    throw new OperandError('operand 2 must be an unsigned integer number but got a negative integer');
  }
  // Go counts shifts with 64 bits.
  return BigInt.asUintN(64, by);
}

function shiftLeft(a: bigint, by: bigint): bigint {
  const shift = unsigned(by);
  if (a === 0n) return 0n;
  if (shift > MAX_SHIFT) throw new NumberTooBig(`a shift by more than ${MAX_SHIFT} bits`);
  return a << shift;
}

function shiftRight(a: bigint, by: bigint): bigint {
  const shift = unsigned(by);
  // Beyond every bit only the sign is left.
  if (shift > MAX_SHIFT * 2n) return a < 0n ? -1n : 0n;
  return a >> shift;
}

export const BITS: readonly Builtin[] = [
  binary('bits.and', (a, b) => a & b),
  binary('bits.or', (a, b) => a | b),
  binary('bits.xor', (a, b) => a ^ b),
  binary('bits.lsh', shiftLeft),
  binary('bits.rsh', shiftRight),
  builtin('bits.negate', [number], number, (a) => integerOf(~bigInteger(a, 'operand 1'))),
];
