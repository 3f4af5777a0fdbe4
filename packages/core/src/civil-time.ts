/** A date and a time of the proleptic Gregorian calendar. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;

/** The time as if it were UTC, in Unix milliseconds. */
export function civilToUnixMs({ year, month, day, hour, minute, second }: CivilTime): number {
  // Years that begin in March have their leap day at their end.
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const days = shifted * 365 + leapDays + dayOfYear - DAYS_BEFORE_1970;
  return days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** From the first of March of the year 0 to the first of January 1970. */
const DAYS_BEFORE_1970 = 719_468;

/** Days of a month. */
export function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
