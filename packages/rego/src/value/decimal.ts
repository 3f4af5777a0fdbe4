/**
 * A number that neither a JavaScript number nor a bigint can hold exactly: coefficient times ten to the
 * exponent, the exponent negative and the coefficient without a trailing zero.
 */
export class Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;

  constructor(coefficient: bigint, exponent: number) {
    this.coefficient = coefficient;
    this.exponent = exponent;
  }
}

/**
 * A Rego number. Every number has one form: a JavaScript number when it is a safe integer or a fraction that
 * is the shortest text of a double, a bigint when it is another integer, otherwise a Decimal.
 */
export type RegoNumber = number | bigint | Decimal;

export interface Digits {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** A number with more digits than arithmetic may take time for. */
export class NumberTooBig extends RangeError {}

const LARGEST_INTEGER = 1n << 65_536n;

/** Texts longer than this are refused, as their arithmetic would take unbounded time. */
const MAX_DIGITS = 4096;

const NUMBER = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** The number that a decimal text means; undefined when it is none, or longer than 4096 digits. */
export function parseNumber(text: string): RegoNumber | undefined {
  if (text.length < 16 && /^-?\d+$/.test(text)) return Number(text) + 0;
  const match = NUMBER.exec(text);
  if (match === null || text.length > MAX_DIGITS) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > MAX_DIGITS) return undefined;
  const digits = BigInt(whole + fraction);
  return numberOf(sign === '-' ? -digits : digits, exponent);
}

/** The one form of coefficient times ten to the exponent. */
export function numberOf(coefficient: bigint, exponent: number): RegoNumber {
  if (coefficient === 0n) return 0;
  if (exponent >= 0) return integerOf(coefficient * 10n ** BigInt(exponent));
  let digits = coefficient;
  let power = exponent;
  while (power < 0 && digits % 10n === 0n) {
    digits /= 10n;
    power++;
  }
  if (power === 0) return integerOf(digits);
  const double = Number(`${digits}e${power}`);
  if (Number.isFinite(double) && double !== 0 && !Number.isInteger(double)) {
    const shown = digitsOf(double);
    if (shown.coefficient === digits && shown.exponent === power) return double;
  }
  return new Decimal(digits, power);
}

export function integerOf(integer: bigint): RegoNumber {
  if (integer >= -9007199254740991n && integer <= 9007199254740991n) return Number(integer);
  // SECURITY: squaring again and again doubles the digits each time.
  if (integer > LARGEST_INTEGER || integer < -LARGEST_INTEGER) {
    throw new NumberTooBig('a number has more than 65536 bits');
  }
  return integer;
}

/** The exact decimal that a number means: for a double, its shortest text. */
export function digitsOf(number: RegoNumber): Digits {
  if (typeof number === 'bigint') return { coefficient: number, exponent: 0 };
  if (typeof number === 'object') return number;
  if (Number.isSafeInteger(number)) return { coefficient: BigInt(number), exponent: 0 };
  const [mantissa = '', power = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

export function compareNumbers(a: RegoNumber, b: RegoNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const x = digitsOf(a);
  const y = digitsOf(b);
  const low = Math.min(x.exponent, y.exponent);
  const left = x.coefficient * 10n ** BigInt(x.exponent - low);
  const right = y.coefficient * 10n ** BigInt(y.exponent - low);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The text of a number in JSON. */
export function numberText(number: RegoNumber): string {
  if (typeof number === 'bigint') return String(number);
  if (typeof number === 'number') return Object.is(number, -0) ? '0' : plainText(number);
  const digits = String(number.coefficient < 0n ? -number.coefficient : number.coefficient);
  const sign = number.coefficient < 0n ? '-' : '';
  const point = digits.length + number.exponent;
  // So many digits come out of arithmetic only, whose results OPA shows like this.
  if (point > 6 || point < -3) {
    const power = point - 1;
    const rest = digits.slice(1);
    const shown = `${digits.slice(0, 1)}${rest === '' ? '' : `.${rest}`}`;
    return `${sign}${shown}e${power < 0 ? '-' : '+'}${twoDigits(Math.abs(power))}`;
  }
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

function plainText(number: number): string {
  if (Number.isInteger(number))
    return Number.isSafeInteger(number) ? String(number) : String(exactInteger(number));
  return String(number).replace(/e-(\d)$/, 'e-0$1');
}

/** A double beyond 2^53 taken as its shortest decimal text, as a JSON reader would. */
function exactInteger(number: number): bigint {
  const { coefficient, exponent } = digitsOf(number);
  return coefficient * 10n ** BigInt(exponent);
}

function twoDigits(power: number): string {
  return power < 10 ? `0${power}` : String(power);
}

/** The bigint that an integer is; undefined for a fraction. */
export function integerValue(number: RegoNumber): bigint | undefined {
  if (typeof number === 'bigint') return number;
  if (typeof number === 'number' && Number.isInteger(number)) {
    return Number.isSafeInteger(number) ? BigInt(number) : exactInteger(number);
  }
  return undefined;
}
