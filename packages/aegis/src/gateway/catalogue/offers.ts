import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { ListKind, UpstreamServer } from '../upstream/server.ts';

/** What one upstream offered when it was last asked. */
export interface Offers {
  readonly upstream: UpstreamServer;
  readonly lists: Readonly<Record<ListKind, readonly JsonObject[]>>;
}

/** The capability that a server declares for each list. */
const CAPABILITY_OF: Readonly<Record<ListKind, string>> = {
  tools: 'tools',
  resources: 'resources',
  resourceTemplates: 'resources',
  prompts: 'prompts',
};

/** Whether a server takes tool calls as tasks; only one revision of MCP has them, 2025-11-25. */
export function runsTasks({ description }: UpstreamServer): boolean {
  if (description?.protocolVersion !== '2025-11-25') return false;
  let capability: JsonValue | undefined = description.capabilities['tasks'];
  for (const key of ['requests', 'tools', 'call'])
    capability = isJsonObject(capability) ? capability[key] : undefined;
  return isJsonObject(capability);
}

export function offersList(upstream: UpstreamServer, kind: ListKind): boolean {
  return upstream.description?.capabilities[CAPABILITY_OF[kind]] !== undefined;
}
