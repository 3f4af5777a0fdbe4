import { printable } from '@aegis/core';
import { LOG_LEVELS } from '../../../config/schema/telemetry.ts';
import type { ConfiguredLog } from '../../../config/configured/doors.ts';
import { systemClock } from '../../../platform.ts';

export type LogLevel = ConfiguredLog['level'];

/** Writes one line of the log. */
export type Log = (level: LogLevel, message: string) => void;

/** A log of lines, each a JSON object or a text, of what is at least as urgent as the level. */
export function createLog(stream: NodeJS.WritableStream, { level: least, format }: ConfiguredLog): Log {
  const from = LOG_LEVELS.indexOf(least);
  return (level, message) => {
    if (LOG_LEVELS.indexOf(level) < from) return;
    const time = new Date(systemClock.now()).toISOString();
    const line =
      format === 'json'
        ? JSON.stringify({ time, level, message })
        : `${time} ${level.padEnd(5)} ${printable(message)}`;
    stream.write(`${line}\n`);
  };
}
