import type { DigitRun } from './digit-run.ts';
import type { PersonalData } from './personal-data.ts';
import { beginsWord, endsWord, wordsAfter, wordsBefore } from './surroundings.ts';

/**
 * A social security number of the United States that begins at a group of a run. `219-45-1234` is one by
 * its shape; in other spellings, and without separators, a word near it must say so.
 */
export function ssnAt(text: string, run: DigitRun, from: number, label: string): PersonalData | undefined {
  const first = run[from];
  if (first === undefined || !beginsWord(text, first.start)) return undefined;
  if (first.gap !== undefined && first.gap !== ' ') return undefined;
  if (first.digits.length === 9) {
    const next = run[from + 1]?.gap;
    if (next === '-' || next === '.' || !endsWord(text, first.end)) return undefined;
    return isAssignable(first.digits) && isNamed(text, first.start, first.end, label)
      ? { kind: 'ssn', start: first.start, end: first.end }
      : undefined;
  }
  const group = run[from + 1];
  const serial = run[from + 2];
  if (group === undefined || serial === undefined) return undefined;
  if (first.digits.length !== 3 || group.digits.length !== 2 || serial.digits.length !== 4) return undefined;
  const separator = group.gap;
  if (separator !== serial.gap || (separator !== '-' && separator !== ' ' && separator !== '.')) {
    return undefined;
  }
  const next = run[from + 3]?.gap;
  if (next === '-' || next === '.' || !endsWord(text, serial.end)) return undefined;
  // Part of a longer code, such as `A-219-45-1234`.
  const joined = from === 0 && text[first.start - 1] === '-';
  if (!isAssignable(first.digits + group.digits + serial.digits)) return undefined;
  if ((separator !== '-' || joined) && !isNamed(text, first.start, serial.end, label)) return undefined;
  return { kind: 'ssn', start: first.start, end: serial.end };
}

/** No area 000, 666 or 900 to 999, no group 00, no serial 0000 (SSA, POMS RM 10201.035). */
function isAssignable(digits: string): boolean {
  return ASSIGNABLE.test(digits);
}

const ASSIGNABLE = /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/;

const NAMES = /\bssns?\b|\bss ?#|social.{0,3}security|\bsoc\.? ?sec/i;

function isNamed(text: string, start: number, end: number, label: string): boolean {
  return NAMES.test(wordsBefore(text, start, label)) || NAMES.test(wordsAfter(text, end));
}
