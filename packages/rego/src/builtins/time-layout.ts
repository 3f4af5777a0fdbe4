import { BuiltinError } from './builtin.ts';
import { type CivilTime, daysInMonth, nanosecondsOf, weekdayOf } from './calendar.ts';

/** Layouts that may be called by name (Go's package time). */
const NAMED: Readonly<Record<string, string>> = {
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
};

export const RFC3339 = '2006-01-02T15:04:05Z07:00';
export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';

export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The parts of a layout, each written as the reference time has it: Mon Jan 2 15:04:05 MST 2006. */
const FIELD =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|[.,]0+(?!\d)|[.,]9+(?!\d)|002|__2|01|02|03|04|05|06|15|PM|pm|_2(?!006)|1|2|3|4|5/g;

function fieldsOf(layout: string): readonly { readonly field: boolean; readonly text: string }[] {
  const parts: { readonly field: boolean; readonly text: string }[] = [];
  let at = 0;
  for (const match of (NAMED[layout] ?? layout).matchAll(FIELD)) {
    const source = NAMED[layout] ?? layout;
    if (match.index > at) parts.push({ field: false, text: source.slice(at, match.index) });
    parts.push({ field: true, text: match[0] });
    at = match.index + match[0].length;
  }
  const source = NAMED[layout] ?? layout;
  if (at < source.length) parts.push({ field: false, text: source.slice(at) });
  return parts;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function offsetText(offset: number, field: string): string {
  if (field.startsWith('Z') && offset === 0) return 'Z';
  const size = Math.abs(offset);
  const sign = offset < 0 ? '-' : '+';
  const colon = field.includes(':') ? ':' : '';
  const hours = two(Math.floor(size / 3600));
  const minutes = two(Math.floor((size % 3600) / 60));
  if (field.endsWith('07')) return sign + hours;
  const seconds = /00.?00$/.test(field) && field.length > 6 ? colon + two(size % 60) : '';
  return sign + hours + colon + minutes + seconds;
}

function fractionText(nanosecond: number, field: string): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, field.length - 1);
  const shown = field.includes('9') ? digits.replace(/0+$/, '') : digits;
  return shown === '' ? '' : field.charAt(0) + shown;
}

/** Writes a time in a layout of Go's package time. */
export function formatTime(time: CivilTime, offset: number, layout: string): string {
  return fieldsOf(layout)
    .map(({ field, text }) => (field ? fieldText(time, offset, text) : text))
    .join('');
}

function fieldText(time: CivilTime, offset: number, field: string): string {
  const hour12 = time.hour % 12 === 0 ? 12 : time.hour % 12;
  switch (field) {
    case 'January':
      return MONTHS[time.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[time.month - 1] ?? '').slice(0, 3);
    case 'Monday':
      return WEEKDAYS[weekdayOf(time)] ?? '';
    case 'Mon':
      return (WEEKDAYS[weekdayOf(time)] ?? '').slice(0, 3);
    case 'MST':
      if (offset !== 0) throw new BuiltinError('abbreviations of zones are only known for UTC');
      return 'UTC';
    case '2006':
      return String(time.year).padStart(4, '0');
    case '06':
      return two(time.year % 100);
    case '01':
      return two(time.month);
    case '1':
      return String(time.month);
    case '02':
      return two(time.day);
    case '_2':
      return String(time.day).padStart(2, ' ');
    case '2':
      return String(time.day);
    case '002':
    case '__2': {
      const yearStart: CivilTime = {
        ...time,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
      };
      const today: CivilTime = { ...time, hour: 0, minute: 0, second: 0, nanosecond: 0 };
      const day = Number((nanosecondsOf(today) - nanosecondsOf(yearStart)) / 86_400_000_000_000n) + 1;
      return String(day).padStart(3, field === '002' ? '0' : ' ');
    }
    case '15':
      return two(time.hour);
    case '03':
      return two(hour12);
    case '3':
      return String(hour12);
    case '04':
      return two(time.minute);
    case '4':
      return String(time.minute);
    case '05':
      return two(time.second);
    case '5':
      return String(time.second);
    case 'PM':
      return time.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return time.hour >= 12 ? 'pm' : 'am';
    default:
      return /^[.,]/.test(field) ? fractionText(time.nanosecond, field) : offsetText(offset, field);
  }
}

type Draft = { -readonly [K in keyof CivilTime]: CivilTime[K] } & {
  offset: number;
  isPm: boolean | undefined;
};

