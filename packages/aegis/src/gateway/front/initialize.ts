import { isJsonObject, type JsonObject } from '@aegis/core';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { CLIENT_REVISIONS, LATEST_REVISION } from '../revision.ts';

/** What a client asked for when it initialised. */
export interface Opening {
  readonly revision: string;
  /** `name/version` as the client calls itself. */
  readonly client: string;
}

const MAX_CLIENT_CHARS = 120;

/** Undefined when the parameters are not those of `initialize`. */
export function readOpening(params: JsonObject): Opening | undefined {
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== 'string' || !isJsonObject(capabilities) || !isJsonObject(clientInfo)) {
    return undefined;
  }
  const { name, version } = clientInfo;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  return {
    revision: CLIENT_REVISIONS.includes(protocolVersion) ? protocolVersion : LATEST_REVISION,
    client: `${name}/${version}`.slice(0, MAX_CLIENT_CHARS),
  };
}

/**
 * What is offered: what this gateway relays, and of that what some upstream declared. Tools are always
 * offered, since a server may join later. Instructions of upstreams are not passed on: they are text for
 * the model that nothing has inspected.
 */
export function initializeResult(revision: string, catalogue: Catalogue, version: string): JsonObject {
  const listChanged = { listChanged: true };
  return {
    protocolVersion: revision,
    capabilities: {
      tools: listChanged,
      ...(catalogue.offers('resources') ? { resources: listChanged } : {}),
      ...(catalogue.offers('prompts') ? { prompts: listChanged } : {}),
    },
    serverInfo: { name: 'aegis', title: 'Aegis', version },
  };
}
