import { isJsonObject, type JsonObject } from '@aegis/core';
import type { CatalogueView } from '../../catalogue/view.ts';
import { isSessionRevision, isSince, LATEST_REVISION, type SessionRevision } from '../../revision.ts';
import { declaredBy } from './declared.ts';
import { someOffers } from '../offered.ts';
import { offersTasks } from './tasks/offered.ts';

/** What a client asked for when it initialised. */
export interface Opening {
  readonly revision: SessionRevision;
  /** `name/version` as the client calls itself. */
  readonly client: string;
  /** What the client can be asked. */
  readonly declared: JsonObject;
  /** The handoff token that it brought. */
  readonly handoff?: string;
}

/** Where a client shows a handoff token; see docs/reference/handoffs.md. */
export const HANDOFF_META = 'aegis/handoff';

const MAX_CLIENT_CHARS = 120;

/** What there is of tasks, where there are any. */
const TASKS: JsonObject = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** Undefined when the parameters are not those of `initialize`. */
export function readOpening(params: JsonObject): Opening | undefined {
  const { protocolVersion, capabilities, clientInfo, _meta: meta } = params;
  if (typeof protocolVersion !== 'string' || !isJsonObject(capabilities) || !isJsonObject(clientInfo)) {
    return undefined;
  }
  const { name, version } = clientInfo;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  const handoff = isJsonObject(meta) ? meta[HANDOFF_META] : undefined;
  if (handoff !== undefined && typeof handoff !== 'string') return undefined;
  const revision = isSessionRevision(protocolVersion) ? protocolVersion : LATEST_REVISION;
  return {
    revision,
    client: `${name}/${version}`.slice(0, MAX_CLIENT_CHARS),
    declared: declaredBy(capabilities, revision),
    ...(handoff === undefined ? {} : { handoff }),
  };
}

/**
 * What is offered: what this gateway relays, and of that what some upstream declared. Tools are always
 * offered, since a server may join later.
 */
export function initializeResult(
  revision: SessionRevision,
  catalogue: CatalogueView,
  version: string,
  instructions: string | undefined,
): JsonObject {
  const listChanged = { listChanged: true };
  const subscribe = someOffers(catalogue, 'subscribe') ? { subscribe: true } : {};
  return {
    protocolVersion: revision,
    capabilities: {
      tools: listChanged,
      ...(catalogue.offers('resources') ? { resources: { ...subscribe, ...listChanged } } : {}),
      ...(catalogue.offers('prompts') ? { prompts: listChanged } : {}),
      ...(offersTasks(revision, catalogue) ? { tasks: TASKS } : {}),
      ...(someOffers(catalogue, 'logging') ? { logging: {} } : {}),
      // The revision before it had the method without a capability.
      ...(someOffers(catalogue, 'completions') && isSince(revision, '2025-03-26') ? { completions: {} } : {}),
    },
    serverInfo: { name: 'aegis', ...(isSince(revision, '2025-06-18') ? { title: 'Aegis' } : {}), version },
    ...(instructions === undefined ? {} : { instructions }),
  };
}
