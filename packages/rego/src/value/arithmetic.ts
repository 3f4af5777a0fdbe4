import {
  addBinary,
  divideBinary,
  fromBinary,
  fromDouble,
  multiplyBinary,
  multiplyDouble,
  toBinary,
  truncateBinary,
} from './binary-float.ts';
import { integerOf, integerValue, type RegoNumber } from './decimal.ts';

function exactly(
  a: RegoNumber,
  b: RegoNumber,
  operation: (a: bigint, b: bigint) => bigint,
): RegoNumber | undefined {
  const x = integerValue(a);
  if (x === undefined) return undefined;
  const y = integerValue(b);
  return y === undefined ? undefined : integerOf(operation(x, y));
}

export function add(a: RegoNumber, b: RegoNumber): RegoNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum;
  }
  return exactly(a, b, (x, y) => x + y) ?? fromBinary(addBinary(toBinary(a), toBinary(b)));
}

export function subtract(a: RegoNumber, b: RegoNumber): RegoNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(difference))
      return difference;
  }
  const right = toBinary(b);
  return (
    exactly(a, b, (x, y) => x - y) ??
    fromBinary(addBinary(toBinary(a), { mantissa: -right.mantissa, exponent: right.exponent }))
  );
}

export function multiply(a: RegoNumber, b: RegoNumber): RegoNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(product))
      return product + 0;
  }
  return exactly(a, b, (x, y) => x * y) ?? fromBinary(multiplyBinary(toBinary(a), toBinary(b)));
}

/** Undefined for a division by zero. Integers that do not divide give a fraction of 64 bits, as in OPA. */
export function divide(a: RegoNumber, b: RegoNumber): RegoNumber | undefined {
  if (b === 0) return undefined;
  if (a === 0) return 0;
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    if (a % b === 0) return a / b;
  }
  return fromBinary(divideBinary(toBinary(a), toBinary(b)));
}

/** The remainder with the sign of the dividend, both integers; undefined when the divisor is zero. */
export function remainder(a: bigint, b: bigint): RegoNumber | undefined {
  return b === 0n ? undefined : integerOf(a % b);
}

export function absolute(a: RegoNumber): RegoNumber {
  if (typeof a === 'number' && Number.isSafeInteger(a)) return Math.abs(a);
  const float = toBinary(a);
  return fromBinary({
    mantissa: float.mantissa < 0n ? -float.mantissa : float.mantissa,
    exponent: float.exponent,
  });
}

const HALF = toBinary(0.5);

/** Rounds half away from zero. */
export function roundNumber(a: RegoNumber): RegoNumber {
  if (typeof a === 'number' && Number.isSafeInteger(a)) return a;
  const float = toBinary(a);
  const half = float.mantissa < 0n ? { mantissa: -HALF.mantissa, exponent: HALF.exponent } : HALF;
  return fromBinary(toBinary(integerOf(truncateBinary(addBinary(float, half)))));
}

export function ceiling(a: RegoNumber): RegoNumber {
  return roundTowards(a, 1n);
}

export function floor(a: RegoNumber): RegoNumber {
  return roundTowards(a, -1n);
}

function roundTowards(a: RegoNumber, direction: 1n | -1n): RegoNumber {
  if (typeof a === 'number' && Number.isSafeInteger(a)) return a;
  const float = toBinary(a);
  const whole = truncateBinary(float);
  const isWhole = float.exponent >= 0 || (float.mantissa & ((1n << BigInt(-float.exponent)) - 1n)) === 0n;
  if (isWhole) return fromBinary(toBinary(integerOf(whole)));
  // OPA looks at the sign of the truncated number, which is lost between -1 and 0: its `floor(-0.5)` is 0 and
  // its `ceil(-0.5)` is 1.
  const isNegative = whole < 0n;
  if (isNegative !== direction < 0n) return integerOf(whole);
  return integerOf(whole + direction);
}

/** The sum of integers is exact, that of fractions has 64 bits. */
export function sum(numbers: readonly RegoNumber[]): RegoNumber {
  const integers = allIntegers(numbers);
  if (integers !== undefined) return integerOf(integers.reduce((total, each) => total + each, 0n));
  return fromBinary(numbers.map(toBinary).reduce(addBinary));
}

/** The product of integers is exact, that of fractions has 53 bits. */
export function product(numbers: readonly RegoNumber[]): RegoNumber {
  const integers = allIntegers(numbers);
  if (integers !== undefined)
    return integers.reduce((total: RegoNumber, each) => multiply(total, integerOf(each)), 1);
  return fromDouble(numbers.map(toBinary).reduce(multiplyDouble, toBinary(1)));
}

function allIntegers(numbers: readonly RegoNumber[]): readonly bigint[] | undefined {
  const integers: bigint[] = [];
  for (const number of numbers) {
    const integer = integerValue(number);
    if (integer === undefined) return undefined;
    integers.push(integer);
  }
  return integers;
}
