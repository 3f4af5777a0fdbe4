import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonProblemCode } from '../../src/json/problem.ts';
import { parseStrict } from '../../src/json/strict.ts';

function problemOf(text: string) {
  const parsed = parseStrict(text);
  return parsed.ok ? undefined : parsed.problem;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const REFUSED: readonly (readonly [string, string, JsonProblemCode, number])[] = [
  ['a byte order mark', '\ufeff{}', 'bom', 0],
  ['the same key twice', '{"a":1,"a":2}', 'duplicate-key', 7],
  ['the same key twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate-key', 7],
  ['the same key twice, deep inside', '[{"x":{"k":1, "k":1}}]', 'duplicate-key', 14],
  ['the key __proto__ twice', '{"__proto__":1,"__pro\\u0074o__":2}', 'duplicate-key', 15],
  ['65 levels', nested(65), 'too-deep', 64],
  ['an integer beyond 2^53', '{"n":9007199254740993}', 'inexact-number', 5],
  ['a negative integer beyond 2^53', '[-9007199254740993]', 'inexact-number', 1],
  ['an integer that is printed otherwise', '1152921504606846977', 'inexact-number', 0],
  ['a number beyond the range of a double', '[1e400]', 'inexact-number', 1],
  ['a lone high surrogate', '"\\ud800"', 'lone-surrogate', 1],
  ['a lone low surrogate', '"\\udc00"', 'lone-surrogate', 1],
  ['a high surrogate before a letter', '"\\ud800x"', 'lone-surrogate', 1],
  ['a raw lone surrogate', '"a\ud800"', 'lone-surrogate', 2],
  ['nothing', '', 'syntax', 0],
  ['text after the value', '{} {}', 'syntax', 3],
  ['a trailing comma', '[1,]', 'syntax', 3],
  ['a comment', '/*x*/1', 'syntax', 0],
  ['a leading zero', '[01]', 'syntax', 1],
  ['a bare minus', '-', 'syntax', 0],
  ['a control character in a string', '"a\nb"', 'syntax', 2],
  ['an unknown escape', '"\\x41"', 'syntax', 1],
  ['a short unicode escape', '"\\u12"', 'syntax', 1],
  ['single quotes', "{'a':1}", 'syntax', 1],
  ['NaN', '[NaN]', 'syntax', 1],
  ['an unfinished string', '"abc', 'syntax', 4],
];

describe('strict JSON', () => {
  it.each(REFUSED)('refuses %s', (_, text, code, at) => {
    expect(problemOf(text)).toMatchObject({ code, at });
  });

  it.each([
    '0',
    '-0',
    '"\\ud83d\\ude00"',
    '"😀"',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740991',
    '0.30000000000000004',
    '0.1000000000000000055511151231257827',
    '1.5e-7',
    ' {"a" : [ true , false , null ] }\r\n',
    '{"a":{"a":{"a":1}}}',
    nested(64),
  ])('reads %s as the engine does', (text) => {
    expect(parseStrict(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('keeps a key named __proto__ as a plain key and pollutes nothing', () => {
    const parsed = parseStrict('{"__proto__":{"polluted":true}}');
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(Object.hasOwn(parsed.value as object, '__proto__')).toBe(true);
    expect((parsed.value as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('repeats nothing of the text in its message', () => {
    expect(problemOf('{"sk-secret":1,"sk-secret":2}')?.message).not.toContain('sk-');
  });

  it('takes whatever JSON.stringify writes for a value in range', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        const parsed = parseStrict(text);
        // fast-check draws doubles; those printed as long integers may lose digits in a literal.
        if (!parsed.ok)
          return parsed.problem.code === 'inexact-number' || parsed.problem.code === 'lone-surrogate';
        expect(JSON.stringify(parsed.value)).toBe(text);
        return true;
      }),
    );
  });

  it('agrees with the engine on what is JSON at all', () => {
    const pieces = '{ } [ ] , : "a" "b" " \\ \\u0041 1 - 0 . e + true null x /'.split(' ');
    const piece = fc.constantFrom(...pieces, ' ', '\n', '\t');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (drawn) => {
        const text = drawn.join('');
        const parsed = parseStrict(text);
        expect(!parsed.ok && parsed.problem.code === 'syntax').toBe(
          !parsesAtAll(text) && !isOtherProblem(text),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('takes time in proportion to the length of the text', () => {
    const hostile = [
      `[${'1'.repeat(200_000)}]`,
      `[0.${'0'.repeat(200_000)}1]`,
      `"${'\\u0041'.repeat(100_000)}"`,
      `{${Array.from({ length: 30_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
      '['.repeat(500_000),
    ];
    expect(hostile.map((text) => parseStrict(text).ok)).toEqual([false, true, true, true, false]);
  });
});

function parsesAtAll(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isOtherProblem(text: string): boolean {
  const problem = problemOf(text);
  return problem !== undefined && problem.code !== 'syntax';
}
