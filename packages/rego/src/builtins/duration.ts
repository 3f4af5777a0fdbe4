import { digitsOf, parseNumber } from '../value/decimal.ts';
import { BuiltinError } from './builtin.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
};

const LARGEST = 9223372036854775807n;
const PIECE = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smhdwy])/y;

/** Reads a duration like `1h30m` or `-2.5s` as nanoseconds; a day has 24 hours, a year 365 days. */
export function parseDuration(text: string): bigint {
  const fail = (): never => {
    throw new BuiltinError(`invalid duration \`${text.slice(0, 60)}\``);
  };
  const sign = text.startsWith('-') ? -1n : 1n;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0n;
  if (body === '') return fail();
  let total = 0n;
  let at = 0;
  while (at < body.length) {
    PIECE.lastIndex = at;
    const [piece = '', digits = '', unit = ''] = PIECE.exec(body) ?? fail();
    const { coefficient, exponent } = digitsOf(parseNumber(digits) ?? fail());
    const size = coefficient * (UNITS[unit] ?? fail());
    total += exponent >= 0 ? size * 10n ** BigInt(exponent) : size / 10n ** BigInt(-exponent);
    at += piece.length;
  }
  return total > LARGEST ? fail() : sign * total;
}
