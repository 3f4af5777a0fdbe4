import type { JsonObject } from '@aegis/core';
import type { Progress } from './server.ts';

/** What a server says beside the numbers is for one line of a screen. */
const MAX_MESSAGE_CHARS = 1_000;

/** Reads the parameters of a progress notification; undefined when they are none. */
export function progressOf({ progress, total, message }: JsonObject): Progress | undefined {
  if (typeof progress !== 'number') return undefined;
  return {
    progress,
    ...(typeof total === 'number' ? { total } : {}),
    ...(typeof message === 'string' ? { message: message.slice(0, MAX_MESSAGE_CHARS).toWellFormed() } : {}),
  };
}
