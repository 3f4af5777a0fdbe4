import type { CivilTime } from './calendar.ts';
import { MONTHS, WEEKDAYS } from './time-layout.ts';

/** A time while its fields are read. */
export type Draft = { -readonly [K in keyof CivilTime]: CivilTime[K] } & {
  offset: number;
  isPm: boolean | undefined;
};

/** Nanoseconds of a fraction, its point first. */
export function fractionOf(text: string): number {
  return Number(text.slice(1, 10).padEnd(9, '0'));
}

/** Reads one field; `take` gives the text that fits a pattern, `fail` ends the reading. */
export function readField(
  field: string,
  draft: Draft,
  take: (pattern: string) => string,
  fail: () => never,
): void {
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
      if (/^[.,]0/.test(field)) draft.nanosecond = fractionOf(take(`[.,]\\d{${field.length - 1}}`));
      else if (/^[.,]9/.test(field)) draft.nanosecond = fractionOf(take('(?:[.,]\\d+)?').padEnd(1, '.'));
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
