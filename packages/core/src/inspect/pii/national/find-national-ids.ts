import type { DigitRun } from '../digit-run.ts';
import { foldCharacters } from '../fold-characters.ts';
import type { PersonalData } from '../personal-data.ts';
import { beginsWord, endsWord, wordsAfter, wordsBefore } from '../surroundings.ts';
import type { NationalId } from './national-id.ts';
import { idsOf, isDivided, mayBeDivided, namedBy } from './national-ids.ts';

const FEWEST_DIGITS = 7;
const MOST_DIGITS = 20;
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
  if (from === 0 && JOINED.test(text.slice(Math.max(0, first.start - 3), first.start))) return undefined;
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

// Behind these a number is a part of a longer code, an amount, or the part of a URL; not in `pesel=44051401359`.
const JOINED = /[-+_$€£¥/]$|(?:^|[^A-Za-z ])[#=]$/;

/** Spellings with letters, and with signs that no other number is divided by: those that begin with a digit. */
const FROM_DIGIT: readonly string[] = [
  '\\d{9}[A-Z]{2}\\d{3}',
  '\\d{12}[A-Z]',
  '[1-6]\\d{6}[ABCEHKM]\\d{3}(?:PB|BA|BI)\\d',
  '\\d{5,8}-(?:LP|CB|SC|OR|PT|PO|TJ|CH|BE|BN|PA|PD)(?:-[A-Z\\d]{1,2})?',
  '\\d{7,8}[- ]?[A-Z]{1,2}',
  '\\d\\d\\.\\d{3}\\.\\d{3}[- ]?[A-Z]',
  '[12] ?\\d\\d ?\\d\\d ?2[AB] ?\\d{3} ?\\d{3} ?\\d\\d',
  '\\d\\d ?\\d{6} ?[A-Z] ?\\d\\d\\d',
  '\\d{8} \\d [A-Z\\d]{2}\\d',
  '\\d{9}[A-Z\\d]{2}\\d',
  '\\d{6}[-+A-FU-Y]\\d{3}[\\dA-FHJ-NPR-Y]',
  '\\d{6}(?:\\d\\d)?\\+\\d{4}',
  '[1-9][A-Z][A-Z\\d]\\d-?[A-Z][A-Z\\d]\\d-?[A-Z]{2}\\d\\d',
  '\\d{1,2}\\.\\d{3}\\.\\d{3}-K',
  '\\d{7,8}K',
  '\\d{5,8}-K',
  '\\d{17}X',
  '\\d{9}[VX]',
  '\\d{3}-\\d{6}-\\d{4}[A-Z]',
  '\\d{13}[A-Z]',
  '\\d{8}-?[A-K]',
  '\\d\\d-?\\d{6,7}[- ]?[A-Z][- ]?\\d\\d',
  '[157]\\d{6}\\(\\d\\)',
];

/** Those that begin with a letter, and have a digit soon. */
const FROM_LETTER: readonly string[] = [
  '[CGPQV]00\\d{7}[\\dX]',
  '[A-Z]{3} ?\\d{6}',
  '[A-Z]{4}-\\d{6}-[A-Z\\d]{3}',
  '[A-Z]{2} ?\\d\\d ?\\d\\d ?\\d\\d ?[A-D]',
  '[XYZ][- ]?\\d{7}[- ]?[A-Z]',
  '[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\\d]{8}\\d',
  '[A-Z]{4}\\d{6}(?:[A-Z\\d]{3}|[A-Z]{6}[A-Z\\d]\\d)',
  '[A-Z]{5}\\d{4}[A-Z]',
  '[A-Z](?:-?\\d{8}-?\\d|\\d{9})',
  '[A-Z]{3}\\d{7}',
  '[A-Z]\\d{12}[A-Z\\d]',
  '[KLMSTFG]\\d{7}[A-Z]',
  '[KLM]-\\d{7}-[A-Z]',
  '[EF]-\\d{6}-[A-Z]',
  '[A-T]\\d{8}[A-W]',
  '[A-Z]{2}\\d{7}',
  '[A-PR-Y]\\d{7,8}',
  '[A-Z]{4} ?\\d{4} ?\\d{4}',
  '[A-Z]{6}\\d{8}[HM]\\d{3}',
  'GHA-?\\d{9}-?\\d',
  'A\\d{9}[A-Z]',
  'C[MF]\\d\\d[A-Z\\d]{10}',
  '[A-Z]{2}\\d{8}[A-Z]{2}',
  '[A-Z]{3}\\d{4}',
  '[VE]-?\\d{1,2}\\.?\\d{3}\\.?\\d{3}',
  '[CFGHJ-NPRTV-Z][CFGHJ-NPRTV-Z\\d]{8}',
  '[A-Z]{1,2}\\d{6}(?:\\([\\dA]\\)|[\\dA])',
];

/** Those that can have letters for digits. */
const FROM_EITHER: readonly string[] = [
  '[A-Z]{3} ?[A-Z]{3} ?[\\dA-Z]{2}[A-Z][\\dA-Z]{2} ?[A-Z][\\dA-Z]{3} ?[A-Z]',
  '[A-Z\\d]{2}\\.[A-Z\\d]{3}\\.[A-Z\\d]{3}/[A-Z\\d]{4}-\\d\\d',
  '[CFGHJ-NPRTV-Z\\d]{9}\\d(?:[- ]?\\d{7}){2}[- ]?D[- ]?\\d',
];

// Linear: every alternative is of bounded length. Most words are passed by at the first look ahead.
const LETTERED_ID = new RegExp(
  `(?:(?<![A-Za-z0-9_.$+-])|(?<=\\\\[nrt]))(?:${[
    `(?=\\d[\\d ./-]{0,20}[A-Z+(])(?:${FROM_DIGIT.join('|')})`,
    `(?=[A-Z]{1,6}[ -]?[A-Z]{0,2}\\d)(?:${FROM_LETTER.join('|')})`,
    ...FROM_EITHER,
  ].join('|')})(?![A-Za-z0-9_-])`,
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
  const ids = idsOf(compact).filter((id) => mayBeDivided(id, written));
  if (ids.length === 0) return undefined;
  const before = wordsBefore(text, start, label);
  const after = wordsAfter(text, end);
  const named = SAYS.test(before) || SAYS.test(after) ? namedBy(`${before} ${after}`, ids) : undefined;
  return (named ?? ids.find(({ alone }) => alone?.test(written) === true))?.of;
}

/** A word of two letters at least. */
const SAYS = /\p{L}{2}/u;

/**
 * The national numbers that a text can be, from its first character to its last and in whatever spelling: for values
 * of which it is known already that they are numbers of people.
 */
export function nationalIdsOf(text: string): readonly string[] {
  const trimmed = foldCharacters(text).trim();
  const upper = trimmed.toUpperCase();
  return validIdsOf(trimmed)
    .filter((id) => speaksForItself(id, trimmed, upper))
    .map(({ of }) => of);
}

/** The numbers whose shape, check digits and divisions a text has, whether or not they prove anything. */
export function validIdsOf(text: string): readonly NationalId[] {
  if (text.length > LONGEST || !WRITTEN.test(text)) return [];
  const ids = idsOf(compactOf(text)).filter((id) => mayBeDivided(id, text));
  if (ids.length > 0) return ids;
  // `CL 7.727.230-5`
  const [, country = '', number = ''] = BEHIND_COUNTRY.exec(text) ?? [];
  const own = `${country.toLowerCase().replace('el', 'gr')}.`;
  return idsOf(compactOf(number)).filter((id) => id.of.startsWith(own) && mayBeDivided(id, number));
}

const BEHIND_COUNTRY = /^([A-Z]{2})[ -]?(\d.+)$/i;

function speaksForItself(id: NationalId, written: string, upper: string): boolean {
  if (id.alone?.test(upper) === true) return true;
  if (id.weak === true) return id.check !== undefined && isDivided(id, written);
  return id.check !== undefined || id.alone === undefined;
}

const LONGEST = 36;
const WRITTEN = /^[A-Za-z0-9]+(?:[ ./+-]{1,3}[A-Za-z0-9]+|\([0-9A]\))*$/i;
