import { digitAt, isDay, isDayAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

/** Two digits that the National Registration Department of Malaysia gives to no place. */
const NO_PLACE_OF_BIRTH = /^(?:00|1[7-9]|20|69|70|73|8[01]|9[4-7])/;

// The number of each letter, of which the first digit counts once and the second nine times.
const TAIWANESE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

export const EAST_ASIA: readonly NationalId[] = [
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
    groups: '',
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
    shape: /^(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[0-7]\d{13}$/,
    // The province and the district. Women have 40 added to the day.
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
    of: 'id.npwp',
    lengths: [15],
    shape: /^\d{15}$/,
    check: (n) => !isOneDigit(n.slice(0, 9)) && passesLuhn(n.slice(0, 9)),
    alone: /^\d\d\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}$/,
    weak: true,
    words: 'npwp|wajib pajak',
  },
  {
    of: 'jp.residence_card',
    lengths: [12],
    shape: /^[A-Z]{2}\d{8}[A-Z]{2}$/,
    words: '在留カード|residence card|zairyu',
  },
  {
    of: 'vn.cccd',
    lengths: [12],
    // Province, century and sex, year of birth.
    shape: /^0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}$/,
    weak: true,
    groups: '3-3-6|4-4-4',
    words:
      'c[ăa]n c[ưu][ớo]c|cccd|cmnd|[đd][ịi]nh danh|vietnam(?:ese)? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
  {
    of: 'vn.mst',
    lengths: [10],
    // Those of persons begin with 8.
    shape: /^8\d{9}$/,
    check: (n) => 10 - (weighted(n, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === digitAt(n, 9),
    groups: '',
    words: 'mst\\b|m[ãa] s[ốo] thu[ếe]',
  },
  {
    of: 'ph.sss',
    lengths: [10],
    shape: /^[03]\d{9}$/,
    weak: true,
    groups: '2-7-1',
    words: 'sss\\b|social security system',
  },
  {
    of: 'ph.philhealth',
    lengths: [12],
    shape: /^\d{12}$/,
    weak: true,
    alone: /^\d\d-\d{9}-\d$/,
    groups: '2-9-1',
    words: 'philhealth',
  },
  {
    of: 'ph.tin',
    lengths: [9, 12],
    shape: /^[1-9]\d{8}(?:\d{3})?$/,
    weak: true,
    groups: '3-3-3|3-3-3-3',
    words: 'tin\\b',
  },
  {
    of: 'mo.bir',
    lengths: [8],
    shape: /^[157]\d{7}$/,
    weak: true,
    words: 'bir\\b|maca[uo] (?:id\\b|identity|national (?:id|number)|citizen)|居民身份',
  },
];
