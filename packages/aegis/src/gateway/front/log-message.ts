import { type JsonObject, maskResult, type Masks } from '@aegis/core';
import { notificationText } from '../jsonrpc.ts';
import { isAtLeast, type LogLevel, readLogLevel } from './log-level.ts';

const MAX_MESSAGE_CHARS = 64 * 1024;
const MAX_LOGGER_CHARS = 256;

/**
 * A log message of a server as the client gets it: its level, its logger and its data, and nothing else.
 * `unwanted` when it is less severe than the client wants, `unfit` when it is none, or too large.
 */
export function logMessageText(
  params: JsonObject,
  least: LogLevel,
  mask: Masks,
): { readonly text: string } | 'unwanted' | 'unfit' {
  const level = readLogLevel(params['level']);
  const { data, logger } = params;
  if (level === undefined || data === undefined) return 'unfit';
  if (!isAtLeast(level, least)) return 'unwanted';
  const message = {
    ...(typeof logger === 'string' ? { logger: logger.slice(0, MAX_LOGGER_CHARS).toWellFormed() } : {}),
    data,
  };
  // SECURITY: what the answer may not show, a log message on the way to it may not show either.
  const { result } = maskResult(message, mask);
  const text = notificationText('notifications/message', { level, ...result });
  return text.length > MAX_MESSAGE_CHARS ? 'unfit' : { text };
}
