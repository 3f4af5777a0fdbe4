import { digitAt, isDay, isDayAt, isOneDigit, passesLuhn, passesVerhoeff, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

/** Two digits that the National Registration Department of Malaysia gives to no place. */
const NO_PLACE_OF_BIRTH = /^(?:00|1[7-9]|20|69|70|73|8[01]|9[4-7])/;

// The number of each letter, of which the first digit counts once and the second nine times.
const TAIWANESE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

export const ASIA_PACIFIC: readonly NationalId[] = [
  {
    of: 'in.aadhaar',
    lengths: [12],
    shape: /^[2-9]\d{11}$/,
    check: (n) => n !== [...n].toReversed().join('') && passesVerhoeff(n),
    words: 'aadhaa?r|uidai|आधार|uid\\b',
  },
  {
    of: 'in.pan',
    lengths: [10],
    shape: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/,
    check: (n) => !n.includes('0000'),
    // The fourth letter of a person is P; others are of firms and trusts.
    alone: /^[A-Z]{3}P[A-Z]\d{4}[A-Z]$/,
    words: 'pan\\b|permanent account',
  },
  {
    of: 'in.vid',
    lengths: [16],
    shape: /^[2-9]\d{15}$/,
    check: passesVerhoeff,
    words: 'virtual id|aadhaa?r|vid\\b',
  },
  {
    of: 'cn.resident_id',
    lengths: [18],
    shape: /^[1-9]\d{5}(?:18|19|20)\d{9}[\dX]$/,
    check: (n) =>
      isDayAt(n, 10, 12) &&
      '10X98765432'[weighted(n, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === n[17],
    alone: /^[\dX]{18}$/,
    words: '身份证|公民身份|resident id|shenfenzheng',
  },
  {
    of: 'kr.rrn',
    lengths: [13],
    shape: /^\d{6}[0-9]\d{6}$/,
    // Numbers given out since October 2020 have no check digit.
    check: (n) => isDayAt(n, 2, 4),
    alone: /^\d{6}-[0-9]\d{6}$/,
    words: '주민등록|외국인등록|resident registration|rrn',
  },
  {
    of: 'jp.my_number',
    lengths: [12],
    shape: /^\d{12}$/,
    check: (n) => {
      const rest = weighted(n, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      return !isOneDigit(n) && (rest < 2 ? 0 : 11 - rest) === digitAt(n, 11);
    },
    words: 'マイナンバー|個人番号|my ?number|individual number',
  },
  {
    of: 'tw.id',
    lengths: [10],
    shape: /^[A-Z][1289]\d{8}$/,
    check: (n) => {
      const letter = TAIWANESE_LETTERS.indexOf(n.charAt(0)) + 10;
      const sum =
        Math.floor(letter / 10) + 9 * (letter % 10) + weighted(n.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1]);
      return sum % 10 === 0;
    },
    words: '身分證|身份證|taiwan(?:ese)? id|national id|居留證',
  },
  {
    of: 'hk.hkid',
    lengths: [8, 9],
    shape: /^[A-Z]{1,2}\d{6}[\dA]$/,
    check: (n) => {
      let sum = n.length === 8 ? 36 * 9 : 0;
      for (let at = 0; at < n.length; at++) sum += Number.parseInt(n.charAt(at), 36) * (n.length - at);
      return sum % 11 === 0;
    },
    alone: /^[A-Z]{1,2}\d{6}\([\dA]\)$/,
    words: 'hkid|hong kong id|身份證|identity card',
  },
  {
    of: 'sg.nric',
    lengths: [9],
    shape: /^[STFGM]\d{7}[A-Z]$/,
    check: (n) => {
      const series = n.charAt(0);
      const sum =
        weighted(n.slice(1), [2, 7, 6, 5, 4, 3, 2]) + ('TG'.includes(series) ? 4 : series === 'M' ? 3 : 0);
      const letters = 'ST'.includes(series) ? 'JZIHGFEDCBA' : series === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
      return letters[sum % 11] === n[8];
    },
    alone: /^[STFGM]\d{7}[A-Z]$/,
    words: 'nric|fin\\b|singapore',
  },
  {
    of: 'my.nric',
    lengths: [12],
    shape: /^\d{12}$/,
    check: (n) => isDayAt(n, 2, 4) && !NO_PLACE_OF_BIRTH.test(n.slice(6)),
    alone: /^\d{6}-\d\d-\d{4}$/,
    words: 'mykad|nric|kad pengenalan|ic (?:no|number)',
  },
  {
    of: 'id.nik',
    lengths: [16],
    shape: /^[1-9]\d{15}$/,
    // Women have 40 added to the day.
    check: (n) => isDay(Number(n.slice(8, 10)), Number(n.slice(6, 8)) % 40),
    words: 'nik\\b|ktp|nomor induk',
  },
  {
    of: 'th.id',
    lengths: [13],
    shape: /^[0-8]\d{12}$/,
    check: (n) =>
      (11 - (weighted(n, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(n, 12) &&
      !isOneDigit(n),
    alone: /^\d[- ]\d{4}[- ]\d{5}[- ]\d\d[- ]\d$/,
    words: 'บัตรประชาชน|เลขประจำตัว|thai (?:id|national)',
  },
  {
    of: 'pk.cnic',
    lengths: [13],
    shape: /^[1-7]\d{12}$/,
    alone: /^\d{5}-\d{7}-\d$/,
    words: 'cnic|nadra|nicop',
  },
  {
    of: 'il.id',
    lengths: [9],
    shape: /^\d{9}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    words: 'תעודת זהות|teudat zehut|israeli (?:id|identity)|mispar zehut',
  },
  {
    of: 'au.tfn',
    lengths: [8, 9],
    shape: /^\d{8,9}$/,
    check: (n) =>
      weighted(n, n.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0 &&
      !isOneDigit(n),
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
    of: 'za.id',
    lengths: [13],
    shape: /^\d{10}[0-2]\d{2}$/,
    check: (n) => isDayAt(n, 2, 4) && passesLuhn(n),
    words: '(?:sa|south african?) id|(?:id|identity) (?:number|no\\b)|identiteitsnommer',
  },
  {
    of: 'in.epic',
    lengths: [10],
    shape: /^[A-Z]{3}\d{7}$/,
    check: (n) => passesLuhn(n.slice(3)),
    words: 'epic\\b|voter|election card|elector',
  },
  {
    of: 'lk.nic',
    lengths: [10],
    // Women have 500 added to the day of the year.
    shape: /^\d\d(?:[05](?:0[1-9]|[1-9]\d)|[1267]\d\d|[38](?:[0-5]\d|6[0-6]))\d{4}[VX]$/,
    words: 'nic\\b|sri lanka',
  },
  {
    of: 'mu.nid',
    lengths: [14],
    shape: /^[A-Z]\d{12}[\dA-Z]$/,
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 13; at++) sum += (14 - at) * Number.parseInt(n.charAt(at), 36);
      return isDayAt(n, 3, 1) && (((17 - sum) % 17) + 17) % 17 === Number.parseInt(n.charAt(13), 36);
    },
    alone: /^[A-Z]\d{12}[\dA-Z]$/,
    words: 'nid\\b|national identity|mauriti',
  },
];
