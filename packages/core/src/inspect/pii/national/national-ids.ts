import { AFRICA } from './africa.ts';
import { BRITISH_ISLES } from './british-isles.ts';
import { CENTRAL_AMERICA } from './central-america.ts';
import { isOneDigit } from './check-digits.ts';
import { EAST_ASIA } from './east-asia.ts';
import { EASTERN_EUROPE } from './eastern-europe.ts';
import { FRANCE_AND_BENELUX } from './france-and-benelux.ts';
import { GERMAN_SPEAKING } from './german-speaking.ts';
import { GULF_AND_CENTRAL_ASIA } from './gulf-and-central-asia.ts';
import type { NationalId } from './national-id.ts';
import { NORTH_AMERICA } from './north-america.ts';
import { NORTHERN_EUROPE } from './northern-europe.ts';
import { OCEANIA } from './oceania.ts';
import { SOUTH_AMERICA } from './south-america.ts';
import { SOUTH_ASIA } from './south-asia.ts';
import { SOUTHERN_EUROPE } from './southern-europe.ts';

/** Every national number that is known. Adding one means adding an entry to the table of its region. */
export const NATIONAL_IDS: readonly NationalId[] = [
  ...BRITISH_ISLES,
  ...GERMAN_SPEAKING,
  ...FRANCE_AND_BENELUX,
  ...SOUTHERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...EASTERN_EUROPE,
  ...NORTH_AMERICA,
  ...CENTRAL_AMERICA,
  ...SOUTH_AMERICA,
  ...SOUTH_ASIA,
  ...EAST_ASIA,
  ...OCEANIA,
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
export function mayBeDivided(id: NationalId, written: string): boolean {
  return id.groups === undefined || isWhole(written) || isDivided(id, written);
}

/** Whether a number is divided as it is usually written. */
export function isDivided({ groups }: NationalId, written: string): boolean {
  return groups?.split('|').includes(partsOf(written).join('-')) === true && !isWhole(written);
}

function isWhole(written: string): boolean {
  return partsOf(written).length < 2;
}

function partsOf(written: string): readonly number[] {
  const parts = written.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  return parts.map((part) => part.length);
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
  const named = ids.find((id) => NAMES.get(id)?.test(words) === true);
  return (
    named ??
    (ANY_NAME.test(words) ? ids.find(({ weak, check }) => weak !== true || check !== undefined) : undefined)
  );
}
