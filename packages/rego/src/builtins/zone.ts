import { type CivilTime, civilTime, nanosecondsOf } from './calendar.ts';
import { BuiltinError } from './builtin.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** The zone database is the one that the JavaScript engine brings. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  if (zone === 'Local') throw new BuiltinError('the zone of the host is not known to policies');
  if (!NAME.test(zone)) throw new BuiltinError(`unknown time zone ${zone.slice(0, 40)}`);
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size >= 64) formats.clear();
    formats.set(zone, made);
    return made;
  } catch {
    throw new BuiltinError(`unknown time zone ${zone.slice(0, 40)}`);
  }
}

/** How many seconds a zone is ahead of UTC at an instant. */
export function zoneOffset(ns: bigint, zone: string): number {
  if (zone === '' || zone === 'UTC') return 0;
  const utc = civilTime(ns, 0);
  const seconds = (nanosecondsOf(utc) - BigInt(utc.nanosecond)) / 1_000_000_000n;
  const parts = new Map<string, string>();
  for (const { type, value } of formatOf(zone).formatToParts(Number(seconds) * 1000)) parts.set(type, value);
  const part = (name: string): number => Number(parts.get(name) ?? '0');
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local: CivilTime = {
    year,
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    nanosecond: 0,
  };
  return Number(nanosecondsOf(local) / 1_000_000_000n - seconds);
}

/** The instant at which a clock in the zone shows this time, as if `Date` of Go had been asked. */
export function instantOf(local: CivilTime, zone: string): bigint {
  const asUtc = nanosecondsOf(local);
  const second = 1_000_000_000n;
  // Go's rule: take the offset in force at the guess, and correct once when it was the wrong one.
  const first = zoneOffset(asUtc, zone);
  const guess = asUtc - BigInt(first) * second;
  const actual = zoneOffset(guess, zone);
  if (actual === first) return guess;
  const corrected = asUtc - BigInt(actual) * second;
  return zoneOffset(corrected, zone) === actual ? corrected : guess;
}
