import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { ListKind } from '../../upstream/server.ts';
import type { Capability } from './discover.ts';

/** A kind of list changes that a client can listen to. */
export interface ListChange {
  readonly field: string;
  /** What some server must offer. */
  readonly capability: Capability;
  readonly kinds: readonly ListKind[];
  /** What the client is told. */
  readonly method: string;
}

const LIST_CHANGES: readonly ListChange[] = [
  {
    field: 'toolsListChanged',
    capability: 'tools',
    kinds: ['tools'],
    method: 'notifications/tools/list_changed',
  },
  {
    field: 'promptsListChanged',
    capability: 'prompts',
    kinds: ['prompts'],
    method: 'notifications/prompts/list_changed',
  },
  {
    field: 'resourcesListChanged',
    capability: 'resources',
    kinds: ['resources', 'resourceTemplates'],
    method: 'notifications/resources/list_changed',
  },
];

/** What a client wants to be told of (MCP 2026-07-28, `SubscriptionFilter`). */
export interface SubscriptionFilter {
  readonly changes: readonly ListChange[];
  /** No URI twice. */
  readonly uris: readonly string[];
}

/** The most resources of one subscription. */
const MAX_URIS = 64;

export function readFilter({ notifications }: JsonObject): SubscriptionFilter | { readonly problem: string } {
  if (!isJsonObject(notifications)) return { problem: '`notifications` must be an object' };
  for (const { field } of LIST_CHANGES) {
    const wanted = notifications[field];
    if (wanted !== undefined && typeof wanted !== 'boolean')
      return { problem: `\`${field}\` must be true or false` };
  }
  const { resourceSubscriptions: uris = [] } = notifications;
  if (!Array.isArray(uris) || !uris.every((uri: JsonValue) => typeof uri === 'string')) {
    return { problem: '`resourceSubscriptions` must be a list of URIs' };
  }
  const unique = [...new Set(uris)];
  return unique.length > MAX_URIS
    ? { problem: `\`resourceSubscriptions\` can have at most ${MAX_URIS} URIs` }
    : { changes: LIST_CHANGES.filter(({ field }) => notifications[field] === true), uris: unique };
}

/** The part of a filter that is honoured, as the client is told it. */
export function honoured(changes: readonly ListChange[], uris: readonly string[]): JsonObject {
  return {
    ...Object.fromEntries(changes.map(({ field }) => [field, true])),
    ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }),
  };
}
