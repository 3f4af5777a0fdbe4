import type { JsonValue } from '../model/json.ts';
import {
  fault,
  type Report,
  readList,
  readSet,
  readString,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';
import { DAY_MINUTES, isTimeZone, type TimeWindow, WEEKDAYS } from './time-window.ts';

const MAX_WINDOWS = 32;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `time`: one window, or a list of which one must be open. What could not be read is left out. */
export function readTime(report: Report, path: SourcePath, value: JsonValue): readonly TimeWindow[] {
  if (!Array.isArray(value)) return keep(readWindow(report, path, value));
  const items = readList(report, path, value) ?? [];
  if (items.length === 0 || items.length > MAX_WINDOWS) {
    fault(report, path, 'out-of-range', `\`time\` must have 1 to ${MAX_WINDOWS} windows`);
    return [];
  }
  return items.flatMap((item, index) => keep(readWindow(report, [...path, index], item)));
}

function keep(window: TimeWindow | undefined): readonly TimeWindow[] {
  return window === undefined ? [] : [window];
}

function readWindow(report: Report, path: SourcePath, value: JsonValue): TimeWindow | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['from', 'to', 'days', 'zone']);
  const { from, to, days, zone } = table;
  if (from === undefined && to === undefined && days === undefined) {
    return fault(report, path, 'missing-key', 'a window needs hours or days');
  }
  const window = {
    from: from === undefined ? 0 : readClock(report, [...path, 'from'], from, DAY_MINUTES - 1),
    to: to === undefined ? DAY_MINUTES : readClock(report, [...path, 'to'], to, DAY_MINUTES),
    days: days === undefined ? WEEKDAYS : readDays(report, [...path, 'days'], days),
    zone: readZone(report, path, zone),
  };
  if (window.from === undefined || window.to === undefined || window.zone === undefined) return undefined;
  if (window.from === window.to) {
    return fault(report, [...path, 'to'], 'no-effect', 'the window is never open', {
      help: 'for whole days leave `from` and `to` out',
    });
  }
  return window.days === undefined ? undefined : (window as TimeWindow);
}

function readClock(report: Report, path: SourcePath, value: JsonValue, most: number): number | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  const read = text === '24:00' ? DAY_MINUTES : Number(hours) * 60 + Number(minutes);
  if (read <= most) return read;
  return fault(report, path, 'bad-time', `\`${text}\` is not a time of day`, {
    help: 'write it like `08:30`',
  });
}

function readDays(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): readonly (typeof WEEKDAYS)[number][] | undefined {
  const days = readSet(report, path, value, (at, day) => readWord(report, at, day, WEEKDAYS));
  if (days.length > 0) return WEEKDAYS.filter((day) => days.includes(day));
  if (Array.isArray(value) && value.length === 0) {
    fault(report, path, 'no-effect', 'a window without days is never open');
  }
  return undefined;
}

/** SECURITY: no zone is assumed: an office is closed at three in the morning where the office is. */
function readZone(report: Report, path: SourcePath, value: JsonValue | undefined): string | undefined {
  const help = 'name one of the IANA database, like `UTC` or `Europe/Zurich`';
  if (value === undefined) return fault(report, path, 'missing-key', 'a window needs `zone`', { help });
  const zone = readString(report, [...path, 'zone'], value);
  if (zone === undefined || isTimeZone(zone)) return zone;
  return fault(report, [...path, 'zone'], 'unknown-value', `unknown time zone \`${zone}\``, { help });
}
