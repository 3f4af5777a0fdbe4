import type { JsonValue } from '@aegis/core';

/** How severe a log message is (RFC 5424, section 6.2.1), the least severe first. */
export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a client is sent that has not said what it wants; MCP leaves it to the server. */
export const DEFAULT_LOG_LEVEL: LogLevel = 'info';

export function readLogLevel(value: JsonValue | undefined): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === value);
}

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
