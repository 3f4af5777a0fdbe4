import type { DigitRun } from './digit-run.ts';
import { passesLuhn } from './national/check-digits.ts';
import type { PersonalData } from './personal-data.ts';
import { beginsWord, endsWord, wordsBefore } from './surroundings.ts';

/**
 * A payment card number (ISO/IEC 7812-1) that begins at a group of a run: 14 to 19 digits in one piece or
 * grouped as on a card (12 and 13 where a word near says so), with a range and length that an issuer has, and a correct check digit.
 */
export function cardAt(text: string, run: DigitRun, from: number, label: string): PersonalData | undefined {
  const first = run[from];
  if (first === undefined || !beginsWord(text, first.start) || first.gap === '.') return undefined;
  let digits = '';
  let shape = '';
  let longest: PersonalData | undefined;
  for (let i = from; i < run.length && i < from + MOST_GROUPS; i++) {
    const group = run[i];
    if (group === undefined) break;
    if (i > from && group.gap !== ' ' && group.gap !== '-') break;
    if (i > from + 1 && group.gap !== run[i - 1]?.gap) break;
    digits += group.digits;
    if (digits.length > MOST_DIGITS) break;
    shape += `${group.digits.length} `;
    if (i > from ? !SHAPES.test(shape) : digits.length < FEWEST_DIGITS) continue;
    // A decimal fraction follows: it is an amount.
    if (run[i + 1]?.gap === '.' || !endsWord(text, group.end)) continue;
    if (!isIssued(digits) || !passesLuhn(digits)) continue;
    // Such short cards are rare, article numbers and times in milliseconds are everywhere.
    if (digits.length < FEWEST_WITHOUT_CONTEXT && !CONTEXT.test(wordsBefore(text, first.start, label)))
      continue;
    longest = { kind: 'card', start: first.start, end: group.end };
  }
  return longest;
}

const FEWEST_DIGITS = 12;
const FEWEST_WITHOUT_CONTEXT = 14;
const MOST_DIGITS = 19;
const MOST_GROUPS = 5;
const SHAPES = /^(?:4 4 4 (?:[1-4] |4 [1-3] )|4 6 [45] |4 4 5 |6 1[03] |8 8 )$/;
const CONTEXT = /card|visa|credit|debit|payment|\bcc\b|\bpan\b/i;

interface IssuerRange {
  /** First and last prefix, of equal length. */
  readonly from: string;
  readonly to: string;
  readonly lengths: readonly number[];
}

const UP_TO_19: readonly number[] = [16, 17, 18, 19];
const UP_FROM_12: readonly number[] = [12, 13, 14, 15, ...UP_TO_19];

// The public ranges of the schemes: https://en.wikipedia.org/wiki/Payment_card_number
const ISSUERS: readonly IssuerRange[] = [
  { from: '4', to: '4', lengths: [13, 16, 19] }, // Visa
  { from: '51', to: '55', lengths: [16] }, // Mastercard
  { from: '2221', to: '2720', lengths: [16] },
  { from: '34', to: '34', lengths: [15] }, // American Express
  { from: '37', to: '37', lengths: [15] },
  { from: '300', to: '305', lengths: [14, 16, 19] }, // Diners Club
  { from: '3095', to: '3095', lengths: [14, 16, 19] },
  { from: '36', to: '36', lengths: [14, 16, 19] },
  { from: '38', to: '39', lengths: [14, 16, 19] },
  { from: '3528', to: '3589', lengths: UP_TO_19 }, // JCB
  { from: '1800', to: '1800', lengths: [15] },
  { from: '2131', to: '2131', lengths: [15] },
  { from: '6011', to: '6011', lengths: UP_TO_19 }, // Discover
  { from: '644', to: '649', lengths: UP_TO_19 },
  { from: '65', to: '65', lengths: UP_TO_19 },
  { from: '62', to: '62', lengths: UP_TO_19 }, // UnionPay
  { from: '81', to: '81', lengths: UP_TO_19 },
  { from: '2200', to: '2204', lengths: UP_TO_19 }, // Mir
  { from: '60', to: '60', lengths: [16] }, // RuPay, Hipercard
  { from: '508', to: '508', lengths: [16] },
  { from: '82', to: '82', lengths: [16] },
  { from: '9792', to: '9792', lengths: [16] }, // Troy
  { from: '5018', to: '5020', lengths: UP_FROM_12 }, // Maestro, Dankort
  { from: '5038', to: '5038', lengths: UP_FROM_12 },
  { from: '5060', to: '5061', lengths: [16, 18, 19] }, // Verve
  { from: '56', to: '58', lengths: UP_FROM_12 },
  { from: '6304', to: '6304', lengths: UP_FROM_12 },
  { from: '636', to: '639', lengths: UP_TO_19 }, // InterPayment, InstaPayment, Maestro
  { from: '67', to: '67', lengths: UP_FROM_12 },
];

function isIssued(digits: string): boolean {
  return ISSUERS.some(({ from, to, lengths }) => {
    if (!lengths.includes(digits.length)) return false;
    const prefix = digits.slice(0, from.length);
    return prefix >= from && prefix <= to;
  });
}
