import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { foldCharacters } from '../../../src/inspect/pii/fold-characters.ts';
import { nationalIdsOf, validIdsOf } from '../../../src/inspect/pii/national/find-national-ids.ts';
import { idsOf, NATIONAL_IDS } from '../../../src/inspect/pii/national/national-ids.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';
import { marked, unmarked } from './marked-text.ts';
import { BESIDE_WORDS_ALONE, NUMBERS, UNCHECKED } from './national-numbers.ts';

/** How a number is found: what is told of it, and how much of the text that is. */
function told(text: string): readonly string[] {
  return findPersonalData(text, ['national_id']).map(
    ({ of, start, end }) => `${of} ${text.slice(start, end)}`,
  );
}

describe('national numbers', () => {
  it('are all in the table of examples', () => {
    expect(NUMBERS.map(([of]) => of).toSorted()).toEqual(NATIONAL_IDS.map(({ of }) => of).toSorted());
  });

  it.each(NUMBERS)('are found beside a word that says what they are: %s', (of, written, words) => {
    expect(told(`my ${words}: ${written}, as asked`)).toEqual([`${of} ${written}`]);
    expect(told(`(${words} ${written})`)).toEqual([`${of} ${written}`]);
  });

  it.each([
    ['pl.pesel', 'pesel=44051401359'],
    ['nl.bsn', 'https://api.example/people?bsn=111222333&page=2'],
    ['au.tfn', 'TFN #123456782'],
  ])('are found where the word is joined to them: %s', (of, text) => {
    expect(told(text).map((one) => one.split(' ')[0])).toEqual([of]);
  });

  it.each(['https://shop.example/?order=44051401359', 'build #111222333', 'x==123456782'])(
    'are none behind another name: %s',
    (text) => {
      expect(told(text)).toEqual([]);
    },
  );

  it.each(NUMBERS)('are found by themselves in their own spelling alone: %s', (of, written) => {
    const { alone } = NATIONAL_IDS.find((id) => id.of === of) ?? {};
    const found = alone?.test(written) === true ? [`${of} ${written}`] : [];
    expect(told(`it is ${written}, as you asked`)).toEqual(found);
  });

  it.each(NUMBERS)('are known where their field says already that they are one: %s', (of, written) => {
    const known = BESIDE_WORDS_ALONE.has(of) ? [] : [of];
    expect(nationalIdsOf(written)).toEqual(expect.arrayContaining(known));
    expect(nationalIdsOf(` ${written.toLowerCase()}\n`)).toEqual(nationalIdsOf(written));
    expect(nationalIdsOf(written).includes(of)).toBe(!BESIDE_WORDS_ALONE.has(of));
    expect(nationalIdsOf(`is ${written} mine`)).toEqual([]);
  });

  it.each(NUMBERS)('are refused with a digit changed, where they have a check: %s', (of, written) => {
    const compact = written.replaceAll(/[^A-Za-z0-9]/g, '');
    let changes = 0;
    let accepted = 0;
    for (const [at, digit] of [...compact].entries()) {
      if (!/\d/.test(digit)) continue;
      for (let other = 0; other < 10; other++) {
        if (String(other) === digit) continue;
        changes++;
        const changed = compact.slice(0, at) + other + compact.slice(at + 1);
        if (idsOf(changed).some((id) => id.of === of)) accepted++;
      }
    }
    if (UNCHECKED.has(of)) expect(accepted).toBeGreaterThan(0);
    // Places and parts of dates are covered by no check digit.
    else expect(accepted / changes).toBeLessThan(0.25);
  });

  it.each([
    ['a number of one country, divided as it is never divided there', '175-9013776'],
    ['a number of thirteen digits that only has the length', '1680352240101'],
    ['one digit over and over', '11111111111'],
    ['a weak number in one piece', '6812206304'],
    ['a number without a check, divided as it is', '3157 056917'],
    ['a municipality that its department does not have', '1234567890123'],
  ])('%s is none, even where the field says that it is one', (_, written) => {
    expect(nationalIdsOf(written)).toEqual([]);
  });

  it.each(['٣٧٠-٥٦٩-١٧٥', '４４０５１４０１３５９', '943 – 476 – 5919'])(
    'are known in other digits and dashes: %s',
    (written) => {
      expect(validIdsOf(foldCharacters(written))).not.toEqual([]);
    },
  );

  it('have the check digit 1 in Romania where the remainder is ten', () => {
    expect(validIdsOf('6900725320711').map(({ of }) => of)).toContain('ro.cnp');
    expect(validIdsOf('6900725320710').map(({ of }) => of)).not.toContain('ro.cnp');
  });

  it('takes the name of a field for the word', () => {
    expect(marked('44051401359', PII_KINDS, 'pesel')).toBe('«national_id:44051401359»');
    expect(marked('123456782', PII_KINDS, 'taxFileNumber')).toBe('«national_id:123456782»');
    expect(marked('44051401359', PII_KINDS, 'orderId')).toBe('44051401359');
  });

  it.each([
    'order 44051401359 and 9434765919, sku 12345678Q, build 20240131.1234',
    'at 1700000000000 ms, 123456782 rows, ean 4006381333931, ISBN 978-3-16-148410-0',
    'commit 12345678a, id 2a10c4e6-9f1b-4c2d-8e3f-0123456789ab, AB123456CD, X-12345678-Z',
    'https://example.com/orders/390533447-05 and $390.533.447-05, v1.234.567-2',
    '2024-01-31 10:30:45 +0200; 192.168.1.10; 10.0.0.0/8; 1.2.3-4; part 710319/2746',
    'invoice 0101-2024-00123, ticket E-123456-A, part A123456789B and 03-1234567-8, f(x)=1234567(8)',
    'VISA 4511 1234, LOGS 2401 1508, bir 123 456 789 adet',
    'PAN: scan of the sky; sin(123456789) and nas01, ruc 123',
  ])('finds none in %s', (text) => {
    expect(marked(text, ['national_id'])).toBe(text);
  });

  it('holds what is inside of it, and stands back where only others are wanted', () => {
    const text = 'AHV 756.9217.0769.85, then +41 44 668 18 00';
    expect(marked(text)).toBe('AHV «national_id:756.9217.0769.85», then «phone:+41 44 668 18 00»');
    expect(marked(text, ['phone'])).toBe('AHV 756.9217.0769.85, then «phone:+41 44 668 18 00»');
    expect(unmarked(marked(text))).toBe(text);
  });

  it.each(NATIONAL_IDS)('have the lengths that they say: $of', ({ shape, lengths }) => {
    const seen = fc.sample(fc.stringMatching(shape), { numRuns: 50, seed: 1 });
    expect(lengths).toEqual(expect.arrayContaining([...new Set(seen.map((compact) => compact.length))]));
  });
});