/** Reads a time in a layout of Go's package time, as nanoseconds since 1970. */
export function parseTime(layout: string, text: string): bigint {
  const draft: Draft = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    offset: 0,
    isPm: undefined,
  };
  const fail = (): never => {
    throw new BuiltinError(`cannot parse \`${text.slice(0, 60)}\` as \`${layout.slice(0, 60)}\``);
  };
  let at = 0;
  const take = (pattern: string): string => {
    const match = new RegExp(pattern, 'y');
    match.lastIndex = at;
    const found = match.exec(text)?.[0] ?? fail();
    at += found.length;
    return found;
  };
  const parts = fieldsOf(layout);
  for (const [i, { field, text: part }] of parts.entries()) {
    if (!field) {
      if (!text.startsWith(part, at)) fail();
      at += part.length;
      continue;
    }
    readField(part, draft, take, fail);
    // A fraction may follow the seconds even where the layout has none.
    const follows = parts[i + 1];
    const hasFraction = follows?.field === true && /^[.,]/.test(follows.text);
    if ((part === '05' || part === '5') && !hasFraction && /^[.,]\d/.test(text.slice(at, at + 2))) {
      draft.nanosecond = fraction(take('[.,]\\d+'));
    }
  }
  if (at !== text.length) fail();
  if (draft.isPm === true && draft.hour < 12) draft.hour += 12;
  if (draft.isPm === false && draft.hour === 12) draft.hour = 0;
  if (draft.day < 1 || draft.day > daysInMonth(draft.year, draft.month)) fail();
  return nanosecondsOf(draft) - BigInt(draft.offset) * 1_000_000_000n;
}

function fraction(text: string): number {
  return Number(text.slice(1, 10).padEnd(9, '0'));
}

function readField(field: string, draft: Draft, take: (pattern: string) => string, fail: () => never): void {
  const within = (digits: string, low: number, high: number): number => {
    const value = Number(digits);
    return value >= low && value <= high ? value : fail();
  };
  const named = (names: readonly string[], length: number): number => {
    const shown = names.map((name) => (length === 0 ? name : name.slice(0, length)));
    const found = take(
      shown.map((name) => [...name].map((c) => `[${c.toLowerCase()}${c.toUpperCase()}]`).join('')).join('|'),
    );
    return shown.findIndex((name) => name.toLowerCase() === found.toLowerCase());
  };
  switch (field) {
    case '2006':
      draft.year = Number(take('\\d{4}'));
      return;
    case '06': {
      const short = Number(take('\\d{2}'));
      draft.year = short + (short >= 69 ? 1900 : 2000);
      return;
    }
    case '01':
      draft.month = within(take('\\d{2}'), 1, 12);
      return;
    case '1':
      draft.month = within(take('\\d{1,2}'), 1, 12);
      return;
    case 'January':
      draft.month = named(MONTHS, 0) + 1;
      return;
    case 'Jan':
      draft.month = named(MONTHS, 3) + 1;
      return;
    case 'Monday':
      named(WEEKDAYS, 0);
      return;
    case 'Mon':
      named(WEEKDAYS, 3);
      return;
    case '02':
      draft.day = within(take('\\d{2}'), 1, 31);
      return;
    case '2':
    case '_2':
      draft.day = within(take(' ?\\d{1,2}'), 1, 31);
      return;
    case '15':
      draft.hour = within(take('\\d{1,2}'), 0, 23);
      return;
    case '03':
      draft.hour = within(take('\\d{2}'), 0, 12);
      return;
    case '3':
      draft.hour = within(take('\\d{1,2}'), 0, 12);
      return;
    case '04':
      draft.minute = within(take('\\d{2}'), 0, 59);
      return;
    case '4':
      draft.minute = within(take('\\d{1,2}'), 0, 59);
      return;
    case '05':
      draft.second = within(take('\\d{2}'), 0, 59);
      return;
    case '5':
      draft.second = within(take('\\d{1,2}'), 0, 59);
      return;
    case 'PM':
      draft.isPm = take('[AP]M') === 'PM';
      return;
    case 'pm':
      draft.isPm = take('[ap]m') === 'pm';
      return;
    case 'MST':
      // An abbreviation that is not known has the offset zero, in Go as well.
      take('UTC|GMT|[A-Z]{3,4}');
      return;
    default:
      if (/^[.,]0/.test(field)) draft.nanosecond = fraction(take(`[.,]\\d{${field.length - 1}}`));
      else if (/^[.,]9/.test(field)) draft.nanosecond = fraction(take('(?:[.,]\\d+)?').padEnd(1, '.'));
      else if (/^[Z-]/.test(field)) draft.offset = readOffset(field, take, within);
      else fail();
  }
}

function readOffset(
  field: string,
  take: (pattern: string) => string,
  within: (digits: string, low: number, high: number) => number,
): number {
  const colon = field.includes(':') ? ':' : '';
  const digits = field.replace(/\D/g, '').length;
  const pattern =
    digits === 2
      ? '[+-]\\d{2}'
      : digits === 4
        ? `[+-]\\d{2}${colon}\\d{2}`
        : `[+-]\\d{2}${colon}\\d{2}${colon}\\d{2}`;
  const found = take(field.startsWith('Z') ? `Z|${pattern}` : pattern);
  if (found === 'Z') return 0;
  const numbers = found.slice(1).replaceAll(':', '');
  const hours = within(numbers.slice(0, 2), 0, 24);
  const minutes = numbers.length > 2 ? within(numbers.slice(2, 4), 0, 60) : 0;
  const seconds = numbers.length > 4 ? within(numbers.slice(4, 6), 0, 60) : 0;
  const size = hours * 3600 + minutes * 60 + seconds;
  return found.startsWith('-') ? -size : size;
}
