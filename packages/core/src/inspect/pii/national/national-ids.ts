import { AFRICA } from './africa.ts';
import { AMERICAS } from './americas.ts';
import { ASIA_PACIFIC } from './asia-pacific.ts';
import { isOneDigit } from './check-digits.ts';
import { EASTERN_EUROPE } from './eastern-europe.ts';
import { GULF_AND_CENTRAL_ASIA } from './gulf-and-central-asia.ts';
import type { NationalId } from './national-id.ts';
import { NORTHERN_EUROPE } from './northern-europe.ts';
import { WESTERN_EUROPE } from './western-europe.ts';

/** Every national number that is known. Adding one means adding an entry to the table of its region. */
export const NATIONAL_IDS: readonly NationalId[] = [
  ...WESTERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...EASTERN_EUROPE,
  ...AMERICAS,
  ...ASIA_PACIFIC,
  ...GULF_AND_CENTRAL_ASIA,
  ...AFRICA,
];

/** The numbers that a text without separators, in upper case, can be. */
export function idsOf(compact: string): readonly NationalId[] {
  if (isOneDigit(compact)) return [];
  const candidates = BY_LENGTH.get(compact.length) ?? [];
  return candidates.filter(({ shape, check }) => shape.test(compact) && check?.(compact) !== false);
}

/** Whether a number is divided as it may be, or not at all. */
export function isDivided({ groups }: NationalId, written: string): boolean {
  const lengths = written
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part.length);
  return groups === undefined || lengths.length < 2 || groups.split('|').includes(lengths.join('-'));
}

const BY_LENGTH: ReadonlyMap<number, readonly NationalId[]> = (() => {
  const lengths = new Map<number, NationalId[]>();
  for (const id of NATIONAL_IDS) {
    for (const length of id.lengths) lengths.set(length, [...(lengths.get(length) ?? []), id]);
  }
  return lengths;
})();

const NAMES: ReadonlyMap<NationalId, RegExp> = new Map(
  // Linear: alternatives of fixed words with bounded gaps.
  NATIONAL_IDS.map((id) => [id, new RegExp(`(?<!\\p{L})(?:${id.words})`, 'iu')]),
);

// Words that stand for such a number in forms of all countries.
const ANY_NAME =
  /(?<!\p{L})(?:national (?:id|identity|identification|insurance)|(?:personal|citizen|resident) (?:id|identity|identification)|identity (?:card|number|no\b)|tax(?:payer)? (?:id|identification|number)|social (?:security|insurance) (?:number|no\b|card|id)|government id|ssn\/)/iu;

/** The one of these numbers that words near it name. */
export function namedBy(words: string, ids: readonly NationalId[]): NationalId | undefined {
  return ids.find((id) => NAMES.get(id)?.test(words) === true) ?? (ANY_NAME.test(words) ? ids[0] : undefined);
}
