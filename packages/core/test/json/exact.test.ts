import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExactNumber, parseExact } from '../../src/json/exact.ts';
import { survivesDouble } from '../../src/json/number.ts';

function read(text: string) {
  const parsed = parseExact(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

describe('exact JSON', () => {
  it.each([
    '{"id":9007199254740993}',
    '[-9223372036854775808,18446744073709551615]',
    '{"a":{"b":[12345678901234567890.123456789]}}',
    '[1e400]',
    '[0.1000000000000000055511151231257827]',
    '{"id":9007199254740993,"small":12,"text":"9007199254740993"}',
  ])('writes %s as it was read', (text) => {
    expect(JSON.stringify(read(text))).toBe(text);
  });

  it('keeps a number that a double holds as a number', () => {
    const [exact, plain, long] = read('[9007199254740993,1.0,0.30000000000000004]') as unknown[];
    expect([isExactNumber(exact), plain, long]).toEqual([true, 1, 0.30000000000000004]);
  });

  it('does not take an object that looks like an exact number for one', () => {
    expect(isExactNumber(read('{"rawJSON":"1"}'))).toBe(false);
  });

  it.each([
    ['a lone surrogate in a string', '["\\ud800"]', 'lone-surrogate'],
    ['a lone surrogate in a key', '{"\\udc00":1}', 'lone-surrogate'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'too-deep'],
    [
      'a nesting that would exhaust the stack',
      `${'['.repeat(200_000)}9007199254740993${']'.repeat(200_000)}`,
      'too-deep',
    ],
    ['something else than JSON', 'listening on port 8080', 'syntax'],
    ['a byte order mark', '\ufeff{}', 'syntax'],
  ])('refuses %s', (_, text, code) => {
    expect(parseExact(text)).toMatchObject({ ok: false, problem: { code } });
  });

  it('takes escaped surrogate pairs and 64 levels', () => {
    expect(read('["\\ud83d\\ude00"]')).toEqual(['😀']);
    expect(parseExact('['.repeat(64) + ']'.repeat(64)).ok).toBe(true);
    expect(parseExact(`${'['.repeat(64)}9007199254740993${']'.repeat(64)}`).ok).toBe(true);
  });

  it('lets the last of two equal keys count, for the reader and for the text alike', () => {
    expect(JSON.stringify(read('{"a":1,"a":2}'))).toBe('{"a":2}');
  });

  it('pollutes nothing, also on the slower way', () => {
    const value = read('{"__proto__":{"polluted":9007199254740993}}') as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('prints every integer literal as it was written', () => {
    fc.assert(
      fc.property(fc.bigInt(), (n) => {
        expect(JSON.stringify(read(`[${n}]`))).toBe(`[${n}]`);
      }),
    );
  });

  it('finds a long number wherever it stands, among other digits, points, quotes and backslashes', () => {
    const filling = fc.string({ unit: fc.constantFrom('1', '.', 'x', ' ', '"', '\\'), maxLength: 90 });
    const literal = fc.stringMatching(/^[1-9](?:\d{15,24}[13579]|e[+-]?4\d\d)$/);
    fc.assert(
      fc.property(filling, literal, filling, (before, digits, after) => {
        const text = `{"a":${JSON.stringify(before)},"n":${digits},"b":${JSON.stringify(after)}}`;
        expect(JSON.stringify(read(text))).toBe(text);
      }),
    );
  });

  it('knows every double that was printed as surviving', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        expect(survivesDouble(JSON.stringify(n))).toBe(true);
      }),
    );
  });
});
