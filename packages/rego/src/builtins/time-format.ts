import { BuiltinError } from './builtin.ts';
import { type CivilTime, nanosecondsOf, weekdayOf } from './calendar.ts';
import { fieldsOf, MONTHS, WEEKDAYS } from './time-layout.ts';

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
