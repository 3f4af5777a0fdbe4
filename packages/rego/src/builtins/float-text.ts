/** The exact value of a double, as mantissa times two to the exponent. */
function partsOf(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new BigUint64Array(new Float64Array([Math.abs(value)]).buffer)[0] ?? 0n;
  const power = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return power === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: power - 1075 };
}

/** value times ten to the power, rounded to nearest, ties to even. */
function scaled(value: number, power: number): bigint {
  const { mantissa, exponent } = partsOf(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  const whole = numerator / denominator;
  const rest = (numerator - whole * denominator) * 2n;
  return rest > denominator || (rest === denominator && (whole & 1n) === 1n) ? whole + 1n : whole;
}

/** Digits after the point fixed, as Go's `%f`; negative precision means as many as needed. */
export function fixedText(value: number, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (precision < 0) return sign + shortestFixed(Math.abs(value));
  const digits = String(scaled(value, precision)).padStart(precision + 1, '0');
  const point = digits.length - precision;
  return sign + digits.slice(0, point) + (precision > 0 ? `.${digits.slice(point)}` : '');
}

function shortestFixed(value: number): string {
  const { digits, exponent } = shortestDigits(value);
  const point = exponent + 1;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The shortest digits that mean this double, the first before the point. */
function shortestDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function roundedDigits(value: number, count: number): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let { exponent } = shortestDigits(value);
  let digits = String(scaled(value, count - 1 - exponent));
  if (digits.length > count) {
    exponent++;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

/** Scientific form, as Go's `%e`. */
export function exponentText(value: number, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const { digits, exponent } = precision < 0 ? shortestDigits(size) : roundedDigits(size, precision + 1);
  return sign + scientific(digits, exponent);
}

function scientific(digits: string, exponent: number): string {
  const rest = digits.slice(1);
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.slice(0, 1)}${rest === '' ? '' : `.${rest}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** From this exponent on the shortest form is scientific. */
const SHORTEST_LIMIT = 6;

/** The shorter of both forms, as Go's `%g`. */
export function generalText(value: number, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const count = precision === 0 ? 1 : precision;
  const found = precision < 0 ? shortestDigits(size) : roundedDigits(size, count);
  const digits = found.digits.replace(/0+$/, '') || '0';
  let limit = count;
  if (limit > digits.length && digits.length > found.exponent) limit = digits.length;
  if (precision < 0) limit = SHORTEST_LIMIT;
  if (found.exponent < -4 || found.exponent >= limit) return sign + scientific(digits, found.exponent);
  const point = found.exponent + 1;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
