import type { PersonalData } from './personal-data.ts';

/** International bank account numbers (ISO 13616-1): length of the country, check digits modulo 97. */
export function findIbans(text: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  if (!LIKE_HEAD.test(text)) return found;
  for (const head of text.matchAll(HEAD)) {
    const end = endOfIban(text, head.index, head[0].slice(0, 2).toUpperCase());
    if (end !== undefined) found.push({ kind: 'iban', start: head.index, end });
  }
  return found;
}

const LIKE_HEAD = /[A-Za-z]{2}\d{2}/;
const HEAD = /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/g;

function endOfIban(text: string, start: number, country: string): number | undefined {
  const length = LENGTHS.get(country);
  if (length === undefined) return undefined;
  let compact = '';
  let at = start;
  for (; compact.length < length && at < text.length; at++) {
    const character = text[at] ?? '';
    if (ALPHANUMERIC.test(character)) compact += character;
    else if ((character !== ' ' && character !== '-') || !ALPHANUMERIC.test(text[at - 1] ?? '')) break;
  }
  if (compact.length < length || ALPHANUMERIC.test(text[at] ?? '')) return undefined;
  if (BANK_OF_LETTERS.has(country) && !LETTERS.test(compact.slice(4, 8))) return undefined;
  return remainder97(compact) === 1 ? at : undefined;
}

const ALPHANUMERIC = /^[A-Za-z0-9]$/;
const LETTERS = /^[A-Za-z]{4}$/;

function remainder97(iban: string): number {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

// Countries whose account numbers begin with the four letters of the bank (SWIFT IBAN Registry).
const BANK_OF_LETTERS: ReadonlySet<string> = new Set(
  'AZ BG BH GB GI IE IQ JO KW LC LV MT MU NI NL PK PS QA RO SC SV VG'.split(' '),
);

// SWIFT IBAN Registry, and the countries that use the format without being in it.
const LENGTHS: ReadonlyMap<string, number> = new Map(
  [
    'NO15 BE16',
    'BI27 DK18 FI18 FK18 FO18 GL18 NL18 SD18',
    'MK19 SI19',
    'AT20 BA20 EE20 KZ20 LT20 LU20 MN20 XK20',
    'CH21 HR21 LI21 LV21',
    'BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22',
    'AE23 GI23 IL23 IQ23 OM23 SO23 TL23',
    'AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24',
    'LY25 PT25 ST25 AO25 CV25 MZ25',
    'IR26 IS26 TR26 DZ26',
    'BF28 BJ28 CI28 ML28 SN28 CM27 CF27 CG27 GA27 GQ27 TD27 KM27 MG27 DJ27',
    'FR27 GR27 IT27 MC27 MR27 SM27',
    'AL28 AZ28 BY28 CY28 DO28 GT28 HN28 HU28 LB28 MA28 NE28 NI28 PL28 SV28 TG28',
    'BR29 EG29 PS29 QA29 UA29 GW25',
    'JO30 KW30 MU30 YE30',
    'MT31 SC31',
    'LC32',
    'RU33',
  ]
    .join(' ')
    .split(' ')
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);
