import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { SourceNode } from '../../source/node.ts';
import { fault, type Report, readList, readString, type SourcePath } from '../../source/report.ts';
import { WEEKDAYS, type Weekday } from '../time-window.ts';
import type { Translation, TranslatedEntry } from './translation.ts';

/** The conditions that are about the time. */
export const TIME_KEYS: readonly string[] = ['time_after', 'time_before', 'weekdays', 'timezone'];

/** The time zone of a whole file, and whether any rule needed it. */
export interface Zone {
  readonly name: string;
  readonly path: SourcePath;
  used: boolean;
}

/**
 * The conditions about the time as one window: `time_after` is inside and `time_before` is not, and a window
 * that would end before it begins goes on past midnight. Undefined where there are none.
 */
export function translateTime(
  report: Report,
  path: SourcePath,
  table: JsonObject,
  translation: Translation,
  zone: Zone | undefined,
): SourceNode | undefined {
  const { weekdays, timezone } = table;
  const at = (key: string): SourcePath => [...path, key];
  const first = TIME_KEYS.find((key) => key !== 'timezone' && table[key] !== undefined);
  if (first === undefined) {
    if (timezone === undefined) return undefined;
    return fault(report, at('timezone'), 'no-effect', 'the rule has no time', { what: 'key' });
  }
  const own = timezone === undefined ? undefined : translation.copy(timezone, at('timezone'));
  const clock = (key: string): SourceNode | undefined => {
    const value = table[key];
    const text = value === undefined ? undefined : readString(report, at(key), value);
    return text === undefined ? undefined : translation.scalar(text.replace(/^\d:/, '0$&'), at(key));
  };
  const window: TranslatedEntry[] = [
    ['from', clock('time_after')],
    ['to', clock('time_before')],
    ['days', weekdays === undefined ? undefined : readDays(report, at('weekdays'), weekdays, translation)],
  ];
  if (own !== undefined) return translation.table([...window, ['zone', own]], path);
  if (zone === undefined) {
    // SECURITY: a time without its zone is another one on every machine.
    return fault(report, at(first), 'missing-key', 'a time needs `timezone`', {
      what: 'key',
      help: 'write `timezone: Europe/Zurich` beside it, or once at the top of the file',
    });
  }
  zone.used = true;
  return translation.table([...window, ['zone', translation.scalar(zone.name, zone.path)]], path);
}

const DAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Numbers from 1, which is Monday (ISO 8601), or names. */
function readDays(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  translation: Translation,
): SourceNode | undefined {
  const days = readList(report, path, value);
  return (
    days &&
    translation.list(
      days.flatMap((day, index) => {
        const word = dayOf(day);
        if (word !== undefined) return [translation.scalar(word, [...path, index])];
        const help = '`1` is Monday and `7` is Sunday; a name is `mon` or `monday`';
        return (
          fault(report, [...path, index], 'unknown-value', `\`${String(day)}\` is not a day`, { help }) ?? []
        );
      }),
      path,
    )
  );
}

function dayOf(day: JsonValue): Weekday | undefined {
  if (typeof day === 'number') return WEEKDAYS[day - 1];
  if (typeof day !== 'string') return undefined;
  const name = day.toLowerCase();
  return WEEKDAYS.find((short, place) => short === name || DAY_NAMES[place] === name);
}
