import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, MAX_JSON_DEPTH } from '../../src/ledger/canonical.ts';
import type { JsonValue } from '../../src/model/json.ts';

interface Vectors {
  readonly values: readonly { name: string; json: string; want: string }[];
  readonly numbers: readonly { ieee754: string; want: string }[];
  readonly refused: readonly { name: string; json: string; at: string }[];
}

const file = new URL('../../../../schema/vectors/canonical-json.json', import.meta.url);
const { values, numbers, refused } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

const asValue = (value: unknown): JsonValue => value as JsonValue;

describe('canonical JSON', () => {
  test.each(values)('vector: $name', ({ json, want }) => {
    expect(canonicalJson(JSON.parse(json))).toBe(want);
  });

  test.each(numbers)('the double $ieee754 is written as $want', ({ ieee754, want }) => {
    const double = Buffer.from(ieee754, 'hex').readDoubleBE();
    expect(canonicalJson([double])).toBe(`[${want}]`);
  });

  test.each(refused)('refuses $name and says where', ({ json, at }) => {
    expect(() => canonicalJson(JSON.parse(json))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(`at \`${at}\``) }),
    );
  });

  test.each<[string, unknown, string]>([
    ['undefined', { a: [undefined] }, '/a/0'],
    ['a missing element', { a: Object.assign([], { length: 1 }) }, '/a/0'],
    ['NaN', [Number.NaN], '/0'],
    ['an infinity', { x: -Infinity }, '/x'],
    ['a bigint', [1n], '/0'],
    ['a function', { f: () => 1 }, '/f'],
    ['a symbol', [Symbol('s')], '/0'],
    ['a date', { at: new Date(0) }, '/at'],
    ['a map', { m: new Map() }, '/m'],
    ['bytes', { b: new Uint8Array(1) }, '/b'],
  ])('refuses %s, which JSON cannot carry', (_, value, at) => {
    expect(() => canonicalJson(asValue(value))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(`at \`${at}\``) }),
    );
  });

  test('a value that contains itself is refused, not followed forever', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => canonicalJson(asValue(loop))).toThrow(`nested deeper than ${MAX_JSON_DEPTH} levels`);
  });

  test('records without a prototype are plain', () => {
    expect(canonicalJson(asValue(Object.assign(Object.create(null), { b: 1, a: 2 })))).toBe('{"a":2,"b":1}');
  });

  test('agrees with an independent implementation on any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(canonicalJson(asValue(value))).toBe(canonicalize(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('agrees with an independent implementation on any well-formed keys and doubles', () => {
    const key = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.dictionary(key, fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'],
    ['{"b":1,"1":2,"!":3}', '{"!":3,"1":2,"b":1}'],
    ['{"a":{"b":{"2":0,"10":0}},"$":[{"z":1,"0":2}]}', '{"$":[{"0":2,"z":1}],"a":{"b":{"10":0,"2":0}}}'],
    ['{"b":1,"__proto__":{"y":1,"x":2}}', '{"__proto__":{"x":2,"y":1},"b":1}'],
    ['{"toJSON":"a text","a":1}', '{"a":1,"toJSON":"a text"}'],
    ['{"b":"\\\\ud800","a":["\\\\udfff"]}', '{"a":["\\\\udfff"],"b":"\\\\ud800"}'],
  ])('orders and prints %s', (text, canonical) => {
    expect(canonicalJson(JSON.parse(text))).toBe(canonical);
  });

  test('orders more keys than are sorted by insertion', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 20, maxLength: 60 }), (keys) => {
        const value = Object.fromEntries(keys.map((key, i) => [key, i]));
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  test('what could print itself is not asked to', () => {
    const taught = Object.assign([1, 2], { toJSON: () => 'something else' });
    expect(canonicalJson({ a: taught })).toBe('{"a":[1,2]}');
    class List extends Array<number> {
      toJSON(): string {
        return 'something else';
      }
    }
    expect(canonicalJson({ a: List.of(1, 2) })).toBe('{"a":[1,2]}');
  });

  test('is a fixed point: the canonical form of what it says is itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(asValue(value));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('refuses every string with a lone surrogate and no other', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0xd7fe, max: 0xe001 }).map((c) => String.fromCharCode(c)) }),
        (text) => {
          let refusedIt = false;
          try {
            canonicalJson([text]);
          } catch {
            refusedIt = true;
          }
          expect(refusedIt).toBe(!text.isWellFormed());
        },
      ),
      { numRuns: 1000 },
    );
  });
});
