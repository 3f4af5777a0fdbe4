import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsv, parseCsv } from './csv.ts';
import { problemsOf } from './validate.ts';

describe('a dataset', () => {
  it.each([
    ['plain', 'id,plan\n1,starter\n2,business\n', []],
    ['with dates and prices', 'id,joined,price\n1,2021-03-02,1299.00\n', []],
    ['quoted', 'id,text\n1,"a, ""b""\nc"\n', []],
    ['without anything', '', ['no header']],
    ['with an empty column name', 'id,\n1,2\n', ['no header']],
    ['that starts with data', 'ada@example.com,1\n', ['no header: data in the first line']],
    ['without records', 'id,plan\n', ['no records']],
    ['without ids', 'plan\nstarter\n', ['no column `id`']],
    ['with a duplicate id', 'id\n1\n2\n1\n', ['record 3: duplicate id']],
    ['with an empty record', 'id,plan\n1,a\n,\n', ['record 2: empty']],
    ['with a short record', 'id,plan\n1\n', ['record 1: 1 fields, not 2']],
    ['with an e-mail column', 'id,E-Mail\n1,none\n', ['personal data: column `E-Mail` (e-mail)']],
    ['with a phone column', 'id,mobile\n1,none\n', ['personal data: column `mobile` (phone)']],
    ['with a card column', 'id,card\n1,none\n', ['personal data: column `card` (card)']],
    ['with a hidden address', 'id,x\n1,ada@example.com\n', ['record 1: personal data in `x` (e-mail)']],
    ['with a hidden phone number', 'id,x\n1,+1 202-555-0143\n', ['record 1: personal data in `x` (phone)']],
    ['with a hidden card number', 'id,x\n1,4242 4242 4242 4242\n', ['record 1: personal data in `x` (card)']],
    ['with a card number that fails its check digit', 'id,x\n1,4242424242424241\n', []],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('names every problem, and never the value', () => {
    const problems = problemsOf('id,email,x\n1,ada@example.com,\n1,b@example.com,4242424242424242\n');
    expect(problems).toEqual([
      'personal data: column `email` (e-mail)',
      'record 2: duplicate id',
      'record 2: personal data in `x` (card)',
    ]);
    expect(problems.join()).not.toMatch(/@|4242/);
  });
});

describe('CSV', () => {
  it('reads back whatever it wrote', () => {
    const field = fc.string().filter((text) => !text.includes('\r') || /[",\n]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (rows) => {
        const text = formatCsv(
          ['a', 'b'],
          rows.map(([a, b]) => ({ a, b })),
        );
        expect(parseCsv(text)).toEqual([['a', 'b'], ...rows]);
      }),
    );
  });
});
