import { civilToUnixMs } from '../civil-time.ts';

/** Days of the week, from Monday on (ISO 8601). */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Minutes of a day. */
export const DAY_MINUTES = 24 * 60;

/**
 * A part of the day on some days of the week, by the clock on the wall in a time zone.
 *
 * `to` is outside. A window whose end is not after its beginning goes on past midnight, and belongs to
 * the day on which it began. When clocks are set forward the skipped minutes do not come; when they are
 * set back the repeated ones come twice.
 */
export interface TimeWindow {
  /** Minutes after midnight. */
  readonly from: number;
  /** Minutes after midnight, at most `DAY_MINUTES`. */
  readonly to: number;
  /** In the order of the week, at least one. */
  readonly days: readonly Weekday[];
  /** Name in the IANA time zone database. */
  readonly zone: string;
}

/** What a clock on the wall shows. */
export interface WallTime {
  /** 0 is Monday. */
  readonly weekday: number;
  /** Minutes after midnight. */
  readonly minute: number;
}

/** Whether a name is that of a time zone which the platform knows. */
export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * A clock in a time zone, for times in Unix milliseconds. The rules of the zone are those of the
 * platform's copy of the IANA database.
 */
export function wallClock(zone: string): (unixMs: number) => WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  let slot = Number.NaN;
  let offsetMs = 0;
  return (unixMs) => {
    // Asking the platform takes microseconds, and offsets change at whole quarters of an hour alone.
    const quarter = Math.floor(unixMs / QUARTER_MS);
    if (quarter !== slot) {
      offsetMs = offsetAt(format, quarter * QUARTER_MS);
      slot = quarter;
    }
    const local = unixMs + offsetMs;
    const day = Math.floor(local / DAY_MS);
    // The first of January 1970 was a Thursday.
    return { weekday: (((day + 3) % 7) + 7) % 7, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
  };
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** How far the clocks of a zone are ahead of UTC, in milliseconds. `unixMs` is a whole second. */
function offsetAt(format: Intl.DateTimeFormat, unixMs: number): number {
  const parts = new Map<string, number>();
  for (const { type, value } of format.formatToParts(unixMs)) parts.set(type, Number(value));
  const part = (name: string): number => parts.get(name) ?? Number.NaN;
  const local = civilToUnixMs({
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  });
  return local - unixMs;
}

/** Whether a time falls into a window. */
export function isWithin({ from, to, days }: TimeWindow, { weekday, minute }: WallTime): boolean {
  const on = (day: number): boolean => days.includes(WEEKDAYS[(day + 7) % 7] as Weekday);
  if (from < to) return on(weekday) && minute >= from && minute < to;
  return (minute >= from && on(weekday)) || (minute < to && on(weekday - 1));
}

/** Compiles windows of which one must be open; without any, every time will do. */
export function compileTime(windows: readonly TimeWindow[]): ((unixMs: number) => boolean) | undefined {
  if (windows.length === 0) return undefined;
  const clocks = windows.map((window) => ({ window, clock: wallClock(window.zone) }));
  return (unixMs) => clocks.some(({ window, clock }) => isWithin(window, clock(unixMs)));
}

/** `08:00 to 18:00 on mon, tue in Europe/Zurich`. */
export function windowText({ from, to, days, zone }: TimeWindow): string {
  const on = days.length === WEEKDAYS.length ? '' : ` on ${days.join(', ')}`;
  return `${clockText(from)} to ${clockText(to)}${on} in ${zone}`;
}

/** `tue 03:12 in Europe/Zurich`. */
export function wallText(zone: string, unixMs: number): string {
  const { weekday, minute } = wallClock(zone)(unixMs);
  return `${WEEKDAYS[weekday] ?? ''} ${clockText(minute)} in ${zone}`;
}

/** `08:05`. */
export function clockText(minutes: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
