import { isDayAt, passesLuhn, passesVerhoeff } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const SOUTH_ASIA: readonly NationalId[] = [
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
    of: 'in.epic',
    lengths: [10],
    shape: /^[A-Z]{3}\d{7}$/,
    check: (n) => passesLuhn(n.slice(3)),
    words: 'epic\\b|voter|election card|elector',
  },
  {
    of: 'pk.cnic',
    lengths: [13],
    shape: /^[1-7]\d{12}$/,
    alone: /^\d{5}-\d{7}-\d$/,
    words: 'cnic|nadra|nicop',
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
  {
    of: 'lk.nic_12',
    lengths: [12],
    // The whole year, and the day of the year, to which women have 500 added.
    shape: /^(?:19|20)\d\d(?:[05](?:0[1-9]|[1-9]\d)|[1267]\d\d|[38](?:[0-5]\d|6[0-6]))\d{5}$/,
    groups: '',
    words: 'nic\\b|sri lanka',
  },
  {
    of: 'in.uan',
    lengths: [12],
    shape: /^10\d{10}$/,
    weak: true,
    groups: '4-4-4',
    words: 'uan\\b|provident|epfo',
  },
  {
    of: 'in.passport',
    lengths: [8],
    shape: /^[A-PR-WY]\d{7}$/,
    weak: true,
    words: 'indian passport|passport (?:no|number)',
  },
  {
    of: 'bd.nid',
    lengths: [10, 13],
    shape: /^[1-9](?:\d{9}|\d{12})$/,
    weak: true,
    groups: '3-3-4',
    words: 'bangladeshi? (?:id\\b|identity|national (?:id|number)|citizen)|জাতীয় পরিচয়|nid\\b',
  },
];
