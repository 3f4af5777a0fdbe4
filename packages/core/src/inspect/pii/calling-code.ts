/** Most digits of an international number, its calling code counted (ITU-T E.164 section 6.1). */
export const MOST_DIGITS = 15;

// ITU-T E.164, list of assigned country codes; the zones 1 and 7 have no longer codes.
const OF_TWO_DIGITS =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98';
const OF_THREE_DIGITS =
  '21[1-368] 22\\d 23\\d 24\\d 25[0-8] 26\\d 29[01789] 35\\d 37[0-8] 38[0-35-79] 42[013] 50\\d 59\\d 67[0-9] 68\\d 69[0-2] 80[08] 85[02356] 87[08] 88[0-368] 96[0-8] 97[0-79] 979 99[2-8]';

const CALLING_CODE = new RegExp(`^(?:[17]|${`${OF_TWO_DIGITS} ${OF_THREE_DIGITS}`.replaceAll(' ', '|')})`);

// Where all numbers are of one length, digits beyond it are something else in the sentence.
const LENGTHS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '1': [11, 11],
  '7': [11, 11],
  '33': [11, 11],
  '34': [11, 11],
  '41': [11, 12],
  '44': [11, 12],
  '48': [11, 11],
  '61': [8, 12],
  '91': [11, 13],
};
const OTHERWISE: readonly [number, number] = [8, MOST_DIGITS];

/** How many digits a number has that begins so; undefined when no country has that calling code. */
export function lengthsOf(digits: string): readonly [least: number, most: number] | undefined {
  const code = CALLING_CODE.exec(digits)?.[0];
  if (code === undefined || (code === '1' && /^1[01]/.test(digits))) return undefined;
  return LENGTHS[code] ?? OTHERWISE;
}
