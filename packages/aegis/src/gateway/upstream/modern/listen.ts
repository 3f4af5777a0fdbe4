import { isJsonObject, type JsonObject } from '@aegis/core';
import type { ListenHeard } from './channel.ts';
import type { ModernNotification } from './incoming.ts';
import { META_KEYS } from './request.ts';

/**
 * Hands over a notification that came for the listening request `id`. False for one that does not
 * belong to it.
 */
export function hearListening(
  id: string,
  { method, params }: ModernNotification,
  heard: ListenHeard,
): boolean {
  if (subscriptionOf(params) !== id) return false;
  if (method !== 'notifications/subscriptions/acknowledged') heard.notified(method, params);
  else heard.acknowledged(isJsonObject(params['notifications']) ? params['notifications'] : {});
  return true;
}

/** The listening request that a notification names. */
export function subscriptionOf({ _meta: meta }: JsonObject): unknown {
  return isJsonObject(meta) ? meta[META_KEYS.subscriptionId] : undefined;
}

/** The code of the error that answered a listening request; undefined when it ended in good order. */
export function refusalOf({ error }: JsonObject): number | undefined {
  if (!isJsonObject(error)) return undefined;
  return typeof error['code'] === 'number' ? error['code'] : undefined;
}
