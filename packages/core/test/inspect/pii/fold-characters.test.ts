import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldCharacters } from '../../../src/inspect/pii/fold-characters.ts';

it('reads digits and signs of other scripts and widths as ASCII', () => {
  expect(foldCharacters('٤۴४４ ＡＢ＠\u00a0\u202f\u3000\u2013\u2212')).toBe('4444 AB@   --');
});

it('gives one code unit for each, so that offsets stay what they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldCharacters(text)).toHaveLength(text.length);
    }),
  );
  for (let code = 0; code <= 0xffff; code++) {
    if (foldCharacters(String.fromCharCode(code)).length !== 1) throw new Error(`${code}`);
  }
});
