import { digitAt, isDay, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

export const SOUTHERN_EUROPE: readonly NationalId[] = [
  {
    of: 'es.dni',
    lengths: [9],
    shape: /^\d{8}[A-HJ-NP-TV-Z]$/,
    check: (n) => SPANISH_LETTERS[Number(n.slice(0, 8)) % 23] === n[8],
    alone: /^(?:\d{8}|\d{2}\.\d{3}\.\d{3})[- ]?[A-Z]$/,
    words: 'dni|nif|documento nacional|identidad',
  },
  {
    of: 'es.nie',
    lengths: [9],
    shape: /^[XYZ]\d{7}[A-HJ-NP-TV-Z]$/,
    check: (n) => SPANISH_LETTERS[Number('XYZ'.indexOf(n.charAt(0)) + n.slice(1, 8)) % 23] === n[8],
    alone: /^[XYZ][- ]?\d{7}[- ]?[A-Z]$/,
    words: 'nie|nif|extranjero',
  },
  {
    of: 'es.nif',
    lengths: [9],
    // K: Spaniards under fourteen; L: Spaniards abroad; M: foreigners without a number of their own.
    shape: /^[KLM]\d{7}[A-HJ-NP-TV-Z]$/,
    check: (n) => SPANISH_LETTERS[Number(n.slice(1, 8)) % 23] === n[8],
    alone: /^[KLM]-\d{7}-[A-Z]$/,
    words: 'nif|identificaci[óo]n fiscal',
  },
  {
    of: 'es.nss',
    lengths: [12],
    shape: /^\d{12}$/,
    check: (n) => {
      // A short number of the person is added to the province, a long one stands behind it.
      const person = Number(n.slice(2, 10));
      const whole =
        person < 10_000_000 ? Number(n.slice(0, 2)) * 10_000_000 + person : Number(n.slice(0, 10));
      return whole % 97 === Number(n.slice(10));
    },
    words: 'seguridad social|naf|nss|afiliaci[óo]n',
  },
  {
    of: 'pt.nif',
    lengths: [9],
    shape: /^[1-35689]\d{8}$/,
    check: (n) => {
      const check = 11 - (weighted(n, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
      return (check > 9 ? 0 : check) === digitAt(n, 8);
    },
    groups: '3-3-3',
    words: 'nif|contribuinte|identifica[çc][ãa]o fiscal',
  },
  {
    of: 'pt.cc',
    lengths: [12],
    shape: /^\d{9}[A-Z][A-Z\d]\d$/,
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 12; at++) {
        const value = Number.parseInt(n.charAt(at), 36) * (at % 2 === 0 ? 2 : 1);
        sum += at % 2 === 0 && value > 9 ? value - 9 : value;
      }
      return sum % 10 === 0;
    },
    alone: /^\d{8} \d [A-Z]{2}\d$/,
    words: 'cart[ãa]o de cidad[ãa]o|bilhete de identidade|citizen card',
  },
  {
    of: 'pt.niss',
    lengths: [11],
    shape: /^[12]\d{10}$/,
    check: (n) => 9 - (weighted(n, [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10) === digitAt(n, 10),
    groups: '3-4-4|3-3-3-2|4-4-3',
    words: 'niss|seguran[çc]a social',
  },
  {
    of: 'it.codice_fiscale',
    lengths: [16],
    shape: /^[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/,
    check: checksItalianCode,
    alone: /^[A-Z]{3} ?[A-Z]{3} ?\w{2}[A-Z]\w{2} ?[A-Z]\w{3} ?[A-Z]$/,
    words: 'codice fiscale|cod\\.? ?fisc',
  },
  {
    of: 'ad.nrt',
    lengths: [8],
    // F: residents, E: persons who live elsewhere; other letters are of companies.
    shape: /^[EF]\d{6}[A-Z]$/,
    words: 'nrt\\b|registre tributari|andorr',
  },
  {
    of: 'mt.id',
    lengths: [8],
    shape: /^\d{7}[MGAPLHBZ]$/,
    weak: true,
    words: 'malt(?:a|ese) (?:id\\b|identity|national (?:id|number)|citizen)|tal-identit',
  },
  {
    of: 'cy.tin',
    lengths: [9],
    // Those of persons begin with 0 or 9.
    shape: /^[09]\d{7}[A-Z]$/,
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 8; at++) sum += at % 2 === 0 ? (ODD_DIGITS[digitAt(n, at)] ?? 0) : digitAt(n, at);
      return sum % 26 === n.charCodeAt(8) - 65;
    },
    words: 'φορολογ|tic\\b|tin\\b|cypr',
  },
  {
    of: 'al.nid',
    lengths: [10],
    // The decade, the year in it, month (of women 50 more) and day of birth.
    shape: /^[A-T]\d{8}[A-W]$/,
    check: (n) => isDay(Number(n.slice(2, 4)) % 50, Number(n.slice(4, 6))),
    words: 'nid\\b|albani|num[ëe]ri personal|letërnjoftim',
  },
];

// Decree of the Italian Ministry of Finance of 23 December 1976: what a character at an odd place counts.
const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const ODD_LETTERS = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function checksItalianCode(n: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const code = n.charCodeAt(at);
    const value = code < 65 ? code - 48 : code - 65;
    if (at % 2 === 1) sum += value;
    else sum += (code < 65 ? ODD_DIGITS[value] : ODD_LETTERS[value]) ?? 0;
  }
  return sum % 26 === n.charCodeAt(15) - 65;
}
