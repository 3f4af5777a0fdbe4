import {
  digitAt,
  isDay,
  isDayAt,
  isOneDigit,
  passesLuhn,
  passesMod11And10,
  passesVerhoeff,
  remainder,
  weighted,
} from './check-digits.ts';
import type { NationalId } from './national-id.ts';

/** Prefixes that no national insurance number has. */
const NEVER_GIVEN = /^(?:BG|GB|NK|KN|TN|NT|ZZ)/;

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

export const WESTERN_EUROPE: readonly NationalId[] = [
  {
    of: 'gb.nino',
    lengths: [9],
    shape: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/,
    check: (n) => !NEVER_GIVEN.test(n),
    alone: /^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]$/,
    words: 'national insurance|nino|ni (?:number|no)',
  },
  {
    of: 'gb.nhs',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) =>
      !isOneDigit(n) && (11 - (weighted(n, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(n, 9),
    groups: '3-3-4',
    words: 'nhs|national health',
  },
  {
    of: 'gb.utr',
    lengths: [10],
    shape: /^\d{10}$/,
    check: (n) => '21987654321'[weighted(n.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === n[0],
    groups: '5-5',
    words: 'utr|unique taxpayer',
  },
  {
    of: 'ie.pps',
    lengths: [8, 9],
    shape: /^\d{7}[A-W][ABHWTX]?$/,
    check: (n) => {
      const second =
        n.length === 9 && n[8] !== 'W' && n[8] !== 'T' && n[8] !== 'X' ? n.charCodeAt(8) - 64 : 0;
      return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(n, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === n[7];
    },
    words: 'ppsn?|personal public service|rsi',
  },
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
    check: (n) => {
      let sum = 0;
      for (let at = 0; at < 9; at++) sum += Number.parseInt(n.charAt(at), 36) * ([7, 3, 1][at % 3] ?? 0);
      return sum % 10 === digitAt(n, 9);
    },
    words: 'personalausweis|ausweis|reisepass|pass(?:port)?-? ?(?:nr|nummer|number|no)',
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
    of: 'ch.ahv',
    lengths: [13],
    shape: /^756\d{10}$/,
    check: (n) => (10 - (weighted(n, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === digitAt(n, 12),
    alone: /^756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d$/,
    words: 'ahv|avs|navs|oasi|sozialversicherung|assurance vieillesse',
  },
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
    shape: /^\d{9}[A-Z\d]{2}\d$/,
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
    of: 'it.codice_fiscale',
    lengths: [16],
    shape: /^[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/,
    check: checksItalianCode,
    alone: /^[A-Z]{3} ?[A-Z]{3} ?\w{2}[A-Z]\w{2} ?[A-Z]\w{3} ?[A-Z]$/,
    words: 'codice fiscale|cod\\.? ?fisc',
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
  {
    of: 'de.stnr',
    lengths: [10, 11],
    shape: /^\d{10,11}$/,
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
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return sum % 10 === digitAt(n, 11);
}

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
