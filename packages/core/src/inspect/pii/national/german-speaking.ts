import { digitAt, isDay, passesLuhn, passesMod11And10, passesMrzCheck, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

export const GERMAN_SPEAKING: readonly NationalId[] = [
  {
    of: 'de.idnr',
    lengths: [11],
    shape: /^[1-9]\d{10}$/,
    check: (n) => hasOneRepeatedDigit(n.slice(0, 10)) && passesMod11And10(n),
    words: 'steuer-? ?(?:id|identifikation)|identifikationsnummer|id ?nr|tin|tax (?:id|identification)',
  },
  {
    of: 'de.svnr',
    lengths: [12],
    shape: /^\d{8}[A-Z]\d{3}$/,
    check: checksGermanInsurance,
    words: 'rentenversicherung|sozialversicherung|versicherungsnummer|sv-? ?(?:nr|nummer)|svnr|rvnr',
  },
  {
    of: 'de.ausweis',
    lengths: [10],
    shape: /^[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\d]{8}\d$/,
    check: passesMrzCheck,
    words: 'personalausweis|ausweis|reisepass|pass(?:port)?-? ?(?:nr|nummer|number|no)',
  },
  {
    of: 'de.reisepass',
    lengths: [9],
    // Its check digit stands in the machine-readable lines alone.
    shape: /^[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\d]{8}$/,
    check: (n) => /\d/.test(n),
    groups: '',
    words: 'reisepass|german passport|passnummer|ausweis',
  },
  {
    of: 'de.ausweis_zone',
    lengths: [26],
    shape: /^[CFGHJ-NPRTV-Z\d]{9}\d{15}D\d$/,
    // ICAO 9303-6: the number, the date of birth and that of expiry each have a digit, and all of it another one.
    check: (n) =>
      passesMrzCheck(n.slice(0, 10)) &&
      passesMrzCheck(n.slice(10, 17)) &&
      passesMrzCheck(n.slice(17, 24)) &&
      passesMrzCheck(n.slice(0, 24) + n.slice(25)),
    alone: /^\w{10}[- ]?\d{7}[- ]?\d{7}[- ]?D[- ]?\d$/,
    words: 'ausweis',
  },
  {
    of: 'de.kvnr',
    lengths: [10],
    shape: /^[A-Z]\d{9}$/,
    // Social Code V, section 290: the letter counts as its place in the alphabet.
    check: (n) => {
      const digits = String(n.charCodeAt(0) - 64).padStart(2, '0') + n.slice(1, 9);
      const sum = [...digits].reduce(
        (total, digit, at) => total + sumOfDigits(Number(digit) * (1 + (at % 2))),
        0,
      );
      return sum % 10 === digitAt(n, 9);
    },
    words:
      'kranken(?:versicherten|versicherungs|kassen)?-?(?:nr|nummer)|kvnr|versichertennummer|versicherten-?id',
  },
  {
    of: 'at.svnr',
    lengths: [10],
    shape: /^[1-9]\d{9}$/,
    check: (n) =>
      (3 * digitAt(n, 0) + 7 * digitAt(n, 1) + 9 * digitAt(n, 2) + weighted(n.slice(4), [5, 8, 4, 2, 1, 6])) %
        11 ===
        digitAt(n, 3) && isDay(Math.min(12, Number(n.slice(6, 8))), Number(n.slice(4, 6))),
    groups: '4-6',
    words: 'sozialversicherung|versicherungsnummer|sv-? ?(?:nr|nummer)|svnr|vsnr|vnr',
  },
  {
    of: 'at.tin',
    lengths: [9],
    shape: /^\d{9}$/,
    check: passesLuhn,
    alone: /^\d\d-\d{3}\/\d{4}$/,
    groups: '2-3-4|2-7',
    weak: true,
    words: 'abgabenkonto|steuernummer|finanzamt',
  },
  {
    of: 'ch.ahv',
    lengths: [13],
    shape: /^756\d{10}$/,
    check: (n) => (10 - (weighted(n, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === digitAt(n, 12),
    alone: /^756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d$/,
    words: 'ahv|avs|navs|oasi|sozialversicherung|assurance vieillesse',
  },
  {
    of: 'de.stnr',
    lengths: [10, 11],
    shape: /^\d{10,11}$/,
    weak: true,
    groups: '2-3-5|3-3-5|3-4-4|3-3-4',
    alone: /^\d{2,3}\/\d{3}\/\d{5}$/,
    words: 'steuernummer|st\\.?-?nr',
  },
];

/** Ten digits of which exactly one comes twice or three times. */
function hasOneRepeatedDigit(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3;
}

function checksGermanInsurance(n: string): boolean {
  const letter = String(n.charCodeAt(8) - 64).padStart(2, '0');
  const digits = n.slice(0, 8) + letter + n.slice(9, 11);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = weights.reduce((total, weight, at) => {
    const product = weight * digitAt(digits, at);
    return total + sumOfDigits(product);
  }, 0);
  return sum % 10 === digitAt(n, 11);
}

function sumOfDigits(twoDigits: number): number {
  return Math.floor(twoDigits / 10) + (twoDigits % 10);
}
