import { digitAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

const NHI_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

export const OCEANIA: readonly NationalId[] = [
  {
    of: 'au.tfn',
    lengths: [8, 9],
    shape: /^\d{8,9}$/,
    check: (n) =>
      weighted(n, n.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0 &&
      !isOneDigit(n),
    groups: '3-3-3|2-3-3|3-2-3|3-3-2',
    words: 'tfn|tax file',
  },
  {
    of: 'au.medicare',
    lengths: [10, 11],
    shape: /^[2-6]\d{9,10}$/,
    check: (n) => weighted(n, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(n, 8),
    words: 'medicare',
  },
  {
    of: 'nz.ird',
    lengths: [8, 9],
    shape: /^\d{8,9}$/,
    check: (n) => {
      const nine = n.padStart(9, '0');
      const body = Number(nine.slice(0, 8));
      if (body < 1_000_000 || body > 15_000_000) return false;
      let rest = weighted(nine, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      if (rest === 1) rest = weighted(nine, [7, 4, 3, 2, 5, 2, 7, 6]) % 11;
      return rest !== 1 && (11 - rest) % 11 === digitAt(nine, 8);
    },
    words: 'ird\\b|inland revenue',
  },
  {
    of: 'au.ihi',
    lengths: [16],
    shape: /^800360\d{10}$/,
    check: passesLuhn,
    alone: /^8003 ?60\d\d ?\d{4} ?\d{4}$/,
    words: 'ihi\\b|healthcare identifier',
  },
  {
    of: 'nz.nhi',
    lengths: [7],
    shape: /^[A-HJ-NP-Z]{3}\d{4}$/,
    // HISO 10046: letters count as their place among those that are used.
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 3; at++) sum += (7 - at) * (NHI_LETTERS.indexOf(n.charAt(at)) + 1);
      const rest = (sum + weighted(n.slice(3), [4, 3, 2])) % 11;
      return rest !== 0 && (11 - rest) % 10 === digitAt(n, 6);
    },
    weak: true,
    words: 'nhi\\b|national health index',
  },
];
