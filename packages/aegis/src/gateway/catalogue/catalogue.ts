import type { PinnedKind } from '@aegis/core';
import type { FanOut } from '../routes/fan-out.ts';
import type { Pins } from '../pins/pins.ts';
import { NO_ROUTES, type RouteTable } from '../routes/table.ts';
import { LIST_KINDS, type ListKind, type UpstreamServer } from '../upstream/server.ts';
import type { CatalogueEntry } from './entry.ts';
import { CatalogueIndex, type ResourceRoute } from './catalogue-index.ts';
import { acceptedOf, LoneServer } from './lone-server.ts';
import { Member } from './member.ts';
import { offersList } from './offers.ts';
import type { CatalogueView } from './view.ts';

export interface ServerState {
  readonly name: string;
  /** Undefined when the server is up and its lists are known. */
  readonly problem: string | undefined;
}

/**
 * The tools, resources, resource templates and prompts of all upstreams as one. A server that goes away
 * keeps its place: what it offered stays listed, and a call says that it cannot be reached.
 */
export class Catalogue implements CatalogueView {
  readonly #members: readonly Member[];
  readonly #routes: RouteTable;
  readonly #pins: Pins | undefined;
  readonly #alone = new Map<string, LoneServer>();
  readonly #listeners = new Set<(kinds: readonly ListKind[]) => void>();
  #index: CatalogueIndex;
  #shown: CatalogueIndex['lists'];
  readonly #accepted = ({ resource, fingerprint }: CatalogueEntry): boolean =>
    this.#pins?.shows(resource, fingerprint) ?? true;

  /** Without `pins` nobody holds what servers offer against what was accepted. */
  constructor(upstreams: readonly UpstreamServer[], routes: RouteTable = NO_ROUTES, pins?: Pins) {
    this.#routes = routes;
    this.#pins = pins;
    this.#members = upstreams.map(
      (upstream) => new Member(upstream, (kinds) => this.#rebuild(kinds, upstream), pins),
    );
    this.#index = new CatalogueIndex([]);
    this.#shown = this.#index.lists;
    pins?.onChange((kinds) => this.#rebuild(kinds.flatMap((kind) => LIST_OF[kind])));
  }

  /**
   * Starts every server at the same time and waits for all of them, but no longer than `deadlineMs`: one
   * that is slow or down joins when it comes up. Never rejects.
   */
  async start(deadlineMs: number): Promise<readonly ServerState[]> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    const all = Promise.all(this.#members.map((member) => member.join()));
    await Promise.race([all, deadline]);
    clearTimeout(timer);
    return this.servers();
  }

  servers(): readonly ServerState[] {
    return this.#members.map(({ upstream, problem }) => ({ name: upstream.name, problem }));
  }

  upstreams(): readonly UpstreamServer[] {
    return this.#members.map(({ upstream }) => upstream);
  }

  /** One server by itself; undefined for a name that no server has, or one that only routes may show. */
  alone(server: string): CatalogueView | undefined {
    const known = this.#alone.get(server);
    if (known !== undefined) return known;
    const member = this.#members.find(({ upstream }) => upstream.name === server);
    if (member === undefined || this.#routes.onlyRouted(server)) return undefined;
    const lone = new LoneServer(member, this.#accepted, () => this.instructionsOf(member.upstream));
    this.#alone.set(server, lone);
    return lone;
  }

  /**
   * Sorted by exposed name; a tool that a route brings to several servers stands there once for each.
   *
   * SECURITY: a definition that nobody accepted is not in it, though it can be called by name: then the
   * kernel denies it, and says why.
   */
  list(kind: ListKind): readonly CatalogueEntry[] {
    return this.#shown[kind];
  }

  /** A tool of one server. */
  tool(exposed: string): CatalogueEntry | undefined {
    return this.#index.tool(exposed);
  }

  /** A tool that a route brings to several servers. */
  fanOut(exposed: string): FanOut | undefined {
    return this.#index.fanOut(exposed);
  }

  prompt(exposed: string): CatalogueEntry | undefined {
    return this.#index.prompt(exposed);
  }

  resource(uri: string): ResourceRoute | undefined {
    return this.#index.resource(uri);
  }

  /** Whether some server declared that it keeps such a list. */
  offers(kind: ListKind): boolean {
    return this.#members.some(({ upstream }) => offersList(upstream, kind));
  }

  /** SECURITY: a text that changed after it was accepted is told to nobody, from the moment that it changed. */
  instructionsOf({ name, description }: UpstreamServer): string | undefined {
    const text = description?.instructions;
    return text === undefined || this.#pins?.tells(name, text) === false ? undefined : text;
  }

  showsResourcesOf(server: string): boolean {
    return !this.#routes.onlyRouted(server);
  }

  /** `listener` hears which lists changed, if any, whenever a server joined or changed. Returns how to stop listening. */
  onChange(listener: (kinds: readonly ListKind[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells every listener to look again: what a session may see of the lists can have changed. */
  announce(): void {
    this.#rebuild(LIST_KINDS);
  }

  /** Ends every server. Never rejects. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(this.#members.map((member) => member.close()));
  }

  #rebuild(kinds: readonly ListKind[], of?: UpstreamServer): void {
    this.#index = new CatalogueIndex(
      this.#members.map(({ offers }) => offers),
      this.#routes,
    );
    this.#shown = acceptedOf(this.#index, this.#accepted);
    for (const listener of this.#listeners) listener(kinds);
    for (const [name, lone] of this.#alone) lone.rebuild(kinds, of === undefined || of.name === name);
  }
}

/** The lists in which what is pinned stands. */
const LIST_OF: Readonly<Record<PinnedKind, readonly ListKind[]>> = {
  tool: ['tools'],
  prompt: ['prompts'],
  instructions: [],
};
