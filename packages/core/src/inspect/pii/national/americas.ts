import { digitAt, isDayAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

const CURP_DIGITS = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
const MEXICAN_STATES =
  'AS|BC|BS|CC|CL|CM|CS|CH|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE';

/** Two check digits modulo 11, of weights that fall to 2, as in the numbers of Brazil. */
function checksBrazilian(n: string, cycle: number): boolean {
  const value = (at: number): number => n.charCodeAt(at) - 48;
  for (const length of [n.length - 2, n.length - 1]) {
    let sum = 0;
    for (let at = 0; at < length; at++) sum += value(at) * (((length - 1 - at) % cycle) + 2);
    const rest = sum % 11;
    if ((rest < 2 ? 0 : 11 - rest) !== value(length)) return false;
  }
  return !isOneDigit(n);
}

export const AMERICAS: readonly NationalId[] = [
  {
    of: 'us.itin',
    lengths: [9],
    shape: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    alone: /^9\d\d-\d\d-\d{4}$/,
    words: 'itin|taxpayer identification|tax id',
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
    of: 'ca.sin',
    lengths: [9],
    shape: /^[0-79]\d{8}$/,
    check: (n) => !isOneDigit(n) && passesLuhn(n),
    groups: '3-3-3',
    words: 'sin\\b|social insurance|assurance sociale|nas\\b',
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
    of: 'br.cpf',
    lengths: [11],
    shape: /^\d{11}$/,
    check: (n) => checksBrazilian(n, 11),
    alone: /^\d{3}\.\d{3}\.\d{3}-\d\d$/,
    words: 'cpf|cadastro de pessoa',
  },
  {
    of: 'br.cnpj',
    lengths: [14],
    shape: /^[A-Z\d]{12}\d\d$/,
    check: (n) => checksBrazilian(n, 8),
    alone: /^[A-Z\d]{2}\.[A-Z\d]{3}\.[A-Z\d]{3}\/[A-Z\d]{4}-\d\d$/,
    words: 'cnpj|pessoa jur[íi]dica',
  },
  {
    of: 'ar.cuit',
    lengths: [11],
    shape: /^(?:2[03-7]|3[034])\d{9}$/,
    check: (n) => {
      const check = 11 - (weighted(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
      return check % 11 === digitAt(n, 10);
    },
    alone: /^\d\d-\d{8}-\d$/,
    words: 'cui[tl]',
  },
  {
    of: 'cl.rut',
    lengths: [8, 9],
    shape: /^\d{7,8}[\dK]$/,
    check: (n) => {
      let sum = 0;
      for (let at = n.length - 2, weight = 2; at >= 0; at--, weight = weight === 7 ? 2 : weight + 1)
        sum += weight * digitAt(n, at);
      return '0123456789K0'[11 - (sum % 11)] === n.at(-1);
    },
    alone: /^\d{1,2}\.\d{3}\.\d{3}-[\dK]$/,
    words: 'ru[tn]\\b|rol [úu]nico',
  },
  {
    of: 'ec.cedula',
    lengths: [10],
    shape: /^(?:[01]\d|2[0-4]|30)[0-5]\d{7}$/,
    check: passesLuhn,
    groups: '9-1',
    words: 'c[ée]dula',
  },
  {
    of: 'uy.cedula',
    lengths: [7, 8],
    shape: /^\d{7,8}$/,
    check: (n) => {
      const eight = n.padStart(8, '0');
      return (10 - (weighted(eight, [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 === digitAt(eight, 7);
    },
    alone: /^\d\.\d{3}\.\d{3}-\d$/,
    words: 'c[ée]dula|documento de identidad',
  },
  {
    of: 'do.cedula',
    lengths: [11],
    shape: /^\d{11}$/,
    check: passesLuhn,
    alone: /^\d{3}-\d{7}-\d$/,
    words: 'c[ée]dula',
  },
  {
    of: 'pe.ruc',
    lengths: [11],
    shape: /^(?:10|15|17|20)\d{9}$/,
    check: (n) => (11 - (weighted(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(n, 10),
    words: 'ruc\\b',
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
    of: 'gt.cui',
    lengths: [13],
    shape: /^\d{9}(?:0[1-9]|1\d|2[0-2])\d\d$/,
    check: (n) => !isOneDigit(n) && weighted(n, [2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(n, 8),
    groups: '4-5-4',
    words: 'cui\\b|dpi\\b|identificaci[óo]n',
  },
  {
    of: 'co.nit',
    lengths: [9, 10, 11],
    shape: /^[1-9]\d{8,10}$/,
    check: (n) => {
      const body = [...n.slice(0, -1)].toReversed().join('');
      return (
        '01987654321'[weighted(body, [3, 7, 13, 17, 19, 23, 29, 37, 41, 43].slice(0, body.length)) % 11] ===
        n.at(-1)
      );
    },
    alone: /^\d{3}\.\d{3}\.\d{3}-\d$/,
    groups: '3-3-3-1|1-3-3-3-1|2-3-3-1|9-1|10-1|8-1',
    words: 'nit\\b|identificaci[óo]n tributaria',
  },
  {
    of: 've.rif',
    lengths: [10],
    shape: /^[VE]\d{9}$/,
    check: (n) => {
      const letter = n.startsWith('V') ? 4 : 8;
      return '00987654321'[(letter + weighted(n.slice(1), [3, 2, 7, 6, 5, 4, 3, 2])) % 11] === n[9];
    },
    alone: /^[VE]-\d{8}-\d$/,
    words: 'rif\\b|c[ée]dula|registro de informaci[óo]n fiscal',
  },
  {
    of: 'sv.nit',
    lengths: [14],
    shape: /^\d{14}$/,
    check: (n) => isDayAt(n, 6, 4),
    alone: /^\d{4}-\d{6}-\d{3}-\d$/,
    groups: '4-6-3-1',
    words: 'nit\\b|identificaci[óo]n tributaria',
  },
  {
    of: 'bo.ci',
    lengths: [7, 8, 9, 10, 11, 12],
    shape: /^\d{5,8}(?:LP|CB|SC|OR|PT|PO|TJ|CH|BE|BN|PA|PD)[A-Z\d]{0,2}$/,
    words: 'c[ée]dula|carnet|c\\.?i\\.? n',
  },
];
