import { digitAt, isDay, isDayAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

const CURP_DIGITS = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
const MEXICAN_STATES =
  'AS|BC|BS|CC|CL|CM|CS|CH|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE';

export const NORTH_AMERICA: readonly NationalId[] = [
  {
    of: 'us.itin',
    lengths: [9],
    shape: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    alone: /^9\d\d-\d\d-\d{4}$/,
    words: 'itin|taxpayer identification|tax id',
  },
  {
    of: 'us.atin',
    lengths: [9],
    // For a child whose adoption is pending.
    shape: /^9\d\d93\d{4}$/,
    alone: /^9\d\d-93-\d{4}$/,
    words: 'atin\\b|taxpayer identification|tax id',
  },
  {
    of: 'us.ptin',
    lengths: [9],
    shape: /^P\d{8}$/,
    weak: true,
    words: 'ptin\\b|preparer tax',
  },
  {
    of: 'us.mbi',
    lengths: [11],
    shape:
      /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y]{2}\d\d$/,
    alone: /^\w{4}-\w{3}-\w{4}$/,
    words: 'medicare|mbi|beneficiary',
  },
  {
    of: 'us.npi',
    lengths: [10],
    shape: /^[12]\d{9}$/,
    // 45 CFR 162.406: the Luhn digit of the number behind 80840.
    check: (n) => passesLuhn(`80840${n}`),
    words: 'npi\\b|national provider',
  },
  {
    of: 'us.dea',
    lengths: [9],
    shape: /^[A-HJ-NPRSTUX][A-Z9]\d{7}$/,
    // 21 CFR 1301: every second digit counts twice.
    check: (n) => weighted(n.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === digitAt(n, 8),
    words: 'dea\\b',
  },
  {
    of: 'ca.sin',
    lengths: [9],
    shape: /^[0-79]\d{8}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    groups: '3-3-3',
    words: 'sin\\b|social insurance|assurance sociale|nas\\b',
  },
  {
    of: 'ca.bc_health',
    lengths: [10],
    shape: /^9\d{9}$/,
    check: (n) => {
      const sum = [2, 4, 8, 5, 10, 9, 7, 3].reduce(
        (total, weight, at) => total + ((weight * digitAt(n, at + 1)) % 11),
        0,
      );
      return (11 - (sum % 11)) % 11 === digitAt(n, 9);
    },
    groups: '4-3-3',
    words: 'personal health|health (?:card|number|care number)|phn\\b|care ?card',
  },
  {
    of: 'ca.ohip',
    lengths: [10],
    shape: /^[1-9]\d{9}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    weak: true,
    groups: '4-3-3',
    words: 'ohip|health (?:card|insurance)',
  },
  {
    of: 'ca.ramq',
    lengths: [12],
    // Three letters of the name and one of the first name; women have 50 added to the month.
    shape: /^[A-Z]{4}\d{8}$/,
    check: (n) => isDay(Number(n.slice(6, 8)) % 50, Number(n.slice(8, 10))),
    weak: true,
    groups: '4-4-4',
    words: 'ramq|assurance[- ]maladie|health insurance',
  },
  {
    of: 'mx.curp',
    lengths: [18],
    shape: new RegExp(`^[A-Z]{4}\\d{6}[HMX](?:${MEXICAN_STATES})[B-DF-HJ-NP-TV-Z]{3}[A-Z\\d]\\d$`),
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 17; at++) sum += CURP_DIGITS.indexOf(n.charAt(at)) * (18 - at);
      return isDayAt(n, 6, 8) && (10 - (sum % 10)) % 10 === digitAt(n, 17);
    },
    alone: /^[A-Z\d]{18}$/,
    words: 'curp',
  },
  {
    of: 'mx.rfc',
    lengths: [13],
    shape: /^[A-Z]{4}\d{6}[A-Z\d]{3}$/,
    check: (n) => isDayAt(n, 6, 8),
    words: 'rfc|registro federal',
  },
  {
    of: 'mx.nss',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    weak: true,
    groups: '2-2-2-4-1|10-1',
    words: 'nss\\b|imss|seguro social|seguridad social',
  },
  {
    of: 'mx.elector',
    lengths: [18],
    // Consonants of the names, the date and state of birth, the sex.
    shape: /^[B-DF-HJ-NP-TV-Z]{6}\d{6}(?:0[1-9]|[12]\d|3[0-3]|8[78])[HM]\d{3}$/,
    check: (n) => isDayAt(n, 8, 10),
    alone: /^[A-Z]{6}\d{8}[HM]\d{3}$/,
    words: 'elector',
  },
];
