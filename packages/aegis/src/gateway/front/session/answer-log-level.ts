import type { Resource } from '@aegis/core';
import { INVALID_PARAMS, type Message } from '../../jsonrpc.ts';
import { governedText, settled } from '../govern.ts';
import { LOG_LEVELS, readLogLevel } from '../log-level.ts';
import type { OpenSession } from './open-session.ts';
import { refusalText } from './refusal.ts';

/** The level is the session's own affair, and no server's. */
const LOGGING: Resource = { kind: 'server', server: 'aegis', name: 'logging' };

/** Answers `logging/setLevel`: from now on the client hears nothing less severe. */
export async function answerLogLevel(
  session: OpenSession,
  { id, method, params }: Extract<Message, { kind: 'request' }>,
  signal: AbortSignal,
): Promise<string> {
  const { kernel } = session.context;
  const level = readLogLevel(params['level']);
  if (level === undefined) {
    const message = `\`level\` must be one of ${LOG_LEVELS.join(', ')}`;
    return refusalText(kernel, session.handle, { id, method, code: INVALID_PARAMS, message });
  }
  const verdict = await kernel.mediate(session.handle, {
    method,
    resource: LOGGING,
    args: { level },
    signal,
    execute: () => {
      session.logLevel = level;
      return Promise.resolve({ kind: 'result', result: {}, bytes: 0 });
    },
  });
  return governedText(id, method, settled(verdict));
}
