import {
  digitAt,
  isDay,
  isDayAt,
  isOneDigit,
  passesLuhn,
  passesVerhoeff,
  remainder,
  weighted,
} from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const FRANCE_AND_BENELUX: readonly NationalId[] = [
  {
    of: 'fr.nir',
    lengths: [15],
    shape: /^[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{8}$/,
    check: (n) => {
      const body = n.slice(0, 13).replace('2A', '19').replace('2B', '18');
      return /^\d+$/.test(body) && 97 - remainder(body, 97) === Number(n.slice(13));
    },
    alone: /^[1-478] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d$/,
    words: 's[ée]curit[ée] sociale|num[ée]ro de s[ée]cu|nir|insee|social security',
  },
  {
    of: 'fr.nif',
    lengths: [13],
    shape: /^[0-3]\d{12}$/,
    check: (n) => Number(n.slice(0, 10)) % 511 === Number(n.slice(10)),
    words: 'num[ée]ro fiscal|r[ée]f[ée]rence fiscale|spi|nif|tin',
  },
  {
    of: 'be.nn',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => {
      const month = Number(n.slice(2, 4)) % 20;
      const dated = month === 0 || isDay(month, Number(n.slice(4, 6)) || 1);
      const check = Number(n.slice(9));
      const body = n.slice(0, 9);
      return (
        dated &&
        month <= 12 &&
        (97 - remainder(body, 97) === check || 97 - remainder(`2${body}`, 97) === check)
      );
    },
    alone: /^\d\d\.\d\d\.\d\d-\d{3}\.\d\d$/,
    words: 'rijksregister|registre national|num[ée]ro national|nationaalnummer|insz|niss|national register',
  },
  {
    of: 'nl.bsn',
    lengths: [8, 9],
    shape: /^\d{8,9}$/,
    check: (n) => {
      const nine = n.padStart(9, '0');
      return !isOneDigit(n) && (weighted(nine, [9, 8, 7, 6, 5, 4, 3, 2]) - digitAt(nine, 8)) % 11 === 0;
    },
    groups: '3-3-3|4-2-3|4-3-2|2-3-4',
    words: 'bsn|burgerservice ?nummer|sofi-? ?nummer|citizen service',
  },
  {
    of: 'nl.onderwijsnummer',
    lengths: [9],
    shape: /^10\d{7}$/,
    // For pupils without a citizen service number: the same sum, which leaves 5.
    check: (n) => (((weighted(n, [9, 8, 7, 6, 5, 4, 3, 2]) - digitAt(n, 8)) % 11) + 11) % 11 === 5,
    groups: '4-2-3|3-3-3',
    words: 'onderwijsnummer',
  },
  {
    of: 'lu.nin',
    lengths: [13],
    shape: /^(?:18|19|20)\d{11}$/,
    // Eleven digits have a check digit of each kind.
    check: (n) =>
      isDayAt(n, 4, 6) && passesLuhn(n.slice(0, 12)) && passesVerhoeff(n.slice(0, 11) + n.slice(12)),
    groups: '8-5|4-2-2-5|4-4-5',
    words: 'matricule|luxemb|social security',
  },
];
