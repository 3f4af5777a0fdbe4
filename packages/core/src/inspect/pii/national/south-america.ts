import { digitAt, isOneDigit, passesLuhn, weighted } from './check-digits.ts';
import type { NationalId } from './national-id.ts';

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

export const SOUTH_AMERICA: readonly NationalId[] = [
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
    of: 'br.pis',
    lengths: [11],
    shape: /^[12]\d{10}$/,
    check: (n) => {
      const rest = weighted(n, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return !isOneDigit(n) && (rest < 2 ? 0 : 11 - rest) === digitAt(n, 10);
    },
    alone: /^\d{3}\.\d{5}\.\d\d-\d$/,
    words: 'pis\\b|pasep|nis\\b|nit\\b|inss',
  },
  {
    of: 'br.titulo_eleitor',
    lengths: [12],
    shape: /^\d{8}(?:0[1-9]|1\d|2[0-8])\d\d$/,
    check: (n) => {
      const first = (weighted(n, [2, 3, 4, 5, 6, 7, 8, 9]) % 11) % 10;
      const second = ((7 * digitAt(n, 8) + 8 * digitAt(n, 9) + 9 * first) % 11) % 10;
      return first === digitAt(n, 10) && second === digitAt(n, 11);
    },
    groups: '4-4-4|10-2',
    words: 't[íi]tulo (?:de )?eleitor|inscri[çc][ãa]o eleitoral|voter',
  },
  {
    of: 'br.cns',
    lengths: [15],
    shape: /^[12789]\d{14}$/,
    check: (n) =>
      weighted(n, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && !isOneDigit(n),
    groups: '3-4-4-4',
    words: 'cns\\b|cart[ãa]o (?:nacional de sa[úu]de|sus)|sus\\b',
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
    of: 'ar.dni',
    lengths: [8],
    shape: /^[1-9]\d{7}$/,
    weak: true,
    groups: '2-3-3',
    words: 'dni\\b|documento nacional',
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
    weak: true,
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
    of: 'ec.ruc',
    lengths: [13],
    // Of persons: their cédula and the number of the establishment.
    shape: /^(?:[01]\d|2[0-4]|30)[0-5]\d{7}\d{3}$/,
    check: (n) => !n.endsWith('000') && passesLuhn(n.slice(0, 10)),
    groups: '10-3',
    words: 'ruc\\b',
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
    weak: true,
    words: 'c[ée]dula|documento de identidad',
  },
  {
    of: 'pe.ruc',
    lengths: [11],
    shape: /^(?:10|15|17|20)\d{9}$/,
    check: (n) => (11 - (weighted(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(n, 10),
    words: 'ruc\\b',
  },
  {
    of: 'pe.dni',
    lengths: [9],
    shape: /^\d{8}[\dA-K]$/,
    check: (n) => {
      const rest = weighted(n, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      return '65432110987'[rest] === n[8] || 'KJIHGFEDCBA'[rest] === n[8];
    },
    alone: /^\d{8}-[A-K]$/,
    groups: '8-1',
    weak: true,
    words: 'dni\\b|cui\\b|documento nacional',
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
    weak: true,
    words: 'nit\\b|identificaci[óo]n tributaria',
  },
  {
    of: 'co.cedula',
    lengths: [8, 10],
    shape: /^(?:[1-9]\d{7}|1\d{9})$/,
    weak: true,
    groups: '2-3-3|1-3-3-3',
    words: 'c[ée]dula de ciudadan|c\\.?c\\.? n',
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
    of: 've.cedula',
    lengths: [8, 9],
    shape: /^[VE]\d{7,8}$/,
    weak: true,
    words: 'c[ée]dula|c\\.?i\\.? ?n|venezuelan? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
  {
    of: 'bo.ci',
    lengths: [7, 8, 9, 10, 11, 12],
    shape: /^\d{5,8}(?:LP|CB|SC|OR|PT|PO|TJ|CH|BE|BN|PA|PD)[A-Z\d]{0,2}$/,
    words: 'c[ée]dula|carnet|c\\.?i\\.? n',
  },
  {
    of: 'py.ruc',
    lengths: [7, 8, 9],
    shape: /^[1-9]\d{6,8}$/,
    check: (n) => {
      const body = [...n.slice(0, -1)].toReversed().join('');
      return (
        ((11 - (weighted(body, [2, 3, 4, 5, 6, 7, 8, 9].slice(0, body.length)) % 11)) % 11) % 10 ===
        digitAt(n, n.length - 1)
      );
    },
    weak: true,
    groups: '6-1|7-1|8-1',
    words: 'ruc ?(?:n|:)|paraguayan? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
  {
    of: 'py.cedula',
    lengths: [5, 6, 7],
    shape: /^[1-9]\d{4,6}$/,
    weak: true,
    groups: '2-3|3-3|1-3-3',
    words: 'c[ée]dula|paraguayan? (?:id\\b|identity|national (?:id|number)|citizen)',
  },
];
