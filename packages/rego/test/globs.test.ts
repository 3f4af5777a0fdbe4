import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../src/builtins/glob-pattern.ts';

describe('globs', () => {
  it('with one star answer as the automaton does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', 'é', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(
        fc.tuple(text, fc.constantFrom('', '*', '**'), text),
        fc.constantFrom([], ['.'], ['.', '/'], ['😀']),
        text,
        ([prefix, star, suffix], delimiters, tested) => {
          const glob = `${prefix}${star}${suffix}`;
          for (const each of [tested, `${prefix}${tested}${suffix}`, prefix + suffix]) {
            // An empty alternative changes nothing but the way.
            expect(compileGlob(glob, delimiters)(each)).toBe(compileGlob(`${glob}{,}`, delimiters)(each));
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
