import type { ListKind, UpstreamServer } from '../upstream/server.ts';
import { CatalogueIndex, type ResourceRoute } from './catalogue-index.ts';
import type { CatalogueEntry } from './entry.ts';
import type { Member } from './member.ts';
import { offersList } from './offers.ts';
import type { CatalogueView } from './view.ts';

/** One server alone, under the names that it gives itself, without routes. */
export class LoneServer implements CatalogueView {
  readonly #member: Member;
  readonly #accepted: (entry: CatalogueEntry) => boolean;
  readonly #instructions: () => string | undefined;
  readonly #listeners = new Set<(kinds: readonly ListKind[]) => void>();
  #index: CatalogueIndex;
  #shown: CatalogueIndex['lists'];

  constructor(
    member: Member,
    accepted: (entry: CatalogueEntry) => boolean,
    instructions: () => string | undefined,
  ) {
    this.#instructions = instructions;
    this.#member = member;
    this.#accepted = accepted;
    this.#index = new CatalogueIndex([member.offers]);
    this.#shown = acceptedOf(this.#index, accepted);
  }

  /** Takes in what the server offers now; who listens hears of `kinds`, where it is this server that changed. */
  rebuild(kinds: readonly ListKind[], changed: boolean): void {
    this.#index = new CatalogueIndex([this.#member.offers]);
    this.#shown = acceptedOf(this.#index, this.#accepted);
    if (changed) for (const listener of this.#listeners) listener(kinds);
  }

  upstreams(): readonly UpstreamServer[] {
    return [this.#member.upstream];
  }

  list(kind: ListKind): readonly CatalogueEntry[] {
    return this.#shown[kind];
  }

  tool(name: string): CatalogueEntry | undefined {
    return this.#index.tool(name);
  }

  fanOut(): undefined {
    return undefined;
  }

  prompt(name: string): CatalogueEntry | undefined {
    return this.#index.prompt(name);
  }

  resource(uri: string): ResourceRoute | undefined {
    return this.#index.resource(uri);
  }

  offers(kind: ListKind): boolean {
    return offersList(this.#member.upstream, kind);
  }

  instructionsOf(): string | undefined {
    return this.#instructions();
  }

  showsResourcesOf(): boolean {
    return true;
  }

  onChange(listener: (kinds: readonly ListKind[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The lists without the tools and prompts whose definitions nobody accepted. */
export function acceptedOf(
  { lists }: CatalogueIndex,
  accepted: (entry: CatalogueEntry) => boolean,
): CatalogueIndex['lists'] {
  return { ...lists, tools: lists.tools.filter(accepted), prompts: lists.prompts.filter(accepted) };
}
