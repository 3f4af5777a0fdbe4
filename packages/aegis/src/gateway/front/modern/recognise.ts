import { isJsonObject } from '@aegis/core';
import type { Message } from '../../jsonrpc.ts';
import { isSessionRevision } from '../../revision.ts';
import { META_KEYS, MODERN_REVISION } from '../../upstream/modern/request.ts';

/**
 * Whether a request speaks a revision without sessions by its `MCP-Protocol-Version` header: the one that
 * we know, or one that nobody here knows, which must be told what is supported. A session id makes a
 * request with an unknown revision an affair of that session.
 */
export function isModernHeader(revision: string | undefined, hasSession: boolean): boolean {
  if (revision === undefined) return false;
  return revision === MODERN_REVISION || (!hasSession && !isSessionRevision(revision));
}

/** Whether a message says itself that it speaks a revision without sessions. */
export function isModernMessage(message: Message): boolean {
  if (message.kind !== 'request') return false;
  const meta = message.params['_meta'];
  return isJsonObject(meta) && Object.hasOwn(meta, META_KEYS.protocolVersion);
}
