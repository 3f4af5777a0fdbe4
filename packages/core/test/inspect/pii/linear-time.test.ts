import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { maskResult } from '../../../src/inspect/pii/mask-result.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';

const LENGTH = 200 * 1024;

// Each takes a fraction of a second; what looks twice at every earlier character takes minutes, and
// the runner ends a test long before.
const UNITS = [
  '4',
  '@',
  '.',
  ':',
  '-',
  ' ',
  '(',
  '+',
  '_',
  '%',
  '&',
  '[',
  'a',
  '\u0664',
  '\u00e9',
  '"',
  '\\',
  'a@',
  '@a.',
  'a.',
  'a-',
  '..',
  '1.',
  '1 ',
  '1-',
  '12-',
  '1:',
  'a:',
  '::',
  '::1',
  '2001::1 ',
  'f:',
  '%40',
  'a%40',
  'a%40a.',
  '&#64;',
  'a&#64;',
  '+1',
  '+1 ',
  '(1) ',
  '4111 ',
  '4111-',
  '536-22-1234-',
  'GB82 ',
  'GB82',
  'GB82WEST1234569876543 ',
  '1.1.1.1 ',
  '1.1.1.1.',
  '10.0.0.',
  '1.1.1.1.a',
  '//a:',
  '1234567 ',
  'call 12345678 ',
  'phone 1 1 1 1 1 1 1 ',
  'phone ',
  'phone number is at ',
  '(555) 010-',
  'AB 12 34 56 ',
  '12345678A ',
  '12345678-',
  'RSS MRA ',
  'RSSMRA85T10A562',
  'PESEL 44051401359 ',
  'my id number is 44051401359, ',
  '44051401359 ',
  '756.9217.',
  '12.345.678-',
  'A1B2C3D4 ',
  '12.ABC.345/01DE-',
  '123456A',
];

describe('personal data in hostile texts', () => {
  it.each(UNITS)('looks at 200 KB of %j in linear time', (unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length));
    for (const hostile of [text, `${text}@a.com`, `a@${text}`, `4${text}`]) {
      expect(findPersonalData(hostile, PII_KINDS).length).toBeLessThan(LENGTH);
    }
  });

  it.each(['ada@example.com ', 'GB82WEST12345698765432 ', '203.0.113.7 ', '555-010-1234 '])(
    'finds 200,000 times %j in one text',
    (value) => {
      expect(findPersonalData(value.repeat(200_000), PII_KINDS)).toHaveLength(200_000);
    },
  );

  it('masks 20,000 keys that become equal, and 20 MB of base64, in linear time', () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`u${i}@example.com`, i]));
    const image = { type: 'image', mimeType: 'image/png', data: 'iVBOR4/+'.repeat(2_500_000) };
    const { result, masked } = maskResult({ content: [image], structuredContent: keys }, PII_KINDS);
    expect(masked).toBe(20_000);
    expect(Object.keys(result['structuredContent'] ?? {})).toHaveLength(20_000);
  });

  it('masks JSON in JSON in JSON, as deep as quoting can go, in linear time', () => {
    let text = '{"mail":"ada@example.com"}';
    while (text.length < LENGTH) text = JSON.stringify({ text });
    const { result, masked } = maskResult({ text }, PII_KINDS);
    expect(masked).toBe(1);
    expect(result['text']).not.toContain('ada');
  });
});
