import { AegisError } from '@aegis/core';

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `90s`, `30m`, `12h` or `7d`. Fails with `USAGE`. */
export function parseDuration(text: string, option: string): number {
  const [, count, unit = ''] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = count === undefined ? undefined : Number(count) * (UNITS[unit] ?? Number.NaN);
  if (milliseconds !== undefined) return milliseconds;
  throw new AegisError('USAGE', `--${option}: \`${text}\` is no duration`, { help: 'for example 12h or 7d' });
}

/**
 * Unix milliseconds of a moment: a date (its beginning, UTC), a time with its zone, or how long ago.
 * Fails with `USAGE`.
 */
export function parseMoment(text: string, option: string, nowMs: number): number {
  if (/^[0-9]+[smhd]$/.test(text)) return nowMs - parseDuration(text, option);
  const isMoment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(
    text,
  );
  const moment = isMoment ? Date.parse(text) : Number.NaN;
  if (moment >= 0) return moment;
  throw new AegisError('USAGE', `--${option}: \`${text}\` is no date`, {
    help: 'for example 2026-06-30, 2026-06-30T12:00Z, or 180d for so long ago',
  });
}
