import type { ListKind, UpstreamServer } from '../upstream/server.ts';
import type { CatalogueEntry } from './entry.ts';
import { CatalogueIndex, type ResourceRoute } from './catalogue-index.ts';
import { Member } from './member.ts';
import { offersList } from './offers.ts';

export interface ServerState {
  readonly name: string;
  /** Undefined when the server is up and its lists are known. */
  readonly problem: string | undefined;
}

/**
 * The tools, resources, resource templates and prompts of all upstreams as one. A server that goes away
 * keeps its place: what it offered stays listed, and a call says that it cannot be reached.
 */
export class Catalogue {
  readonly #members: readonly Member[];
  readonly #listeners = new Set<(kinds: readonly ListKind[]) => void>();
  #index: CatalogueIndex;

  constructor(upstreams: readonly UpstreamServer[]) {
    this.#members = upstreams.map((upstream) => new Member(upstream, (kinds) => this.#rebuild(kinds)));
    this.#index = new CatalogueIndex([]);
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

  /** Sorted by exposed name. */
  list(kind: ListKind): readonly CatalogueEntry[] {
    return this.#index.lists[kind];
  }

  tool(exposed: string): CatalogueEntry | undefined {
    return this.#index.tool(exposed);
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

  /** `listener` hears which lists changed, if any, whenever a server joined or changed. Returns how to stop listening. */
  onChange(listener: (kinds: readonly ListKind[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every server. Never rejects. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(this.#members.map((member) => member.close()));
  }

  #rebuild(kinds: readonly ListKind[]): void {
    this.#index = new CatalogueIndex(this.#members.map(({ offers }) => offers));
    for (const listener of this.#listeners) listener(kinds);
  }
}
