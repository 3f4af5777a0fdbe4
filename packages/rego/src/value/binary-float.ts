import { digitsOf, NumberTooBig, numberOf, type RegoNumber } from './decimal.ts';

/**
 * Binary floating point with a mantissa of 64 bits, the precision of OPA's fractions (Go's big.Float), so that
 * `0.1 + 0.2 == 0.3` holds here as it does there.
 */
export interface BinaryFloat {
  /** Zero, or exactly 64 bits with a sign. */
  readonly mantissa: bigint;
  readonly exponent: number;
}

const PRECISION = 64;
/** Larger powers of two are not computed with. */
const MAX_EXPONENT = 65_536;
const DOUBLE_PRECISION = 53;

function bitLength(positive: bigint): number {
  return positive.toString(2).length;
}

/** Rounds to nearest, ties to even; `sticky` says that bits below the last one were cut off. */
function round(mantissa: bigint, exponent: number, sticky = false, precision = PRECISION): BinaryFloat {
  if (mantissa === 0n) return { mantissa: 0n, exponent: 0 };
  if (Math.abs(exponent) > MAX_EXPONENT) throw new NumberTooBig('a number has an exponent that is too big');
  const negative = mantissa < 0n;
  let magnitude = negative ? -mantissa : mantissa;
  let power = exponent;
  const shift = bitLength(magnitude) - precision;
  if (shift <= 0) {
    magnitude <<= BigInt(-shift);
  } else {
    const cut = BigInt(shift);
    const half = 1n << (cut - 1n);
    const rest = magnitude & ((1n << cut) - 1n);
    magnitude >>= cut;
    if (rest > half || (rest === half && (sticky || (magnitude & 1n) === 1n))) magnitude++;
    if (bitLength(magnitude) > precision) {
      magnitude >>= 1n;
      power++;
    }
  }
  return { mantissa: negative ? -magnitude : magnitude, exponent: power + shift };
}

function quotient(a: bigint, b: bigint, exponent: number): BinaryFloat {
  const negative = a < 0n !== b < 0n;
  const dividend = a < 0n ? -a : a;
  const divisor = b < 0n ? -b : b;
  const shift = Math.max(0, bitLength(divisor) - bitLength(dividend) + PRECISION + 2);
  const scaled = dividend << BigInt(shift);
  const whole = scaled / divisor;
  return round(negative ? -whole : whole, exponent - shift, whole * divisor !== scaled);
}

export function toBinary(number: RegoNumber): BinaryFloat {
  const { coefficient, exponent } = digitsOf(number);
  if (coefficient === 0n) return { mantissa: 0n, exponent: 0 };
  if (exponent >= 0) return round(coefficient * 10n ** BigInt(exponent), 0);
  return quotient(coefficient, 10n ** BigInt(-exponent), 0);
}

export function addBinary(a: BinaryFloat, b: BinaryFloat): BinaryFloat {
  if (a.mantissa === 0n) return b;
  if (b.mantissa === 0n) return a;
  const low = Math.min(a.exponent, b.exponent);
  return round((a.mantissa << BigInt(a.exponent - low)) + (b.mantissa << BigInt(b.exponent - low)), low);
}

export function multiplyBinary(a: BinaryFloat, b: BinaryFloat): BinaryFloat {
  return round(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

/** Multiplies with a mantissa of 53 bits, the precision of OPA's `product`. */
export function multiplyDouble(a: BinaryFloat, b: BinaryFloat): BinaryFloat {
  return round(a.mantissa * b.mantissa, a.exponent + b.exponent, false, DOUBLE_PRECISION);
}

/** The number that a float of 53 bits means in its shortest text. */
export function fromDouble(float: BinaryFloat): RegoNumber {
  const double = Number(float.mantissa) * 2 ** float.exponent;
  const { coefficient, exponent } = digitsOf(double);
  return Number.isFinite(double)
    ? numberOf(coefficient, exponent)
    : fromBinary(round(float.mantissa, float.exponent));
}

export function divideBinary(a: BinaryFloat, b: BinaryFloat): BinaryFloat {
  if (a.mantissa === 0n) return a;
  return quotient(a.mantissa, b.mantissa, a.exponent - b.exponent);
}

/** The integer that is left when the fraction is cut off. */
export function truncateBinary(a: BinaryFloat): bigint {
  if (a.exponent >= 0) return a.mantissa << BigInt(a.exponent);
  const magnitude = (a.mantissa < 0n ? -a.mantissa : a.mantissa) >> BigInt(-a.exponent);
  return a.mantissa < 0n ? -magnitude : magnitude;
}

/** The number whose decimal text is the shortest that rounds to this float. */
export function fromBinary(float: BinaryFloat): RegoNumber {
  if (float.mantissa === 0n) return 0;
  const negative = float.mantissa < 0n;
  const magnitude = negative ? -float.mantissa : float.mantissa;
  // Two more bits make the half-way points to both neighbours integers.
  const value = magnitude << 2n;
  const upper = value + 2n;
  const lower = value - (magnitude === 1n << BigInt(PRECISION - 1) ? 1n : 2n);
  const inclusive = (magnitude & 1n) === 0n;
  const power = float.exponent - 2;
  const scale = power >= 0 ? 1n << BigInt(power) : 1n;
  const divisor = power >= 0 ? 1n : 1n << BigInt(-power);
  // Digits of value * scale / divisor.
  const length = estimateDigits(value * scale, divisor);
  for (let kept = 1; ; kept++) {
    const exponent = length - kept;
    const up = exponent >= 0 ? 1n : 10n ** BigInt(-exponent);
    const down = divisor * (exponent >= 0 ? 10n ** BigInt(exponent) : 1n);
    const exact = value * scale * up;
    let digits = exact / down;
    if ((exact - digits * down) * 2n >= down) digits++;
    const candidate = digits * down;
    const low = lower * scale * up;
    const high = upper * scale * up;
    if (inclusive ? candidate >= low && candidate <= high : candidate > low && candidate < high) {
      return numberOf(negative ? -digits : digits, exponent);
    }
  }
}

/** How many digits stand before the decimal point (zero or negative for small fractions). */
function estimateDigits(numerator: bigint, denominator: bigint): number {
  let estimate = String(numerator).length - String(denominator).length;
  const reached = (n: number): boolean =>
    n >= 0 ? numerator >= denominator * 10n ** BigInt(n) : numerator * 10n ** BigInt(-n) >= denominator;
  while (reached(estimate)) estimate++;
  return estimate;
}
