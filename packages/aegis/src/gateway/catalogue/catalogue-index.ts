import type { Resource } from '@aegis/core';
import type { ListKind, UpstreamServer } from '../upstream/server.ts';
import { type CatalogueEntry, readEntry, renamed } from './entry.ts';
import { exposedNames } from './names.ts';
import { type Offers, offersList } from './offers.ts';
import { fixedChars, matchesTemplate, templateShape, type TemplateShape } from './template.ts';

/** Where a resource is read. */
export interface ResourceRoute {
  readonly upstream: UpstreamServer;
  readonly resource: Resource;
}

/** Everything that all upstreams offer at one moment, merged, sorted by exposed name, never changed. */
export class CatalogueIndex {
  readonly lists: Readonly<Record<ListKind, readonly CatalogueEntry[]>>;
  readonly #tools: ReadonlyMap<string, CatalogueEntry>;
  readonly #prompts: ReadonlyMap<string, CatalogueEntry>;
  readonly #resources: ReadonlyMap<string, CatalogueEntry>;
  readonly #templates: readonly { readonly shape: TemplateShape; readonly entry: CatalogueEntry }[];
  readonly #onlyResourceServer: UpstreamServer | undefined;

  /** `offers` in the order of the configuration. */
  constructor(offers: readonly Offers[]) {
    this.#tools = byName('tools', offers);
    this.#prompts = byName('prompts', offers);
    this.#resources = byUri('resources', offers);
    const templates = byUri('resourceTemplates', offers);
    this.#templates = [...templates.values()]
      .map((entry) => ({ shape: templateShape(entry.own), entry }))
      .sort((a, b) => fixedChars(b.shape) - fixedChars(a.shape));
    this.lists = {
      tools: sorted(this.#tools),
      resources: sorted(this.#resources),
      resourceTemplates: sorted(templates),
      prompts: sorted(this.#prompts),
    };
    const [only, ...others] = offers.filter(({ upstream }) => offersList(upstream, 'resources'));
    this.#onlyResourceServer = others.length === 0 ? only?.upstream : undefined;
  }

  tool(exposed: string): CatalogueEntry | undefined {
    return this.#tools.get(exposed);
  }

  prompt(exposed: string): CatalogueEntry | undefined {
    return this.#prompts.get(exposed);
  }

  /** The server that listed the URI, else the one whose template fits it best, else the only one with resources. */
  resource(uri: string): ResourceRoute | undefined {
    const listed = this.#resources.get(uri);
    if (listed !== undefined) return listed;
    const upstream =
      this.#templates.find(({ shape }) => matchesTemplate(shape, uri))?.entry.upstream ??
      this.#onlyResourceServer;
    if (upstream === undefined) return undefined;
    return { upstream, resource: { kind: 'resource', server: upstream.name, name: uri } };
  }
}

function entriesOf(kind: ListKind, offers: readonly Offers[]): CatalogueEntry[] {
  return offers.flatMap(({ upstream, lists }) =>
    lists[kind].flatMap((definition) => readEntry(kind, upstream, definition) ?? []),
  );
}

function byName(kind: 'tools' | 'prompts', offers: readonly Offers[]): ReadonlyMap<string, CatalogueEntry> {
  const unique = new Map<string, CatalogueEntry>();
  for (const entry of entriesOf(kind, offers)) {
    // A server that lists a name twice means the first.
    const key = JSON.stringify([entry.server, entry.own]);
    if (!unique.has(key)) unique.set(key, entry);
  }
  const exposed = new Map<string, CatalogueEntry>();
  for (const [name, entry] of exposedNames([...unique.values()])) {
    exposed.set(name, renamed(kind, entry, name));
  }
  return exposed;
}

// A URI cannot be renamed: the first server in the configuration that lists it is the one that is read.
function byUri(
  kind: 'resources' | 'resourceTemplates',
  offers: readonly Offers[],
): ReadonlyMap<string, CatalogueEntry> {
  const entries = new Map<string, CatalogueEntry>();
  for (const entry of entriesOf(kind, offers)) {
    if (!entries.has(entry.own)) entries.set(entry.own, entry);
  }
  return entries;
}

// By UTF-16 code units, so that the order depends on nothing but the names.
function sorted(entries: ReadonlyMap<string, CatalogueEntry>): readonly CatalogueEntry[] {
  return [...entries.values()].sort((a, b) => (a.exposed < b.exposed ? -1 : a.exposed > b.exposed ? 1 : 0));
}
