import { BuiltinError } from './builtin.ts';
import { daysInMonth, nanosecondsOf } from './calendar.ts';
import { type Draft, fractionOf, readField } from './time-field.ts';
import { fieldsOf } from './time-layout.ts';

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
      draft.nanosecond = fractionOf(take('[.,]\\d+'));
    }
  }
  if (at !== text.length) fail();
  if (draft.isPm === true && draft.hour < 12) draft.hour += 12;
  if (draft.isPm === false && draft.hour === 12) draft.hour = 0;
  if (draft.day < 1 || draft.day > daysInMonth(draft.year, draft.month)) fail();
  return nanosecondsOf(draft) - BigInt(draft.offset) * 1_000_000_000n;
}
