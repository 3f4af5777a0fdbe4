import { digitAt, isDayAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const CENTRAL_AMERICA: readonly NationalId[] = [
  {
    of: 'do.cedula',
    lengths: [11],
    shape: /^(?:[0-2]\d\d|402)\d{8}$/,
    check: passesLuhn,
    alone: /^\d{3}-\d{7}-\d$/,
    words: 'c[ée]dula',
  },
  {
    of: 'gt.cui',
    lengths: [13],
    shape: /^\d{9}(?:0[1-9]|1\d|2[0-2])\d\d$/,
    check: (n) =>
      isGuatemalanPlace(n.slice(9)) &&
      !isOneDigit(n) &&
      weighted(n, [2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(n, 8),
    groups: '4-5-4',
    words: 'cui\\b|dpi\\b|identificaci[óo]n',
  },
  {
    of: 'gt.nit',
    lengths: [5, 6, 7, 8, 9],
    shape: /^[1-9]\d{3,7}[\dK]$/,
    check: (n) => {
      const body = [...n.slice(0, -1)].toReversed().join('');
      const rest = weighted(body, [2, 3, 4, 5, 6, 7, 8, 9].slice(0, body.length)) % 11;
      return '0K987654321'[rest] === n.at(-1);
    },
    weak: true,
    groups: '4-1|5-1|6-1|7-1|8-1',
    words: 'nit\\b|identificaci[óo]n tributaria',
  },
  {
    of: 'sv.nit',
    lengths: [14],
    shape: /^\d{14}$/,
    check: (n) => isDayAt(n, 6, 4),
    alone: /^\d{4}-\d{6}-\d{3}-\d$/,
    groups: '4-6-3-1',
    words: 'nit\\b|identificaci[óo]n tributaria',
  },
  {
    of: 'sv.dui',
    lengths: [9],
    shape: /^\d{9}$/,
    check: (n) =>
      !isOneDigit(n) && (10 - (weighted(n, [9, 8, 7, 6, 5, 4, 3, 2]) % 10)) % 10 === digitAt(n, 8),
    weak: true,
    groups: '8-1',
    words: 'dui\\b|documento [úu]nico',
  },
  {
    of: 'hn.dni',
    lengths: [13],
    // Department, municipality and year of the entry.
    shape: /^(?:0[1-9]|1[0-8])[0-4]\d(?:19|20)\d{7}$/,
    weak: true,
    groups: '4-4-5',
    words: 'dni\\b|identidad|hondur',
  },
  {
    of: 'ni.cedula',
    lengths: [14],
    shape: /^\d{13}[A-HJ-NP-Y]$/,
    check: (n) => isDayAt(n, 5, 3) && 'ABCDEFGHJKLMNPQRSTUVWXY'[Number(n.slice(0, 13)) % 23] === n[13],
    alone: /^\d{3}-\d{6}-\d{4}[A-Z]$/,
    words: 'c[ée]dula|nicarag',
  },
  {
    of: 'cr.cedula',
    lengths: [7, 8, 9, 10],
    shape: /^0?[1-9]\d{6,8}$/,
    weak: true,
    groups: '1-4-4|2-4-4|1-3-3|1-3-4|1-4-3',
    words: 'c[ée]dula f[íi]sica|costa rican? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
  {
    of: 'pa.cedula',
    lengths: [8, 9, 10],
    shape: /^(?:1[0-3]|[1-9])\d{7,8}$/,
    weak: true,
    groups: '1-3-4|1-3-5|1-4-4|1-4-5|2-3-4|2-4-4',
    words: 'c[ée]dula|panama(?:nian)? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
  {
    of: 'cu.ni',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => isDayAt(n, 2, 4),
    weak: true,
    words:
      'carn[ée] de identidad|n[úu]mero de identidad|cuban? (?:id\\b|identity|national (?:id|number)|citizen)',
    groups: '',
  },
  {
    of: 'jm.trn',
    lengths: [9],
    shape: /^1\d{8}$/,
    weak: true,
    groups: '3-3-3',
    words: 'trn\\b|taxpayer registration',
  },
];

// How many municipalities each department of Guatemala has.
const MUNICIPALITIES = [17, 8, 16, 16, 14, 14, 19, 8, 24, 21, 9, 30, 33, 21, 8, 17, 14, 5, 11, 11, 7, 17];

function isGuatemalanPlace(digits: string): boolean {
  const municipality = Number(digits.slice(2));
  return municipality >= 1 && municipality <= (MUNICIPALITIES[Number(digits.slice(0, 2)) - 1] ?? 0);
}
