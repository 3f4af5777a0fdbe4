import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKnownValues } from '../../../src/inspect/secret/known-values.ts';

const VALUE = 'ghv_s3cr3tT0ken+Value/9';
const bytes = Buffer.from(VALUE);
const known = compileKnownValues([VALUE]);

function found(text: string, values = known): readonly string[] {
  return values.find(text).map(({ start, end }) => text.slice(start, end));
}

function base32(value: Uint8Array): string {
  const bits = Array.from(value, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(
    bits.matchAll(/.{1,5}/g),
    ([five]) => digits[Number.parseInt(five.padEnd(5, '0'), 2)],
  ).join('');
}

const SPELLINGS: readonly (readonly [name: string, text: string])[] = [
  ['as it is', VALUE],
  ['in JSON', JSON.stringify({ token: VALUE }).replaceAll('/', '\\/')],
  ['in base64', bytes.toString('base64')],
  ['in base64 of a longer text, one byte behind', Buffer.from(`x${VALUE}yz`).toString('base64')],
  ['in base64 of a longer text, two bytes behind', Buffer.from(`ab${VALUE}`).toString('base64')],
  ['in base64 of a longer text, three bytes behind', Buffer.from(`abc${VALUE}d`).toString('base64')],
  ['in base64 for URLs', bytes.toString('base64url')],
  ['in base64 on several lines', bytes.toString('base64').replace(/(.{8})/g, '$1\r\n    ')],
  ['in hexadecimal', bytes.toString('hex')],
  ['in capital hexadecimal', bytes.toString('hex').toUpperCase()],
  ['in hexadecimal with colons', bytes.toString('hex').replace(/(..)(?=.)/g, '$1:')],
  ['percent-encoded', encodeURIComponent(VALUE)],
  ['percent-encoded as a whole', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
  ['with escapes', [...VALUE].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['in base64 twice', Buffer.from(bytes.toString('base64')).toString('base64')],
  ['in base64 of its hexadecimal', Buffer.from(bytes.toString('hex')).toString('base64')],
  ['in base64 of UTF-16', Buffer.from(VALUE, 'utf16le').toString('base64')],
  ['in hexadecimal of its base64', Buffer.from(bytes.toString('base64')).toString('hex')],
  ['in base32', base32(bytes)],
  ['as numbers', [...bytes].join(', ')],
  ['as numbers of a program', [...bytes].map((byte) => `0x${byte.toString(16)}`).join(', ')],
  ['in bits', [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join(' ')],
  ['with octal escapes', [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')],
  ['with escapes of two digits', [...bytes].map((byte) => `\\x${byte.toString(16)}`).join('')],
  ['with references of HTML', [...bytes].map((byte) => `&#${byte};`).join('')],
  [
    'with hexadecimal references',
    [...bytes].map((byte) => `&#x${byte.toString(16).toUpperCase()};`).join(''),
  ],
  ['percent-encoded twice', [...bytes].map((byte) => `%25${byte.toString(16)}`).join('')],
  ['backwards', [...VALUE].toReversed().join('')],
  [
    'in rot13',
    VALUE.replaceAll(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (/[a-m]/i.test(c) ? 13 : -13))),
  ],
  ['in wide letters', VALUE.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
  ['letter by letter', [...VALUE].join(' ')],
  ['with dashes', [...VALUE].join('-')],
  ['with invisible characters', [...VALUE].join('\u200b')],
];

describe('a credential that Aegis knows', () => {
  it.each(SPELLINGS)('is recognised %s', (_, text) => {
    expect(found(text)).toHaveLength(1);
    const [whole = ''] = found(`before it: ${text} and after it`);
    expect(text).toContain(whole);
    // What is left over of base64 are the bits that it shares with its neighbours.
    expect(whole.length).toBeGreaterThanOrEqual(text.replace(/^.*?"token":"|"}$/g, '').length - 9);
  });

  it('counts by its words, and a URL by its password', () => {
    const values = compileKnownValues([
      'Bearer abcDEF123456ghiJKL',
      'postgres://app:pw9Xk2LmQ4zzR@db.internal/app',
    ]);
    expect(found('the token abcDEF123456ghiJKL', values)).toEqual(['abcDEF123456ghiJKL']);
    expect(found('pw9Xk2LmQ4zzR', values)).toEqual(['pw9Xk2LmQ4zzR']);
  });

  it.each([
    ['short', 'abc123', 'abc123'],
    ['one word', 'production', 'the production system'],
    ['a folder', '/home/ada/projects/2024', 'list /home/ada/projects/2024/notes'],
    ['a home', '~/work/customer-17', '~/work/customer-17/x'],
    ['one letter again and again', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa1', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa1'],
    ['nothing', '', ''],
  ])('is not looked for when it is %s', (_, value, text) => {
    const values = compileKnownValues([value]);
    expect(values.empty).toBe(true);
    expect(values.find(text)).toEqual([]);
  });

  it('is found wherever it stands, and its places are in order and apart', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(VALUE)), { maxLength: 20 }), (parts) => {
        const text = parts.join(' ; ');
        const spans = known.find(text);
        expect(spans.length > 0).toBe(text.includes(VALUE));
        let reach = 0;
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(reach);
          expect(end).toBeGreaterThan(start);
          reach = end;
        }
        let clean = '';
        let from = 0;
        for (const { start, end } of spans) {
          clean += text.slice(from, start);
          from = end;
        }
        expect(clean + text.slice(from)).not.toContain(VALUE);
      }),
    );
  });

  it('takes time linear in the text, whatever the text is made of', () => {
    const hostile = [VALUE.slice(0, -1), `${VALUE.slice(0, 4)}-`, '%', '\\u0041', '-', VALUE[0] ?? ''];
    for (const unit of hostile) {
      expect(known.find(unit.repeat(Math.ceil(1_000_000 / unit.length)))).toEqual([]);
    }
  });
});
