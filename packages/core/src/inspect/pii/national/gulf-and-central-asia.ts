import { digitAt, isDayAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const GULF_AND_CENTRAL_ASIA: readonly NationalId[] = [
  {
    of: 'ae.emirates_id',
    lengths: [15],
    shape: /^784(?:19|20)\d{10}$/,
    check: passesLuhn,
    alone: /^784-\d{4}-\d{7}-\d$/,
    words: 'emirates id|\\beid\\b|الهوية',
  },
  {
    of: 'sa.id',
    lengths: [10],
    shape: /^[12]\d{9}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    words: 'iqama|saudi (?:id|national)|الهوية|إقامة',
  },
  {
    of: 'kw.civil_id',
    lengths: [12],
    shape: /^[1-3]\d{11}$/,
    check: (n) =>
      isDayAt(n, 3, 5) && 11 - (weighted(n, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === digitAt(n, 11),
    words: 'civil id|kuwaiti? (?:id|civil)|البطاقة المدنية',
  },
  {
    of: 'ir.kod_melli',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => {
      const rest = weighted(n, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return !isOneDigit(n) && (rest < 2 ? rest : 11 - rest) === digitAt(n, 9);
    },
    groups: '3-6-1',
    weak: true,
    words: 'کد ملی|شماره ملی|kod-?e? ?melli|iranian (?:id|national)',
  },
  {
    of: 'kz.iin',
    lengths: [12],
    shape: /^\d{6}[0-6]\d{5}$/,
    check: (n) => {
      const first = weighted(n, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
      const second = weighted(n, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
      return isDayAt(n, 2, 4) && (first < 10 ? first : second) === digitAt(n, 11);
    },
    groups: '',
    words: 'иин|жсн|iin\\b',
  },
  {
    of: 'uz.pinfl',
    lengths: [14],
    shape: /^[3-6]\d{13}$/,
    check: (n) =>
      isDayAt(n, 3, 1) && weighted(n, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]) % 10 === digitAt(n, 13),
    groups: '',
    words: 'пинфл|pinfl|jshshir|жшшир',
  },
  {
    of: 'qa.qid',
    lengths: [11],
    shape: /^[23]\d{10}$/,
    weak: true,
    groups: '',
    words: 'qid\\b|qatari? (?:id\\b|identity|national (?:id|number)|citizen)|الرقم الشخصي',
  },
  {
    of: 'bh.cpr',
    lengths: [9],
    // Year and month of birth.
    shape: /^\d\d(?:0[1-9]|1[0-2])\d{5}$/,
    weak: true,
    groups: '',
    words: 'bahraini? (?:id\\b|identity|national (?:id|number)|citizen)|cpr\\b|الرقم الشخصي',
  },
  {
    of: 'jo.nid',
    lengths: [10],
    shape: /^[29]\d{9}$/,
    weak: true,
    groups: '',
    words: 'jordan(?:ian)? (?:id\\b|identity|national (?:id|number)|citizen)|الرقم الوطني',
  },
  {
    of: 'kg.pin',
    lengths: [14],
    // 1 or 2 for the sex, and the date of birth.
    shape: /^[12]\d{4}(?:19|20)\d{7}$/,
    check: (n) => isDayAt(n, 3, 1),
    groups: '',
    words: 'кыргыз|пин(?!\\p{L})|kyrgyz|персональный идентификационный',
  },
  {
    of: 'ge.pn',
    lengths: [11],
    shape: /^[0-6]\d{10}$/,
    weak: true,
    groups: '',
    words: 'პირადი|georgian? (?:id|personal)',
  },
  {
    of: 'il.id',
    lengths: [9],
    shape: /^\d{9}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    words: 'תעודת זהות|teudat zehut|israeli (?:id|identity)|mispar zehut',
  },
];
