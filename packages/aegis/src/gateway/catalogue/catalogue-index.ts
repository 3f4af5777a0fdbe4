import type { Resource } from '@aegis/core';
import type { FanOut } from '../routes/fan-out.ts';
import { placeTools } from '../routes/place.ts';
import { NO_ROUTES, type RouteTable } from '../routes/table.ts';
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
  /**
   * A tool that a route brings to several servers stands there once for each of them, in the order of the
   * route: a client is shown the first that it may see.
   */
  readonly lists: Readonly<Record<ListKind, readonly CatalogueEntry[]>>;
  readonly #tools: ReadonlyMap<string, CatalogueEntry>;
  readonly #fanOuts: ReadonlyMap<string, FanOut>;
  readonly #prompts: ReadonlyMap<string, CatalogueEntry>;
  readonly #resources: ReadonlyMap<string, CatalogueEntry>;
  readonly #templates: readonly { readonly shape: TemplateShape; readonly entry: CatalogueEntry }[];
  readonly #onlyResourceServer: UpstreamServer | undefined;

  /** `offers` in the order of the configuration. */
  constructor(offers: readonly Offers[], routes: RouteTable = NO_ROUTES) {
    const { tools, fanOuts } = placeTools(named('tools', offers), routes);
    this.#tools = tools;
    this.#fanOuts = fanOuts;
    const open = offers.filter(({ upstream }) => !routes.onlyRouted(upstream.name));
    this.#prompts = prompts(open);
    this.#resources = byUri('resources', open);
    const templates = byUri('resourceTemplates', open);
    this.#templates = [...templates.values()]
      .map((entry) => ({ shape: templateShape(entry.own), entry }))
      .sort((a, b) => fixedChars(b.shape) - fixedChars(a.shape));
    this.lists = {
      tools: sorted([...tools.values(), ...[...fanOuts.values()].flatMap(({ members }) => members)]),
      resources: sorted(this.#resources.values()),
      resourceTemplates: sorted(templates.values()),
      prompts: sorted(this.#prompts.values()),
    };
    const [only, ...others] = open.filter(({ upstream }) => offersList(upstream, 'resources'));
    this.#onlyResourceServer = others.length === 0 ? only?.upstream : undefined;
  }

  /** A tool of one server; undefined for one that a route brings to several. */
  tool(exposed: string): CatalogueEntry | undefined {
    return this.#tools.get(exposed);
  }

  /** A tool that a route brings to several servers. */
  fanOut(exposed: string): FanOut | undefined {
    return this.#fanOuts.get(exposed);
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

function named(kind: 'tools' | 'prompts', offers: readonly Offers[]): readonly CatalogueEntry[] {
  const unique = new Map<string, CatalogueEntry>();
  for (const entry of entriesOf(kind, offers)) {
    // A server that lists a name twice means the first.
    const key = JSON.stringify([entry.server, entry.own]);
    if (!unique.has(key)) unique.set(key, entry);
  }
  return [...unique.values()];
}

function prompts(offers: readonly Offers[]): ReadonlyMap<string, CatalogueEntry> {
  const exposed = new Map<string, CatalogueEntry>();
  for (const [name, entry] of exposedNames(named('prompts', offers))) {
    exposed.set(name, renamed('prompts', entry, name));
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
function sorted(entries: Iterable<CatalogueEntry>): readonly CatalogueEntry[] {
  return [...entries].sort((a, b) => (a.exposed < b.exposed ? -1 : a.exposed > b.exposed ? 1 : 0));
}
