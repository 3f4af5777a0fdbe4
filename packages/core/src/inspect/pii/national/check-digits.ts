/** The value of a decimal digit at a place. */
export function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - ZERO;
}

const ZERO = 0x30;

/** The sum of the first digits, each times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * digitAt(digits, at), 0);
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digitAt(digits, digits.length - 1 - i);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10. */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digitAt(digits, at) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (product + digitAt(digits, digits.length - 1)) % 10 === 1;
}

/** The remainder of a number of any length. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (let at = 0; at < digits.length; at++) rest = (rest * 10 + digitAt(digits, at)) % modulus;
  return rest;
}

// J. Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group D5 and the permutation of each place.
const PRODUCTS = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTATIONS = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

export function passesVerhoeff(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digitAt(digits, digits.length - 1 - i);
    sum = digitAt(PRODUCTS[sum] ?? '', digitAt(PERMUTATIONS[i % PERMUTATIONS.length] ?? '', digit));
  }
  return sum === 0;
}

/** Whether a month has such a day; the year is not known, so February has 29. */
export function isDay(month: number, day: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0);
}

const DAYS: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether two digits of a month and two of a day stand there. */
export function isDayAt(digits: string, month: number, day: number): boolean {
  return isDay(Number(digits.slice(month, month + 2)), Number(digits.slice(day, day + 2)));
}

/** Whether a number is one digit, repeated: it passes many checks and belongs to nobody. */
export function isOneDigit(digits: string): boolean {
  return digits === digits.charAt(0).repeat(digits.length);
}

/** ICAO 9303-3, section 4.9: weights 7, 3, 1 over digits and letters; the last character is the check digit. */
export function passesMrzCheck(characters: string): boolean {
  let sum = 0;
  for (let at = 0; at < characters.length - 1; at++)
    sum += Number.parseInt(characters.charAt(at), 36) * ([7, 3, 1][at % 3] ?? 0);
  return sum % 10 === digitAt(characters, characters.length - 1);
}
