import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBase32,
  decodeBase64,
  decodeHex,
  transliterate,
  unescape,
} from '../../../src/inspect/shell/encoding.ts';

describe('decoding', () => {
  it('base64 of any bytes, with and without padding, in both alphabets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toBe(text);
        expect(decodeBase64(Buffer.from(bytes).toString('base64url'))).toBe(text);
        expect(decodeHex(Buffer.from(bytes).toString('hex'))).toBe(text);
      }),
    );
  });

  it.each([
    ['base32 of RFC 4648', decodeBase32('MZXW6YTBOI======'), 'foobar'],
    ['base64 over lines', decodeBase64('cm0g\nLXJmIC8=\n'), 'rm -rf /'],
    ['hex with prefixes', decodeHex('\\x72\\x6d 0x20'), 'rm '],
    ['escapes of printf', unescape('\\x72\\155\\t\\u0041\\\\n'), 'rm\tA\\n'],
    ['rot13', transliterate('ez -es', 'a-z', 'n-za-m'), 'rm -rf'],
    ['a shift of one', transliterate('.', '!-0', '"-1'), '/'],
  ])('%s', (_, decoded, text) => {
    expect(decoded).toBe(text);
  });

  it('classes of characters are not followed', () => {
    expect(transliterate('a', '[:lower:]', '[:upper:]')).toBeUndefined();
  });
});
