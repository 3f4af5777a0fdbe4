import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlain, textOf } from '../../src/store/sqlite/rows.ts';

const db = new DatabaseSync(':memory:');
const read = db.prepare('SELECT body, octet_length(body) AS size FROM (SELECT CAST(? AS TEXT) AS body)');

function plain(bytes: Uint8Array): string | undefined {
  const { body, size } = read.get(bytes) as { body: string; size: number };
  return isPlain(body, size) ? body : undefined;
}

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('00', 'ff', 'c080', 'eda080', 'efbbbf', 'efbfbd', 'f4908080', 'e282')
    .map((hex) => Buffer.from(hex, 'hex')),
);

test('a text that is taken as it was read is that of its bytes, and of no others', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const bytes = Buffer.concat(pieces);
      const text = plain(bytes);
      if (text === undefined) return;
      expect(text).toBe(textOf(bytes));
      expect(Buffer.from(text).equals(bytes)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

// What is read a second time may have been archived by another process meanwhile.
test.each(['', 'plain', 'a\0b', 'é', '\ufeffbegins so', '中文 and 👩‍🚀'])('%j is read only once', (text) => {
  expect(plain(Buffer.from(text))).toBe(text);
});

test.each(['ff', '61c080', 'eda080', 'efbfbd', '22e28222'])(
  'the bytes %s are looked at themselves',
  (hex) => {
    expect(plain(Buffer.from(hex, 'hex'))).toBeUndefined();
  },
);
