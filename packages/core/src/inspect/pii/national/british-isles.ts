import { digitAt, isDayAt, isOneDigit, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

/** Prefixes that no national insurance number has. */
const NEVER_GIVEN = /^(?:BG|GB|NK|KN|TN|NT|ZZ)/;

export const BRITISH_ISLES: readonly NationalId[] = [
  {
    of: 'gb.nino',
    lengths: [9],
    shape: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/,
    check: (n) => !NEVER_GIVEN.test(n),
    alone: /^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]$/,
    words: 'national insurance|nino|ni (?:number|no)',
  },
  {
    of: 'gb.nhs',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => !isOneDigit(n) && passesElevenTest(n),
    groups: '3-3-4',
    words: 'nhs|national health',
  },
  {
    of: 'gb.utr',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => '21987654321'[weighted(n.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === n[0],
    groups: '5-5',
    words: 'utr|unique taxpayer',
  },
  {
    of: 'gb.chi',
    lengths: [10],
    shape: /^[0-3]\d{9}$/,
    // The community health index of Scotland: the date of birth, then as the number of the NHS.
    check: (n) => isDayAt(n, 2, 0) && passesElevenTest(n),
    groups: '6-4|3-3-4',
    words: 'chi\\b|community health',
  },
  {
    of: 'ie.pps',
    lengths: [8, 9],
    shape: /^\d{7}[A-W][ABHWTX]?$/,
    check: (n) => {
      const second =
        n.length === 9 && n[8] !== 'W' && n[8] !== 'T' && n[8] !== 'X' ? n.charCodeAt(8) - 64 : 0;
      return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(n, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === n[7];
    },
    words: 'ppsn?|personal public service|rsi',
  },
];

/** NHS Data Dictionary, NHS NUMBER: weights from 10 down to 2, modulo 11. */
function passesElevenTest(n: string): boolean {
  return (11 - (weighted(n, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(n, 9);
}
