import { lengthsOf, MOST_DIGITS } from './calling-code.ts';
import type { DigitGroup, DigitRun } from './digit-run.ts';
import type { PersonalData } from './personal-data.ts';
import { isDirectlyNamedPhone, isNamedPhone } from './phone-words.ts';
import { beginsWord, endsWord, WORDS_REACH } from './surroundings.ts';

/**
 * The telephone numbers of a run: international ones (ITU-T E.164), those of the North American plan, those
 * in a grouping that little else is written in, and any other where a word near says that it is one.
 */
export function findPhones(text: string, run: DigitRun, label: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  for (let from = 0; from < run.length; from++) {
    const first = run[from];
    if (first === undefined || !mayBegin(text, first)) continue;
    const last = lastGroup(text, run, from, label);
    const end = last === undefined ? undefined : run[last]?.end;
    if (last === undefined || end === undefined) continue;
    const extension = endOfExtension(text, end);
    if (extension === end && !endsWord(text, end)) continue;
    found.push({ kind: 'phone', start: startOf(text, first), end: extension });
    from = last;
  }
  return found;
}

/** Index of the group that the longest number from a group on ends with. */
type Reading = (text: string, run: DigitRun, from: number, label: string) => number | undefined;

const READINGS: readonly Reading[] = [international, northAmerican, national, named];

function lastGroup(...at: Parameters<Reading>): number | undefined {
  for (const reading of READINGS) {
    const last = reading(...at);
    if (last !== undefined) return last;
  }
  return undefined;
}

function mayBegin(text: string, first: DigitGroup): boolean {
  if (isTight(first)) return false;
  return beginsWord(text, first.start) && !NEVER_BEFORE.test(text[first.start - 1] ?? '');
}

const NEVER_BEFORE = /[$€£¥]/;

function startOf(text: string, { start }: DigitGroup): number {
  if (text[start - 1] !== '+') return text[start - 1] === '(' ? start - 1 : start;
  return text[start - 2] === '(' ? start - 2 : start - 1;
}

function endOfExtension(text: string, end: number): number {
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}

const EXTENSION = /[ ,;]{0,2}(?:extension|ext\.?|x)[ .:]{0,2}\d{1,6}(?![A-Za-z0-9])/iy;

/** `+44 20 7946 0958`, `+41 (0)44 668 18 00`, and `00` for the `+`. */
function international(text: string, run: DigitRun, from: number, label: string): number | undefined {
  const first = run[from];
  if (first === undefined) return undefined;
  const plus = text[first.start - 1] === '+' && !/[\dA-Za-z+]/.test(text[first.start - 2] ?? '');
  if (!plus && !first.digits.startsWith('00')) return undefined;
  let digits = plus ? first.digits : first.digits.slice(2);
  let last: number | undefined;
  for (let i = from; i < run.length; i++) {
    const group = run[i];
    if (group === undefined || (i > from && group.gap === '/')) break;
    const trunk = group.digits === '0' && group.gap?.endsWith('(');
    if (i > from && !trunk) digits += group.digits;
    const lengths = lengthsOf(digits);
    if (digits.length > (lengths?.[1] ?? MOST_DIGITS)) break;
    if (lengths !== undefined && digits.length >= lengths[0]) last = i;
  }
  if (plus || last === undefined || last > from) return last;
  return isDirectlyNamedPhone(text, first.start, first.end, label) ? last : undefined;
}

/** `(555) 010-1234`, `555-010-1234`, `1.555.010.1234`; with blanks alone only where a word says so. */
function northAmerican(text: string, run: DigitRun, from: number, label: string): number | undefined {
  const prefixed = run[from]?.digits === '1';
  const area = run[prefixed ? from + 1 : from];
  const exchange = run[prefixed ? from + 2 : from + 1];
  const lineAt = prefixed ? from + 3 : from + 2;
  const line = run[lineAt];
  if (area === undefined || exchange === undefined || line === undefined) return undefined;
  if (!AREA.test(area.digits) || exchange.digits.length !== 3 || line.digits.length !== 4) return undefined;
  if (!PLAN_GAPS.test(`${exchange.gap}|${line.gap}`) || isTight(run[lineAt + 1])) return undefined;
  const shaped = exchange.gap !== ' ' || line.gap !== ' ';
  const joined = text[(run[from]?.start ?? 0) - 1] === '-';
  return (shaped && !joined) || isNamedPhone(text, area.start, line.end, label) ? lineAt : undefined;
}

