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
export const MONTHS = [
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

/** A field of a layout, or text that stands for itself. */
export interface LayoutPart {
  readonly field: boolean;
  readonly text: string;
}

export function fieldsOf(layout: string): readonly LayoutPart[] {
  const source = NAMED[layout] ?? layout;
  const parts: LayoutPart[] = [];
  let at = 0;
  for (const match of source.matchAll(FIELD)) {
    if (match.index > at) parts.push({ field: false, text: source.slice(at, match.index) });
    parts.push({ field: true, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < source.length) parts.push({ field: false, text: source.slice(at) });
  return parts;
}
