import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import { add, divide, multiply, subtract } from '../src/value/arithmetic.ts';
import {
  compareNumbers,
  integerValue,
  numberText,
  parseNumber,
  type RegoNumber,
} from '../src/value/decimal.ts';
import { jsonText, parseJson, toJson } from '../src/value/json.ts';
import { compareValues, RegoSet, type Value } from '../src/value/value.ts';

const big = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });

function numeral(text: string): RegoNumber {
  const number = parseNumber(text);
  if (number === undefined) throw new Error(`not a number: ${text}`);
  return number;
}

describe('numbers', () => {
  it('integers of any size are added, subtracted and multiplied exactly', () => {
    fc.assert(
      fc.property(big, big, (a, b) => {
        const [x, y] = [numeral(String(a)), numeral(String(b))];
        expect(integerValue(add(x, y))).toBe(a + b);
        expect(integerValue(subtract(x, y))).toBe(a - b);
        expect(integerValue(multiply(x, y))).toBe(a * b);
      }),
    );
  });

  it('hundredths add up to seventeen digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), (a, b) => {
        const hundredths = (n: number): RegoNumber =>
          numeral(`${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`);
        expect(Number(numberText(add(hundredths(a), hundredths(b))))).toBe((a + b) / 100);
      }),
    );
  });

  it('a quotient times its divisor is the dividend, but for the last bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1 }), (a, b) => {
        const back = multiply(divide(a, b) ?? 0, b);
        expect(Number(numberText(back)) / a).toBeCloseTo(1, 15);
      }),
    );
  });

  it('a number is read back from its text', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.integer({ min: -30, max: 20 }),
        (digits, power) => {
          const number = numeral(`${digits}e${power}`);
          expect(compareNumbers(numeral(numberText(number)), number)).toBe(0);
        },
      ),
    );
  });
});

describe('values', () => {
  it('JSON comes back as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(toJson(parseJson(text))).toEqual(JSON.parse(text));
        expect(toJson(parseJson(jsonText(parseJson(text))))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('the order of values is total, and a set has no order of its own', () => {
    const value = fc.jsonValue().map((json) => parseJson(JSON.stringify(json)));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (values: Value[]) => {
        const sorted = values.toSorted(compareValues);
        for (const [i, item] of sorted.entries()) {
          for (const later of sorted.slice(i)) expect(compareValues(item, later)).toBeLessThanOrEqual(0);
        }
        expect(compareValues(RegoSet.of(values), RegoSet.of(sorted))).toBe(0);
      }),
    );
  });
});

describe('whatever the text', () => {
  const words = [
    'p',
    'x',
    ':=',
    '=',
    '==',
    'if',
    'else',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '|',
    ',',
    ';',
    '\n',
    '.',
    'some',
    'in',
    'every',
    'not',
    'with',
    'as',
    'contains',
    'default',
    'input',
    'data',
    '1',
    '"a"',
    '_',
    'count',
    '-',
    '+',
    'import',
    '`',
    '"',
  ];

  it('compiling and evaluating never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        const compiled = compile([{ file: 'p.rego', text: `package t\n${parts.join(' ')}` }]);
        if (compiled.kind === 'module')
          compiled.evaluate('data.t', { input: { a: [1] }, budget: { steps: 10_000 } });
        else expect(compiled.diagnostics.length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});