const AREA = /^[2-9]\d\d$/;
const PLAN_GAPS = /^(?:-\|-|\.\|\.| \|[- ]|\)[ .-]?\|[ .-])$/;

/** Whether a group belongs to the number before it, as in a longer code. */
function isTight(group: DigitGroup | undefined): boolean {
  return group?.gap === '-' || group?.gap === '.';
}

/** Numbers with a trunk prefix `0`, in groupings that are customary for them and rare for anything else. */
function national(text: string, run: DigitRun, from: number): number | undefined {
  const first = run[from];
  const second = run[from + 1];
  if (from !== 0 || first === undefined || second === undefined || !/^0[1-9]/.test(first.digits)) {
    return undefined;
  }
  const last = run.length - 1;
  if (text[first.start - 1] === '(' && second.gap?.startsWith(')')) {
    const count = countDigits(run);
    return count >= 9 && count <= 11 && run.length <= 5 ? last : undefined;
  }
  if (run.some(({ gap }) => gap !== undefined && gap !== second.gap)) return undefined;
  if (second.gap !== ' ' && second.gap !== '.' && second.gap !== '-') return undefined;
  if (isYear(second) || text[first.start - 1] === '-') return undefined;
  const shape = run.length > 5 ? '' : run.map(({ digits }) => digits.length).join(' ');
  if (shape === '2 2 2 2 2') return isCounting(run) || second.gap === '-' ? undefined : last;
  return GROUPINGS.has(shape) && second.gap !== '.' ? last : undefined;
}

const GROUPINGS: ReadonlySet<string> = new Set(['2 4 4', '3 4 4', '4 3 3', '4 3 4', '5 3 3', '5 6']);

/** Any grouping, where a word says what it is. */
function named(text: string, run: DigitRun, from: number, label: string): number | undefined {
  const first = run[from];
  if (first === undefined || isDottedQuad(run, from) || isDecimal(run, from)) return undefined;
  let digits = 0;
  let last: number | undefined;
  for (let i = from; i < run.length; i++) {
    const group = run[i];
    if (group === undefined || isDate(run, i)) break;
    if (i > from && group.digits.length > LONGEST_OF_SEVERAL) break;
    digits += group.digits.length;
    if (digits > MOST_DIGITS) break;
    if (digits >= FEWEST_NATIONAL && !isTight(run[i + 1])) last = i;
    if (first.digits.length > LONGEST_OF_SEVERAL) break;
  }
  if (last === undefined) return undefined;
  // Within a run there are no words, so only its beginning and its end can be near one.
  const near = first.start - (run[0]?.start ?? 0) < WORDS_REACH || last === run.length - 1;
  if (!near) return undefined;
  const end = run[last]?.end ?? first.end;
  const says = last > from ? isNamedPhone : isDirectlyNamedPhone;
  return says(text, first.start, end, label) ? last : undefined;
}

/** Fewest digits of a national number without its area. Shorter ones are taken for something else. */
const FEWEST_NATIONAL = 7;
/** Two numbers beside each other have longer groups than one that is written in groups. */
const LONGEST_OF_SEVERAL = 8;

function countDigits(run: DigitRun): number {
  return run.reduce((sum, { digits }) => sum + digits.length, 0);
}

function isCounting(run: DigitRun): boolean {
  return run.every(({ digits }, i) => i === 0 || Number(digits) === Number(run[i - 1]?.digits) + 1);
}

function isYear(group: DigitGroup | undefined): boolean {
  return group !== undefined && /^(?:19|20)\d\d$/.test(group.digits);
}

/** `2024-01-31`, `31.01.2024` and `20240131`. */
function isDate(run: DigitRun, at: number): boolean {
  const [first, second, third] = [run[at], run[at + 1], run[at + 2]];
  if (first === undefined) return false;
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(first.digits)) return true;
  if (second === undefined || third === undefined || second.digits.length > 2) return false;
  return (
    (isYear(first) && third.digits.length <= 2 && second.gap === third.gap) ||
    (isYear(third) && first.digits.length <= 2 && second.gap === third.gap)
  );
}

function isDottedQuad(run: DigitRun, from: number): boolean {
  const quad = run.slice(from, from + 4);
  return (
    quad.length === 4 && quad.every(({ digits, gap }, i) => digits.length <= 3 && (i === 0 || gap === '.'))
  );
}

/** `34.861158` */
function isDecimal(run: DigitRun, from: number): boolean {
  return run[from + 1]?.gap === '.' && run[from + 2]?.gap !== '.';
}
