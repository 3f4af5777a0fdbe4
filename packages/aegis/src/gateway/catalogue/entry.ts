import { isJsonObject, type JsonObject, type Resource } from '@aegis/core';
import { fingerprintOf } from '../pins/fingerprint.ts';
import type { ListKind, UpstreamServer } from '../upstream/server.ts';
import { runsTasks } from './offers.ts';

/** One tool, resource, resource template or prompt, as clients see it. */
export interface CatalogueEntry {
  /** The name (or URI, or URI template) under which clients know it. */
  readonly exposed: string;
  readonly server: string;
  /** The server's own name, which policy judges and the server is asked for. */
  readonly own: string;
  readonly resource: Resource;
  readonly upstream: UpstreamServer;
  /** What a list shows of it. */
  readonly definition: JsonObject;
  /** Of the whole definition as it came, where it is pinned and has one; the name that it is shown under is no part. */
  readonly fingerprint: string | undefined;
}

/** The member that names an item of each list. */
const KEYS: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
  prompts: 'name',
};

const RESOURCE_KINDS = {
  tools: 'tool',
  resources: 'resource',
  resourceTemplates: 'resource',
  prompts: 'prompt',
} as const satisfies Record<ListKind, Resource['kind']>;

const MAX_NAME_CHARS = 2048;

/** An item of an upstream's list as it came; undefined when it is none that clients can use. */
export function readEntry(
  kind: ListKind,
  upstream: UpstreamServer,
  definition: JsonObject,
): CatalogueEntry | undefined {
  const own = ownName(kind, definition);
  if (own === undefined) return undefined;
  const server = upstream.name;
  const resource: Resource = { kind: RESOURCE_KINDS[kind], server, name: own };
  const fingerprint = isPinned(kind) ? fingerprintOf(definition)?.digest : undefined;
  return {
    exposed: own,
    server,
    own,
    resource,
    upstream,
    definition: relayable(definition, upstream),
    fingerprint,
  };
}

/** How the server itself calls an item; undefined when that is no name. */
export function ownName(kind: ListKind, definition: JsonObject): string | undefined {
  const own = definition[KEYS[kind]];
  return typeof own !== 'string' || own === '' || own.length > MAX_NAME_CHARS ? undefined : own;
}

/** The lists whose definitions are pinned: what a model reads before it acts. Resources are data. */
export function isPinned(kind: ListKind): kind is 'tools' | 'prompts' {
  return kind === 'tools' || kind === 'prompts';
}

/** The same entry under another name. */
export function renamed(kind: ListKind, entry: CatalogueEntry, exposed: string): CatalogueEntry {
  if (entry.exposed === exposed) return entry;
  return { ...entry, exposed, definition: { ...entry.definition, [KEYS[kind]]: exposed } };
}

/** Of `execution` it is relayed whether a tool can be called as a task, where its server takes tasks. */
function relayable(definition: JsonObject, upstream: UpstreamServer): JsonObject {
  const { execution, ...rest } = definition;
  if (execution === undefined) return definition;
  const taskSupport = isJsonObject(execution) ? execution['taskSupport'] : undefined;
  const isTask = (taskSupport === 'optional' || taskSupport === 'required') && runsTasks(upstream);
  return isTask ? { ...rest, execution: { taskSupport } } : rest;
}
