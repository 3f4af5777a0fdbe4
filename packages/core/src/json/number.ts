/**
 * Whether the number that a JSON literal writes is still the same number after it was read as an
 * IEEE 754 double and printed again. `9007199254740993`, `1e400` and `1e-400` are not.
 */
export function survivesDouble(literal: string): boolean {
  if (literal.length <= MAX_SAFE_LITERAL && !HAS_EXPONENT.test(literal)) return true;
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const before = decimalOf(literal);
  const after = decimalOf(String(value));
  return before.digits === after.digits && before.exponent === after.exponent;
}

// A double holds every decimal of 15 significant digits.
const MAX_SAFE_LITERAL = 15;
const HAS_EXPONENT = /[eE]/;

interface Decimal {
  /** Significant digits, with no zero at either end; empty for zero. */
  readonly digits: string;
  /** Power of ten that the digits, read as an integer, are multiplied by. */
  readonly exponent: number;
}

// The sign is left out: reading and printing never changes it, but for `-0`, which is 0.
function decimalOf(literal: string): Decimal {
  const e = literal.search(HAS_EXPONENT);
  const mantissa = e === -1 ? literal : literal.slice(0, e);
  const unsigned = mantissa.startsWith('-') ? mantissa.slice(1) : mantissa;
  const point = unsigned.indexOf('.');
  const all = point === -1 ? unsigned : unsigned.slice(0, point) + unsigned.slice(point + 1);
  let start = 0;
  while (start < all.length && all.charCodeAt(start) === ZERO) start++;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === ZERO) end--;
  if (start === end) return { digits: '', exponent: 0 };
  const decimals = point === -1 ? 0 : unsigned.length - point - 1;
  const power = e === -1 ? 0 : Number(literal.slice(e + 1));
  return { digits: all.slice(start, end), exponent: power - decimals + (all.length - end) };
}

const ZERO = 0x30;
