import { integerValue, type RegoNumber } from '../value/decimal.ts';
import { OperandError } from './builtin.ts';

const INT64 = 1n << 63n;

/** An argument that must be an integer of any size. */
export function bigInteger(number: RegoNumber, what: string): bigint {
  const integer = integerValue(number);
  if (integer === undefined)
    throw new OperandError(`${what} must be integer number but got floating-point number`);
  return integer;
}

/** An argument that must be an integer of 64 bits; beyond 2^53 it is clamped, which no length or index notices. */
export function integer(number: RegoNumber, what: string): number {
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  const big = bigInteger(number, what);
  if (big >= INT64 || big < -INT64) throw new OperandError(`${what} must be an integer of 64 bits`);
  return clamped(big);
}

/** An integer as a JavaScript number, at most 2^53 - 1 from zero. */
export function clamped(big: bigint): number {
  if (big > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  return Number(big < BigInt(Number.MIN_SAFE_INTEGER) ? Number.MIN_SAFE_INTEGER : big);
}
