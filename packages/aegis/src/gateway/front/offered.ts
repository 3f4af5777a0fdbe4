import type { JsonObject } from '@aegis/core';
import type { CatalogueView } from '../catalogue/view.ts';
import type { UpstreamServer } from '../upstream/server.ts';

/** What servers can offer beyond their lists. */
export type Service = 'logging' | 'completions' | 'subscribe';

/** Whether a server declared that it offers it. */
export function offersService({ description }: UpstreamServer, service: Service): boolean {
  const capabilities = description?.capabilities;
  if (service !== 'subscribe') return capabilities?.[service] !== undefined;
  const resources = capabilities?.['resources'] as JsonObject | undefined;
  return resources?.['subscribe'] === true;
}

/** Whether some server behind this endpoint offers it: what nobody could do is not offered to clients. */
export function someOffers(catalogue: CatalogueView, service: Service): boolean {
  return catalogue.upstreams().some((upstream) => offersService(upstream, service));
}
