import { digitAt, isDay, isDayAt, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

const FINNISH_CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

export const NORTHERN_EUROPE: readonly NationalId[] = [
  {
    of: 'se.personnummer',
    lengths: [10, 12],
    shape: /^(?:18|19|20)?\d{10}$/,
    check: (n) => {
      const ten = n.slice(-10);
      // A coordination number has 60 added to the day.
      return isDay(Number(ten.slice(2, 4)), Number(ten.slice(4, 6)) % 60) && passesLuhn(ten);
    },
    alone: /^(?:(?:18|19|20)\d\d|\d\d)\d{4}[-+]\d{4}$/,
    words: 'person(?:al)? ?(?:nummer|nr|id|number)|samordningsnummer|pnr|swedish (?:id|identity)',
  },
  {
    of: 'no.fodselsnummer',
    lengths: [11],
    shape: /^[0-7]\d{10}$/,
    check: (n) => {
      // Numbers for foreigners have 40 added to the day, those of hospitals to the month, those of tests 65 or 80.
      const day = Number(n.slice(0, 2)) % 40;
      const raised = Number(n.slice(2, 4));
      const month = raised > 80 ? raised - 80 : raised > 65 ? raised - 65 : raised % 40;
      const first = 11 - (weighted(n, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11);
      const second = 11 - (weighted(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
      return isDay(month, day) && first % 11 === digitAt(n, 9) && second % 11 === digitAt(n, 10);
    },
    alone: /^\d{6} ?\d{5}$/,
    groups: '6-5',
    words: 'f(?:ø|o|oe)dsels|personnummer|norwegian (?:id|identity)|national identity',
  },
  {
    of: 'dk.cpr',
    lengths: [10],
    shape: /^[0-3]\d{9}$/,
    check: (n) => isDayAt(n, 2, 0),
    groups: '6-4',
    words: 'cpr|personnummer|danish (?:id|identity)',
  },
  {
    of: 'is.kennitala',
    lengths: [10],
    shape: /^[0-7]\d{8}[089]$/,
    check: (n) =>
      isDay(Number(n.slice(2, 4)), Number(n.slice(0, 2)) % 40) &&
      (11 - (weighted(n, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(n, 8),
    groups: '6-4',
    words: 'kennitala|kt\\.?',
  },
  {
    of: 'fi.hetu',
    lengths: [10, 11],
    shape: /^\d{6}[A-FU-Y]?\d{3}[\dA-FHJ-NPR-Y]$/,
    check: (n) => {
      const digits = n.slice(0, 6) + n.slice(-4, -1);
      return isDayAt(n, 2, 0) && FINNISH_CHECKS[Number(digits) % 31] === n.at(-1);
    },
    alone: /^\d{6}[-+A-FU-Y]\d{3}[\dA-Z]$/,
    words: 'hetu|henkil(?:ö|o)tunnus|personbeteckning|finnish (?:id|identity)',
  },
  {
    of: 'ee.isikukood',
    lengths: [11],
    shape: /^[1-8]\d{10}$/,
    check: (n) => {
      const first = weighted(n, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
      const check = first < 10 ? first : weighted(n, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
      return isDayAt(n, 3, 5) && check % 10 === digitAt(n, 10);
    },
    words: 'isikukood|asmens kod|personal code|ik\\b',
  },
  {
    of: 'lv.personas_kods',
    lengths: [11],
    shape: /^[0-3]\d{10}$/,
    check: (n) =>
      n.startsWith('32') ||
      (isDayAt(n, 2, 0) && ((1 + weighted(n, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === digitAt(n, 10)),
    words: 'personas kod|latvian (?:id|identity)',
  },
  {
    of: 'fo.ptal',
    lengths: [9],
    shape: /^[0-3]\d{8}$/,
    check: (n) => isDayAt(n, 2, 0),
    weak: true,
    groups: '6-3',
    words: 'p-?tal|faroe',
  },
];
