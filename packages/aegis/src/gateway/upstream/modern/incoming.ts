import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { progressOf } from '../progress.ts';
import type { Conversation } from '../server.ts';
import type { Stray } from '../stray.ts';

/** What a server of the modern era sends: answers, and notifications. */
export type ModernMessage =
  | { readonly kind: 'response'; readonly id: JsonValue | undefined; readonly message: JsonObject }
  | ModernNotification;

export interface ModernNotification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
}

/** A log message longer than this is dropped. */
const MAX_LOG_BYTES = 64 * 1024;

/**
 * Tells what a message is; undefined for one that leads to nothing, which is counted. A request is such
 * a one: servers of this era may send none, and there is no way to answer it.
 */
export function readModernMessage(value: JsonValue, stray: Stray): ModernMessage | undefined {
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') {
    stray.garbage++;
    return undefined;
  }
  const { id, method, params } = value;
  if (typeof method !== 'string') return { kind: 'response', id, message: value };
  if (id !== undefined) {
    stray.refuse(method);
    return undefined;
  }
  return { kind: 'notification', method, params: isJsonObject(params) ? params : {} };
}

/**
 * Hands a notification to the request `id` that it belongs to; `bytes` is the size of its text. False
 * when nobody listens.
 */
export function hear(
  conversation: Conversation | undefined,
  id: number,
  { method, params }: ModernNotification,
  bytes: number,
): boolean {
  if (method === 'notifications/message') {
    // A server logs for a request that asked for it, and for no other.
    if (conversation?.logLevel === undefined || bytes > MAX_LOG_BYTES) return false;
    conversation.log?.(params);
    return conversation.log !== undefined;
  }
  if (method !== 'notifications/progress' || params['progressToken'] !== id) return false;
  const report = progressOf(params);
  if (report === undefined || conversation?.progress === undefined) return false;
  conversation.progress(report);
  return true;
}
