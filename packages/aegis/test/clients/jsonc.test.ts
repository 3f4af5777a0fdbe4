import { canonicalJson } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsoncValue, readJsonc } from '../../src/clients/jsonc.ts';

const valueOf = (text: string) => {
  const reading = readJsonc(text);
  if (!reading.ok) throw new Error(reading.message);
  return jsoncValue(reading.root);
};

describe('JSON with comments', () => {
  it('is read with comments, trailing commas and a byte order mark', () => {
    expect(
      valueOf('\uFEFF// a\n{ /* b */ "x" /* c */ : [1, 2,], // d\n "y": { "z": "//", }, }\n/* e */'),
    ).toEqual({
      x: [1, 2],
      y: { z: '//' },
    });
  });

  it('is whatever JSON is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(canonicalJson(valueOf(text))).toBe(canonicalJson(JSON.parse(text)));
      }),
    );
  });

  it.each([
    ['', 0, 'expected a value'],
    ['{', 1, 'expected a key in double quotes'],
    ['{ "a" 1 }', 6, 'expected `:`'],
    ['{ "a": 1 "b": 2 }', 9, 'expected `,` or `}`'],
    ['[1 2]', 3, 'expected `,` or `]`'],
    ['{ "a": 1, "a": 2 }', 10, 'the key `a` stands here twice'],
    ['{ "a": "x\ny" }', 7, 'the string does not end, or holds a bad character or escape'],
    ['{} {}', 3, 'expected the end of the file'],
    ['{ /* }', 2, 'the comment does not end'],
    ["{ 'a': 1 }", 2, 'expected a key in double quotes'],
    ['{,}', 1, 'expected a key in double quotes'],
  ])('%j is refused at %i: %s', (text, offset, message) => {
    expect(readJsonc(text)).toEqual({ ok: false, offset, message });
  });

  it('nested beyond sense is refused, and does not run out of stack', () => {
    expect(readJsonc('['.repeat(1_000_000))).toMatchObject({
      ok: false,
      message: 'nested deeper than 256 levels',
    });
  });

  it('a key of an inherited name is a key like any other', () => {
    expect(Object.keys(valueOf('{ "__proto__": 1, "constructor": 2 }') as object)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});
