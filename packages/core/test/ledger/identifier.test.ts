import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IDENTIFIER, isIdentifier, MAX_IDENTIFIER } from '../../src/ledger/identifier.ts';
import { isSha256Hex, SHA256_HEX } from '../../src/ledger/sha256-hex.ts';

/** Texts around a length, in which one unit is replaced by any other. */
const nearly = (unit: fc.Arbitrary<string>, length: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(unit, { minLength: Math.max(0, length - 1), maxLength: length + 1 }),
      fc.nat(length),
      fc.option(fc.nat(0xffff)),
    )
    .map(([units, at, other]) =>
      (other === null ? units : units.toSpliced(at, 1, String.fromCharCode(other))).join(''),
    );

test('an id is what its pattern says, at every length', () => {
  const unit = fc.constantFrom(...'AZaz09._:@-');
  const texts = fc.oneof(fc.string(), nearly(unit, 1), nearly(unit, 5), nearly(unit, MAX_IDENTIFIER));
  fc.assert(fc.property(texts, (text) => isIdentifier(text) === IDENTIFIER.test(text)));
  for (let at = 0; at < 0x300; at++) {
    const text = String.fromCharCode(at);
    expect([at, isIdentifier(text)]).toEqual([at, IDENTIFIER.test(text)]);
  }
});

test('a digest is what its pattern says', () => {
  const texts = fc.oneof(fc.string(), nearly(fc.constantFrom(...'09af'), 64));
  fc.assert(fc.property(texts, (text) => isSha256Hex(text) === SHA256_HEX.test(text)));
  for (let at = 0; at < 0x300; at++) {
    const text = String.fromCharCode(at).repeat(64);
    expect([at, isSha256Hex(text)]).toEqual([at, SHA256_HEX.test(text)]);
  }
});
