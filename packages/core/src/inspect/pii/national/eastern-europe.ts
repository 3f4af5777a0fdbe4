import {
  digitAt,
  isDay,
  isDayAt,
  isOneDigit,
  passesLuhn,
  passesMod11And10,
  remainder,
  weighted,
} from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const EASTERN_EUROPE: readonly NationalId[] = [
  {
    of: 'pl.pesel',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) =>
      isDay(Number(n.slice(2, 4)) % 20, Number(n.slice(4, 6))) &&
      (10 - (weighted(n, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digitAt(n, 10),
    words: 'pesel',
  },
  {
    of: 'pl.nip',
    lengths: [10],
    shape: /^[1-9]\d{9}$/,
    check: (n) => weighted(n, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(n, 9),
    groups: '3-3-2-2|3-2-2-3',
    weak: true,
    words: 'nip|identyfikacji podatkowej',
  },
  {
    of: 'cz.rodne_cislo',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => isCzechDay(n) && remainder(n.slice(0, 9), 11) % 10 === digitAt(n, 9),
    alone: /^\d{6}\/\d{4}$/,
    words: 'rodn[ée] [čc][íi]slo|r[čc]\\b|birth number',
  },
  {
    of: 'hu.taj',
    lengths: [9],
    shape: /^\d{9}$/,
    check: (n) => !isOneDigit(n) && weighted(n, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digitAt(n, 8),
    weak: true,
    groups: '3-3-3',
    words: 'taj\\b|t[áa]rsadalombiztos',
  },
  {
    of: 'hu.adoazonosito',
    lengths: [10],
    shape: /^8\d{9}$/,
    check: (n) => weighted(n, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(n, 9),
    groups: '',
    words: 'ad[óo]azonos[íi]t[óo]|ad[óo]sz[áa]m',
  },
  {
    of: 'ro.cnp',
    lengths: [13],
    shape: /^[1-9]\d{12}$/,
    check: (n) =>
      // A remainder of ten is written as 1.
      isDayAt(n, 3, 5) && '01234567891'[weighted(n, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11] === n[12],
    words: 'cnp|cod(?:ul)? numeric personal',
  },
  {
    of: 'bg.egn',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) =>
      isDay(Number(n.slice(2, 4)) % 20, Number(n.slice(4, 6))) &&
      (weighted(n, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(n, 9),
    groups: '',
    words: 'егн|egn',
  },
  {
    of: 'gr.amka',
    lengths: [11],
    shape: /^[0-3]\d{10}$/,
    check: (n) => isDayAt(n, 2, 0) && passesLuhn(n),
    groups: '6-5',
    words: 'amka|αμκα',
  },
  {
    of: 'gr.afm',
    lengths: [9],
    shape: /^\d{9}$/,
    check: (n) =>
      !isOneDigit(n) && (weighted(n, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digitAt(n, 8),
    groups: '3-3-3',
    weak: true,
    words: 'afm|αφμ',
  },
  {
    of: 'hr.oib',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => !isOneDigit(n) && passesMod11And10(n),
    weak: true,
    words: 'oib|osobni identifikacijski',
  },
  {
    of: 'rs.jmbg',
    lengths: [13],
    shape: /^[0-3]\d{12}$/,
    check: (n) => {
      const check = 11 - (weighted(n, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
      return isDayAt(n, 2, 0) && (check > 9 ? 0 : check) === digitAt(n, 12);
    },
    words: 'jmbg|јмбг|em[šs]o|мати[чћ]ни|mati[čc]ni broj',
  },
  {
    of: 'ru.snils',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => {
      const check = weighted(n, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
      return !isOneDigit(n) && check % 100 === Number(n.slice(9));
    },
    alone: /^\d{3}-\d{3}-\d{3}[ -]\d\d$/,
    words: 'снилс|snils|страхов',
  },
  {
    of: 'ru.inn',
    lengths: [12],
    shape: /^\d{12}$/,
    check: (n) =>
      !isOneDigit(n) &&
      (weighted(n, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(n, 10) &&
      (weighted(n, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(n, 11),
    groups: '',
    words: 'инн|inn\\b',
  },
  {
    of: 'ua.rnokpp',
    lengths: [10],
    // Five digits count the days of life before it from 1900 on.
    shape: /^(?:[0-3]\d|4[0-6])\d{8}$/,
    check: (n) => !isOneDigit(n) && (weighted(n, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) % 10 === digitAt(n, 9),
    groups: '',
    words: 'рнокпп|ідентифікаційн|іпн|rnokpp|rntrc|ipn',
  },
  {
    of: 'tr.kimlik',
    lengths: [11],
    shape: /^[1-9]\d{10}$/,
    check: (n) => {
      const odd = weighted(n, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
      const even = weighted(n, [0, 1, 0, 1, 0, 1, 0, 1]);
      const tenth = (((7 * odd - even) % 10) + 10) % 10;
      return tenth === digitAt(n, 9) && (odd + even + tenth) % 10 === digitAt(n, 10);
    },
    words: 'kimlik|tckn|t\\.?c\\.? no|turkish (?:id|identity)',
  },
  {
    of: 'pl.dowod',
    lengths: [9],
    shape: /^[A-Z]{3}\d{6}$/,
    check: (n) => {
      const weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
      const sum = weights.reduce((all, weight, at) => all + weight * Number.parseInt(n.charAt(at), 36), 0);
      return sum % 10 === 0;
    },
    words: 'dow[óo]d|osobist|polish id',
  },
  {
    of: 'bg.lnc',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => !isOneDigit(n) && weighted(n, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === digitAt(n, 9),
    groups: '',
    weak: true,
    words: 'лнч|lnch',
  },
  {
    of: 'si.davcna',
    lengths: [8],
    shape: /^[1-9]\d{7}$/,
    check: (n) => {
      const check = 11 - (weighted(n, [8, 7, 6, 5, 4, 3, 2]) % 11);
      return check < 11 && check % 10 === digitAt(n, 7);
    },
    groups: '',
    weak: true,
    words: 'dav[čc]na',
  },
  {
    of: 'hu.szemelyi',
    lengths: [11],
    shape: /^[1-8]\d{10}$/,
    // Counted from the other end since 1997.
    check: (n) =>
      isDayAt(n, 3, 5) &&
      [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
      ].some((weights) => weighted(n, weights) % 11 === digitAt(n, 10)),
    alone: /^\d-\d{6}-\d{4}$/,
    groups: '1-6-4',
    words: 'szem[ée]lyi (?:sz[áa]m|azonos)',
  },
  {
    of: 'md.idnp',
    lengths: [13],
    shape: /^[02]\d{12}$/,
    check: (n) => weighted(n, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === digitAt(n, 12),
    groups: '',
    words: 'idnp|cod personal|moldov',
  },
  {
    of: 'by.in',
    lengths: [14],
    shape: /^[1-6]\d{6}[ABCEHKM]\d{3}(?:PB|BA|BI)\d$/,
    check: (n) => isDayAt(n, 3, 1),
    alone: /^[1-6]\d{6}[ABCEHKM]\d{3}(?:PB|BA|BI)\d$/,
    words: 'личный номер|идентификационный|belarus',
  },
  {
    of: 'cz.rodne_cislo_9',
    lengths: [9],
    shape: /^(?:[0-4]\d|5[0-3]|[89]\d)\d{7}$/,
    // Of people born before 1954, without a check digit.
    check: isCzechDay,
    weak: true,
    groups: '6-3',
    words: 'rodn[ée] [čc][íi]slo|r[čc]\\b|birth number',
  },
  {
    of: 'by.unp',
    lengths: [9],
    // Of persons; those of organisations are digits alone.
    shape: /^[ABCEHKM][ABCEHKMOPT]\d{7}$/,
    check: (n) => {
      const letters = Number.parseInt(n.charAt(0), 36) * 29 + 'ABCEHKMOPT'.indexOf(n.charAt(1)) * 23;
      return (letters + weighted(n.slice(2), [19, 17, 13, 7, 5, 3])) % 11 === digitAt(n, 8);
    },
    words: 'унп|упн|unp\\b',
  },
  {
    of: 'ru.passport',
    lengths: [10],
    shape: /^\d{10}$/,
    weak: true,
    groups: '4-6|2-2-6',
    words: 'паспорт|russian passport',
  },
];

/** Women have 50 added to the month, and since 2004 anybody can have 20 more. */
function isCzechDay(n: string): boolean {
  const month = Number(n.slice(2, 4)) % 50;
  return isDay(month > 20 ? month - 20 : month, Number(n.slice(4, 6)));
}
