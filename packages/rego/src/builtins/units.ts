import { multiplyBinary, toBinary, truncateBinary } from '../value/binary-float.ts';
import { digitsOf, integerOf, numberOf, parseNumber, type RegoNumber } from '../value/decimal.ts';
import { type Builtin, BuiltinError, builtin, number, string } from './builtin.ts';

const PREFIXES = ['k', 'm', 'g', 't', 'p', 'e'] as const;

function multiples(base: bigint, suffix: string): readonly (readonly [string, bigint])[] {
  return PREFIXES.map((prefix, i) => [prefix + suffix, base ** BigInt(i + 1)] as const);
}

const BYTES = new Map<string, bigint>([
  ['', 1n],
  ...multiples(1000n, ''),
  ...multiples(1000n, 'b'),
  ...multiples(1024n, 'i'),
  ...multiples(1024n, 'ib'),
]);

/** `m` alone is a thousandth and is not in here. */
const QUANTITIES = new Map<string, bigint>([
  ['', 1n],
  ...multiples(1000n, '').filter(([unit]) => unit !== 'm'),
  ...multiples(1024n, 'i'),
]);

/** Cuts a quantity into number and unit: the unit starts at the first letter that is no exponent. */
function cut(text: string): readonly [string, string] {
  const match = /^((?:[\d.+-]|[eE](?=[\d+-])[+-]?)*)([^]*)$/.exec(text);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

function quantity(text: string): { readonly amount: RegoNumber; readonly unit: string } {
  const bare = text.replaceAll('"', '');
  if (bare.includes(' ')) throw new BuiltinError('spaces not allowed in resource strings');
  const [digits, unit] = cut(bare);
  if (digits === '') throw new BuiltinError('no amount provided');
  const amount = parseNumber(digits.replace(/^\+/, ''));
  if (amount === undefined) throw new BuiltinError('could not parse amount to a number');
  return { amount, unit };
}

function factorOf(units: ReadonlyMap<string, bigint>, unit: string): bigint {
  const factor = units.get(unit);
  if (factor === undefined) throw new BuiltinError(`unit ${unit.slice(0, 40)} not recognized`);
  return factor;
}

const DECIMALS = 10;

/** At most ten decimals, rounded half away from zero. */
function rounded(coefficient: bigint, exponent: number): RegoNumber {
  if (exponent >= -DECIMALS) return numberOf(coefficient, exponent);
  const divisor = 10n ** BigInt(-exponent - DECIMALS);
  const half = coefficient < 0n ? -divisor / 2n : divisor / 2n;
  return numberOf((coefficient + half) / divisor, -DECIMALS);
}

export const UNITS: readonly Builtin[] = [
  builtin('units.parse_bytes', [string], number, (text) => {
    const { amount, unit } = quantity(text.toLowerCase());
    return integerOf(
      truncateBinary(multiplyBinary(toBinary(amount), toBinary(integerOf(factorOf(BYTES, unit))))),
    );
  }),
  builtin('units.parse', [string], number, (text) => {
    const { amount, unit } = quantity(text);
    const { coefficient, exponent } = digitsOf(amount);
    if (unit === 'm') return rounded(coefficient, exponent - 3);
    // Only the first letter tells `m` from `M`.
    const lower = unit.slice(0, 1) === 'M' && unit.length === 1 ? 'M' : unit.toLowerCase();
    const factor = lower === 'M' ? 1_000_000n : factorOf(QUANTITIES, lower);
    return rounded(coefficient * factor, exponent);
  }),
];
