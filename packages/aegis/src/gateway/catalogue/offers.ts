import type { JsonObject } from '@aegis/core';
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

export function offersList(upstream: UpstreamServer, kind: ListKind): boolean {
  return upstream.description?.capabilities[CAPABILITY_OF[kind]] !== undefined;
}
