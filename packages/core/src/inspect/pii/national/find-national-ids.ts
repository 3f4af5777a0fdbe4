import type { DigitRun } from '../digit-run.ts';
import type { PersonalData } from '../personal-data.ts';
import { beginsWord, endsWord, wordsAfter, wordsBefore } from '../surroundings.ts';
import { idsOf, isDivided, namedBy } from './national-ids.ts';

const FEWEST_DIGITS = 8;
const MOST_DIGITS = 16;
const MOST_GROUPS = 7;
const GAPS: ReadonlySet<string> = new Set([' ', '-', '.', '/']);

/** The longest national number of digits alone that begins at a group of a run. */
export function nationalIdAt(
  text: string,
  run: DigitRun,
  from: number,
  label: string,
): PersonalData | undefined {
  const first = run[from];
  if (first === undefined || !beginsWord(text, first.start) || isTight(first.gap)) return undefined;
  if (from === 0 && JOINED.test(text[first.start - 1] ?? '')) return undefined;
  let digits = '';
  let longest: PersonalData | undefined;
  for (let i = from; i < run.length && i < from + MOST_GROUPS; i++) {
    const group = run[i];
    if (group === undefined || (i > from && !GAPS.has(group.gap ?? ''))) break;
    digits += group.digits;
    if (digits.length > MOST_DIGITS) break;
    if (digits.length < FEWEST_DIGITS || isTight(run[i + 1]?.gap) || !endsWord(text, group.end)) continue;
    const of = idAt(text, first.start, group.end, digits, label);
    if (of !== undefined) longest = { kind: 'national_id', of, start: first.start, end: group.end };
  }
  return longest;
}

/** Whether a number goes on across a gap, as a longer code or a decimal fraction does. */
function isTight(gap: string | undefined): boolean {
  return gap === '-' || gap === '.' || gap === '/';
}

// Behind these a number is a part of a longer code, an amount, or the part of a URL.
const JOINED = /[-+_$€£¥#=/]/;

/** Spellings with letters, and with signs that no other number is divided by. */
const LETTERED: readonly string[] = [
  '\\d{9}[A-Z]{2}\\d{3}',
  '\\d{12}[A-Z]',
  '[CGPQV]00\\d{7}[\\dX]',
  '[A-Z]{3} ?\\d{6}',
  '[1-6]\\d{6}[ABCEHKM]\\d{3}(?:PB|BA|BI)\\d',
  '\\d{5,8}-(?:LP|CB|SC|OR|PT|PO|TJ|CH|BE|BN|PA|PD)(?:-[A-Z\\d]{1,2})?',
  '[A-Z]{4}-\\d{6}-[A-Z\\d]{3}',
  '[A-Z]{2} ?\\d\\d ?\\d\\d ?\\d\\d ?[A-D]',
  '\\d{7,8}[- ]?[A-Z]{1,2}',
  '\\d\\d\\.\\d{3}\\.\\d{3}[- ]?[A-Z]',
  '[XYZ][- ]?\\d{7}[- ]?[A-Z]',
  '[A-Z]{3} ?[A-Z]{3} ?[\\dA-Z]{2}[A-Z][\\dA-Z]{2} ?[A-Z][\\dA-Z]{3} ?[A-Z]',
  '[12] ?\\d\\d ?\\d\\d ?2[AB] ?\\d{3} ?\\d{3} ?\\d\\d',
  '\\d\\d ?\\d{6} ?[A-Z] ?\\d\\d\\d',
  '[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\\d]{8}\\d',
  '\\d{8} \\d [A-Z\\d]{2}\\d',
  '\\d{9}[A-Z\\d]{2}\\d',
  '\\d{6}[-+A-FU-Y]\\d{3}[\\dA-FHJ-NPR-Y]',
  '\\d{6}(?:\\d\\d)?\\+\\d{4}',
  '[1-9][A-Z][A-Z\\d]\\d-?[A-Z][A-Z\\d]\\d-?[A-Z]{2}\\d\\d',
  '[A-Z]{4}\\d{6}(?:[A-Z\\d]{3}|[A-Z]{6}[A-Z\\d]\\d)',
  '[A-Z\\d]{2}\\.[A-Z\\d]{3}\\.[A-Z\\d]{3}/[A-Z\\d]{4}-\\d\\d',
  '\\d{1,2}\\.\\d{3}\\.\\d{3}-K',
  '\\d{7,8}-?K',
  '[A-Z]{5}\\d{4}[A-Z]',
  '\\d{17}X',
  '[A-Z](?:-?\\d{8}-?\\d|\\d{9})',
  '[A-Z]{3}\\d{7}',
  '\\d{9}[VX]',
  '[A-Z]\\d{12}[A-Z\\d]',
  '[STFGM]\\d{7}[A-Z]',
  '[A-Z]{1,2}\\d{6}(?:\\([\\dA]\\)|[\\dA])',
];

// Linear: every alternative is of bounded length.
const LETTERED_ID = new RegExp(
  `(?:(?<![A-Za-z0-9_.$+-])|(?<=\\\\[nrt]))(?:${LETTERED.join('|')})(?![A-Za-z0-9_-])`,
  'gi',
);

/** National numbers that are written with letters. Takes time linear in the text. */
export function findLetteredIds(text: string, label: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  for (const match of text.matchAll(LETTERED_ID)) {
    const [written] = match;
    if (!DIGIT.test(written)) continue;
    const end = match.index + written.length;
    const of = idAt(text, match.index, end, compactOf(written), label);
    if (of !== undefined) found.push({ kind: 'national_id', of, start: match.index, end });
  }
  return found;
}

const DIGIT = /\d/;

function compactOf(written: string): string {
  return written.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
}

/** Which number it is; undefined where its spelling could be anything and no word says what it is. */
function idAt(text: string, start: number, end: number, compact: string, label: string): string | undefined {
  const written = text.slice(start, end);
  const ids = idsOf(compact).filter((id) => isDivided(id, written));
  if (ids.length === 0) return undefined;
  const before = wordsBefore(text, start, label);
  const after = wordsAfter(text, end);
  const named = SAYS.test(before) || SAYS.test(after) ? namedBy(`${before} ${after}`, ids) : undefined;
  return (named ?? ids.find(({ alone }) => alone?.test(written) === true))?.of;
}

/** A word of two letters at least. */
const SAYS = /\p{L}{2}/u;

/**
 * The national number that a text is, from its first character to its last and in whatever spelling: for values of
 * which it is known already that they are numbers of people. Undefined for none.
 */
export function nationalIdOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !WRITTEN.test(trimmed)) return undefined;
  const upper = trimmed.toUpperCase();
  return idsOf(compactOf(trimmed)).find(
    (id) =>
      isDivided(id, trimmed) && (id.check !== undefined || id.alone === undefined || id.alone.test(upper)),
  )?.of;
}

const LONGEST = 28;
const WRITTEN = /^[A-Za-z0-9]+(?:[ ./+-]{1,2}[A-Za-z0-9]+|\([0-9A]\))*$/i;
