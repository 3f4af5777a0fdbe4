import type { ClientRequest, JsonObject } from '@aegis/core';

/** The client capability (MCP) that stands for each request of a server. */
export const CAPABILITY_OF: Readonly<Record<ClientRequest, string>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};

/** The capabilities of a client that answers all of these requests in every form. */
export function capabilitiesFor(requests: Iterable<ClientRequest>): JsonObject {
  const capabilities: Record<string, JsonObject> = {};
  for (const request of requests) {
    capabilities[CAPABILITY_OF[request]] = request === 'elicitation/create' ? { form: {}, url: {} } : {};
  }
  return capabilities;
}
