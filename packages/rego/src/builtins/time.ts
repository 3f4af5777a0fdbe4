import { integerOf, integerValue, type RegoNumber } from '../value/decimal.ts';
import { isNumber, type Value } from '../value/value.ts';
import {
  array,
  type Builtin,
  BuiltinError,
  builtin,
  number,
  oneOf,
  OperandError,
  string,
} from './builtin.ts';
import { type CivilTime, civilTime, daysInMonth, nanosecondsOf, weekdayOf } from './calendar.ts';
import { parseDuration } from './duration.ts';
import { integer } from './integer.ts';
import { formatTime } from './time-format.ts';
import { RFC3339, RFC3339_NANO, WEEKDAYS } from './time-layout.ts';
import { parseTime } from './time-parse.ts';
import { instantOf, zoneOffset } from './zone.ts';

const instant = oneOf(number, array);
const LARGEST = 9223372036854775807n;

interface Moment {
  readonly ns: bigint;
  readonly zone: string;
  readonly layout: string;
}

/** Reads nanoseconds, or `[nanoseconds, zone]`, or `[nanoseconds, zone, layout]`. */
function momentOf(value: RegoNumber | readonly Value[]): Moment {
  const list = isNumber(value) ? [value] : value;
  const [first, zone = '', layout = ''] = list;
  if (!isNumber(first) || typeof zone !== 'string' || typeof layout !== 'string') {
    throw new OperandError('operand 1 must be either number (ns) or [number (ns), string (tz)]');
  }
  const ns = integerValue(first);
  if (ns === undefined || ns > LARGEST || ns < -LARGEST - 1n) throw new BuiltinError('timestamp too big');
  return { ns, zone, layout };
}

function localTime({ ns, zone }: Moment): CivilTime {
  return civilTime(ns, zoneOffset(ns, zone));
}

/** A time that fits into 64 bits of nanoseconds. */
function bounded(ns: bigint): RegoNumber {
  if (ns > LARGEST || ns < -LARGEST - 1n) throw new BuiltinError('time outside of valid range');
  return integerOf(ns);
}

function normalised(time: CivilTime): CivilTime {
  return civilTime(nanosecondsOf(time), 0);
}

/** Years, months, days, hours, minutes and seconds from the earlier to the later, on the first one's clock. */
function difference(a: Moment, b: Moment): readonly number[] {
  const [from, to] = a.ns <= b.ns ? [a.ns, b.ns] : [b.ns, a.ns];
  const start = localTime({ ...a, ns: from });
  const end = localTime({ ...a, ns: to });
  const result = [
    end.year - start.year,
    end.month - start.month,
    end.day - start.day,
    end.hour - start.hour,
    end.minute - start.minute,
    end.second - start.second,
  ];
  const sizes = [0, 12, daysInMonth(start.year, start.month), 24, 60, 60];
  for (let i = 5; i > 0; i--) {
    if ((result[i] ?? 0) >= 0) continue;
    result[i] = (result[i] ?? 0) + (sizes[i] ?? 0);
    result[i - 1] = (result[i - 1] ?? 0) - 1;
  }
  return result;
}

export const TIME: readonly Builtin[] = [
  builtin('time.now_ns', [], number, ({ nowNs }) => {
    if (nowNs === undefined) throw new BuiltinError('the host gave no time');
    return integerOf(nowNs);
  }),
  builtin('time.parse_rfc3339_ns', [string], number, (text) => bounded(parseTime(RFC3339, text))),
  builtin('time.parse_ns', [string, string], number, (layout, text) => bounded(parseTime(layout, text))),
  builtin('time.parse_duration_ns', [string], number, (text) => integerOf(parseDuration(text))),
  builtin('time.format', [instant], string, (value) => {
    const moment = momentOf(value);
    const layout = moment.layout === '' ? RFC3339_NANO : moment.layout;
    return formatTime(localTime(moment), zoneOffset(moment.ns, moment.zone), layout);
  }),
  builtin('time.date', [instant], array, (value) => {
    const { year, month, day } = localTime(momentOf(value));
    return [year, month, day];
  }),
  builtin('time.clock', [instant], array, (value) => {
    const { hour, minute, second } = localTime(momentOf(value));
    return [hour, minute, second];
  }),
  builtin('time.weekday', [instant], string, (value) => WEEKDAYS[weekdayOf(localTime(momentOf(value)))]),
  builtin('time.add_date', [instant, number, number, number], number, (value, years, months, days) => {
    const moment = momentOf(value);
    const local = localTime(moment);
    const most = 100_000;
    const added = [years, months, days].map((amount, i) => integer(amount, `operand ${i + 2}`));
    if (added.some((amount) => Math.abs(amount) > most * 366))
      throw new BuiltinError('time outside of valid range');
    const [year = 0, month = 0, day = 0] = added;
    const moved = normalised({
      ...local,
      year: local.year + year,
      month: local.month + month,
      day: local.day + day,
    });
    return bounded(instantOf(moved, moment.zone));
  }),
  builtin('time.diff', [instant, instant], array, (a, b) => difference(momentOf(a), momentOf(b))),
];
