import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/ledger/log/base64.ts';
import { parseDecimal } from '../../../src/ledger/log/decimal.ts';
import { bytesToHex, hexToBytes } from '../../../src/ledger/log/hex.ts';
import { utf8 } from '../../../src/ledger/log/utf8.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

describe('base64', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('%j is %j, as in RFC 4648', (text, base64) => {
    expect(encodeBase64(Buffer.from(text))).toBe(base64);
    expect(Buffer.from(decodeBase64(base64) ?? []).toString()).toBe(text);
  });

  test('is what Node writes, and is read back', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = encodeBase64(value);
        expect(text).toBe(Buffer.from(value).toString('base64'));
        expect(decodeBase64(text)).toEqual(value);
      }),
    );
  });

  test.each([
    ['no padding', 'Zg'],
    ['too little padding', 'Zg='],
    ['too much padding', 'Zm9v===='],
    ['padding for one character', 'Z==='],
    ['padding alone', '===='],
    ['padding inside', 'Zg==Zg=='],
    ['bits left over in one byte', 'Zh=='],
    ['bits left over in two bytes', 'Zm9='],
    ['a line feed at the end', 'Zm9v\n'],
    ['a space', 'Zm 9'],
    ['the alphabet for URLs', '-_-_'],
    ['another character', 'Zm9ä'],
  ])('with %s is refused', (_, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  test('has one text for the same bytes', () => {
    const loose = fc.string({ unit: fc.constantFrom(...'AQgw+/=\n _'), maxLength: 12 });
    let read = 0;
    fc.assert(
      fc.property(loose, (text) => {
        const value = decodeBase64(text);
        if (value === undefined) return;
        read += 1;
        expect(encodeBase64(value)).toBe(text);
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});

describe('hex', () => {
  test('is what Node writes, and is read back', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(bytesToHex(value)).toBe(Buffer.from(value).toString('hex'));
        expect(hexToBytes(bytesToHex(value))).toEqual(value);
      }),
    );
  });

  test.each(['0', 'AB', '0x', 'gg', ' 0', '00\n'])('%j is refused', (text) => {
    expect(hexToBytes(text)).toBeUndefined();
  });
});

describe('UTF-8', () => {
  test('is what `TextEncoder` gives, also for lone surrogates', () => {
    const encoder = new TextEncoder();
    const units = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    fc.assert(
      fc.property(fc.oneof(units, fc.string({ unit: 'binary' })), (text) => {
        expect(utf8(text)).toEqual(encoder.encode(text));
      }),
      { numRuns: 500 },
    );
    for (const text of [
      '\u007f\u0080',
      '\u07ff\u0800',
      '\ud7ff\ue000\uffff',
      '\u{10000}\u{10ffff}',
      '\ud800',
      '\udc00a',
    ]) {
      expect(utf8(text)).toEqual(encoder.encode(text));
    }
  });
});

describe('decimal numbers', () => {
  test.each([
    ['0', 0],
    ['20852163', 20_852_163],
    ['9007199254740991', 2 ** 53 - 1],
  ])('%s is read', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  test.each([
    '',
    '00',
    '01',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x1',
    ' 1',
    '1\n',
    '٣',
    '9007199254740992',
    '18446744073709551616',
  ])('%j is refused', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});
