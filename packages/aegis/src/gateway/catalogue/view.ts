import type { FanOut } from '../routes/fan-out.ts';
import type { ListKind, UpstreamServer } from '../upstream/server.ts';
import type { ResourceRoute } from './catalogue-index.ts';
import type { CatalogueEntry } from './entry.ts';

/** What one endpoint offers: all servers as one, or one of them alone. */
export interface CatalogueView {
  /** The servers behind it, in the order of the configuration. */
  upstreams(): readonly UpstreamServer[];
  /** Sorted by exposed name; a tool that a route brings to several servers stands there once for each. */
  list(kind: ListKind): readonly CatalogueEntry[];
  tool(exposed: string): CatalogueEntry | undefined;
  fanOut(exposed: string): FanOut | undefined;
  prompt(exposed: string): CatalogueEntry | undefined;
  resource(uri: string): ResourceRoute | undefined;
  /** Whether some server declared that it keeps such a list. */
  offers(kind: ListKind): boolean;
  /** What a server says of itself, for the model; undefined when it says nothing, or nothing that was accepted. */
  instructionsOf(upstream: UpstreamServer): string | undefined;
  /** Whether resources of a server may stand here: not of one that only routes may show. */
  showsResourcesOf(server: string): boolean;
  /** `listener` hears which lists changed, if any, whenever a server joined or changed. Returns how to stop listening. */
  onChange(listener: (kinds: readonly ListKind[]) => void): () => void;
}
