import { weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const AFRICA: readonly NationalId[] = [
  {
    of: 'gh.tin',
    lengths: [11],
    shape: /^[CGPQV]00\d{7}[\dX]$/,
    check: (n) => {
      const rest = weighted(n.slice(1), [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
      return (rest === 10 ? 'X' : String(rest)) === n[10];
    },
    alone: /^[CGPQV]00\d{7}[\dX]$/,
    words: 'tin\\b|ghana',
  },
  {
    of: 'ao.bi',
    lengths: [14],
    shape: /^\d{9}[A-Z]{2}\d{3}$/,
    alone: /^\d{9}[A-Z]{2}\d{3}$/i,
    words: 'bilhete de identidade|b\\.?i\\.? n',
  },
  {
    of: 'mz.bi',
    lengths: [13],
    shape: /^\d{12}[A-Z]$/,
    words: 'bilhete de identidade|b\\.?i\\.? n|mo[çz]ambi',
    alone: /^1[01]\d{10}[A-Z]$/,
  },
];
