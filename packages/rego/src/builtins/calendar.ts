/** A time of day on a date of the Gregorian calendar, in some zone. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

const DAY_SECONDS = 86_400;
const NS = 1_000_000_000n;

/** Days since 1970-01-01; a month or day beyond its range runs over into the next. */
export function dayNumber(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const y = Math.floor(months / 12);
  const m = months - y * 12 + 1;
  // Years are counted from March, so that the leap day is the last of a year.
  const shifted = m <= 2 ? y - 1 : y;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 + (day - 1);
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

/** Floors, where BigInt division would cut towards zero. */
function splitNs(ns: bigint): { readonly seconds: number; readonly nanosecond: number } {
  const rest = ((ns % NS) + NS) % NS;
  return { seconds: Number((ns - rest) / NS), nanosecond: Number(rest) };
}

/** What a clock that is `offset` seconds ahead of UTC shows. */
export function civilTime(ns: bigint, offset: number): CivilTime {
  const { seconds, nanosecond } = splitNs(ns);
  const local = seconds + offset;
  const days = Math.floor(local / DAY_SECONDS);
  const rest = local - days * DAY_SECONDS;
  return {
    ...dateOf(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: rest % 60,
    nanosecond,
  };
}

/** Nanoseconds since 1970 of a time as if it were UTC. */
export function nanosecondsOf(time: CivilTime): bigint {
  const seconds =
    dayNumber(time.year, time.month, time.day) * DAY_SECONDS +
    time.hour * 3600 +
    time.minute * 60 +
    time.second;
  return BigInt(seconds) * NS + BigInt(time.nanosecond);
}

/** 0 is Sunday. */
export function weekdayOf(time: CivilTime): number {
  return (((dayNumber(time.year, time.month, time.day) + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}
