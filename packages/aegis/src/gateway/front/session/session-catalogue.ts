import { type CatalogueEntry, readEntry } from '../../catalogue/entry.ts';
import type { ResourceRoute } from '../../catalogue/catalogue-index.ts';
import { offersList } from '../../catalogue/offers.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import type { FanOut } from '../../routes/fan-out.ts';
import { readList } from '../../upstream/list.ts';
import type { ListKind, UpstreamServer } from '../../upstream/server.ts';
import { within } from '../../upstream/within.ts';
import type { OwnLink, SessionLinks } from '../links.ts';

/** How long a server may take to list what it has for one session, in milliseconds. */
const READ_MS = 5_000;

/** The most resources that one server can have for one session alone. */
const MAX_RESOURCES = 1_000;

/**
 * What one session is offered: what all are, and the resources that servers have for it alone, on the lines
 * that nobody else uses.
 *
 * SECURITY: what a server has for one session takes no URI from another server: one that is read somewhere
 * already is read there.
 */
export class SessionCatalogue implements CatalogueView {
  readonly #shared: CatalogueView;
  readonly #links: SessionLinks;
  /** By server, and by URI. */
  readonly #own = new Map<string, ReadonlyMap<string, CatalogueEntry>>();
  /** The servers whose resources are known as they are now. */
  readonly #known = new Set<string>();
  /** The servers of which the client was told that there is something new. */
  readonly #told = new Set<string>();
  #reading: Promise<void> | undefined;

  constructor(shared: CatalogueView, links: SessionLinks) {
    this.#shared = shared;
    this.#links = links;
  }

  /** A server has other resources for the session than before. False when the client was told and has not looked. */
  changed(server: string): boolean {
    this.#known.delete(server);
    if (this.#told.has(server)) return false;
    this.#told.add(server);
    return true;
  }

  /** Asks the servers that may have something new for the session. What cannot be read stays as it was. Never rejects. */
  refresh(): Promise<void> {
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Makes sure that a URI is known which a server may have just made. */
  async find(uri: unknown): Promise<void> {
    if (typeof uri === 'string' && this.#shared.resource(uri) === undefined) await this.refresh();
  }

  upstreams(): readonly UpstreamServer[] {
    return this.#shared.upstreams();
  }

  list(kind: ListKind): readonly CatalogueEntry[] {
    const shared = this.#shared.list(kind);
    if (kind !== 'resources' || this.#own.size === 0) return shared;
    const entries = new Map<string, CatalogueEntry>();
    for (const own of this.#own.values()) for (const [uri, entry] of own) entries.set(uri, entry);
    for (const entry of shared) entries.set(entry.own, entry);
    return [...entries.values()].sort((a, b) => (a.exposed < b.exposed ? -1 : 1));
  }

  tool(exposed: string): CatalogueEntry | undefined {
    return this.#shared.tool(exposed);
  }

  fanOut(exposed: string): FanOut | undefined {
    return this.#shared.fanOut(exposed);
  }

  prompt(exposed: string): CatalogueEntry | undefined {
    return this.#shared.prompt(exposed);
  }

  resource(uri: string): ResourceRoute | undefined {
    const shared = this.#shared.resource(uri);
    if (shared !== undefined) return shared;
    for (const own of this.#own.values()) {
      const entry = own.get(uri);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  offers(kind: ListKind): boolean {
    return this.#shared.offers(kind);
  }

  instructionsOf(upstream: UpstreamServer): string | undefined {
    return this.#shared.instructionsOf(upstream);
  }

  showsResourcesOf(server: string): boolean {
    return this.#shared.showsResourcesOf(server);
  }

  onChange(listener: (kinds: readonly ListKind[]) => void): () => void {
    return this.#shared.onChange(listener);
  }

  async #refresh(): Promise<void> {
    const unknown = [...this.#links.own()].filter(
      ({ upstream }) =>
        !this.#known.has(upstream.name) &&
        // Without sessions, a server has the same for everybody.
        upstream.description?.era !== 'modern' &&
        offersList(upstream, 'resources') &&
        this.#shared.showsResourcesOf(upstream.name),
    );
    await Promise.allSettled(unknown.map((own) => this.#read(own)));
  }

  async #read({ upstream, link }: OwnLink): Promise<void> {
    const { name } = upstream;
    this.#known.add(name);
    this.#told.delete(name);
    try {
      const reading = readList(name, 'resources', (method, params, limits) =>
        link.request(method, params, limits),
      );
      const items = await within(name, reading, { timeoutMs: READ_MS, maxOutputBytes: 0 });
      const entries = items.flatMap((definition) => readEntry('resources', upstream, definition) ?? []);
      const listed = new Set(this.#shared.list('resources').map(({ own: uri }) => uri));
      const own = entries
        .filter(
          ({ own: uri }) =>
            !listed.has(uri) && (this.#shared.resource(uri)?.upstream ?? upstream) === upstream,
        )
        .slice(0, MAX_RESOURCES);
      this.#own.set(name, new Map(own.map((entry) => [entry.own, entry])));
    } catch (error) {
      this.#known.delete(name);
      throw error;
    }
  }
}
