import type { ServerManifest } from '../manifest/manifest.ts';
import type { Capability } from '../model/capability.ts';
import type { Facts } from '../model/finding.ts';
import { isClientRequest } from '../model/method.ts';
import type { AccessRequest } from '../model/request.ts';

/**
 * Where a text came from: a person, what a tool answered, a document that was fetched (a resource, a prompt), what
 * was remembered, something outside of the network's edge.
 */
export const SOURCES = ['user', 'tool', 'document', 'memory', 'external'] as const;
export type Source = (typeof SOURCES)[number];

/** Labels that nobody vouches for, where nothing else is said. */
export const UNTRUSTED: readonly Source[] = ['tool', 'document', 'memory', 'external'];

/** Where the answer to an action comes from, as far as its method and its capabilities tell. */
export function sourceOf(method: string, capabilities: readonly Capability[]): Source {
  switch (method) {
    case 'elicitation/create':
    case 'roots/list':
      return 'user';
    case 'resources/read':
    case 'prompts/get':
    case 'completion/complete':
      return 'document';
    default:
      if (capabilities.includes('net.egress')) return 'external';
      return capabilities.includes('memory.read') ? 'memory' : 'tool';
  }
}

/** Labels as one list: sorted, each once. */
export function joinLabels(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].toSorted();
}

/** What the answer to an action is called: what the manifest says or else its source, and what rules add. */
export function labelsOf(
  { action, resource }: AccessRequest,
  { capabilities }: Facts,
  server: ServerManifest | undefined,
  added: readonly string[] = [],
): readonly string[] {
  const tool = resource.kind === 'tool' ? server?.tools.get(resource.name) : undefined;
  const asked = isClientRequest(action.method);
  const declared = asked ? undefined : (tool?.returns ?? server?.returns);
  return joinLabels(declared ?? [sourceOf(action.method, capabilities)], added);
}
