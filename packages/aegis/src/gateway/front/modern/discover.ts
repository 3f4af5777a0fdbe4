import type { JsonObject } from '@aegis/core';
import type { CatalogueView } from '../../catalogue/view.ts';
import { SESSION_REVISIONS } from '../../revision.ts';
import { MODERN_REVISION } from '../../upstream/modern/request.ts';
import { instructionsFor } from '../instructions.ts';
import { someOffers } from '../offered.ts';
import type { Viewer } from './lists.ts';

/** What is spoken here: the revision without sessions first, then those that open with `initialize`. */
export const SUPPORTED_REVISIONS: readonly string[] = [MODERN_REVISION, ...SESSION_REVISIONS];

/** What a server can offer, as MCP's server capabilities name it. */
export type Capability = 'tools' | 'resources' | 'prompts' | 'completions' | 'logging';

/**
 * Whether an endpoint offers something: what this gateway relays, and of that what some server declared.
 * Tools always, since a server may join later.
 */
export function isOffered(catalogue: CatalogueView, capability: Capability): boolean {
  switch (capability) {
    case 'tools':
      return true;
    case 'resources':
    case 'prompts':
      return catalogue.offers(capability);
    default:
      return someOffers(catalogue, capability);
  }
}

/** What a caller may know of an endpoint before it asks for anything. */
export function discovery({ kernel, handle, catalogue }: Viewer): JsonObject {
  const instructions = instructionsFor(kernel, handle, catalogue);
  return {
    supportedVersions: SUPPORTED_REVISIONS,
    capabilities: capabilitiesOf(catalogue),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

function capabilitiesOf(catalogue: CatalogueView): JsonObject {
  const listChanged = { listChanged: true };
  const subscribe = someOffers(catalogue, 'subscribe') ? { subscribe: true } : {};
  const all: Readonly<Record<Capability, JsonObject>> = {
    tools: listChanged,
    resources: { ...listChanged, ...subscribe },
    prompts: listChanged,
    completions: {},
    logging: {},
  };
  return Object.fromEntries(
    Object.entries(all).filter(([capability]) => isOffered(catalogue, capability as Capability)),
  );
}
