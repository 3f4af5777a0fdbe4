import { canonicalJson, type JsonObject } from '@aegis/core';
import type { CatalogueEntry } from '../catalogue/entry.ts';
import type { Route } from './route.ts';

/** A tool that a route brings to several servers. */
export interface FanOut {
  readonly exposed: string;
  readonly route: Route;
  /**
   * The servers that offer the tool, in the order of the route. Each is judged, recorded and called by
   * itself; its definition is what a list shows where it is the first that the client may see.
   */
  readonly members: readonly [CatalogueEntry, ...CatalogueEntry[]];
}

/** What a client needs in order to call: it is taken from the member that is shown. */
const OF_ONE: ReadonlySet<string> = new Set(['name', 'description', 'inputSchema']);

/**
 * Makes one tool of what the servers of a route offer under the same name, given in the order of the route.
 *
 * SECURITY: what a definition promises beyond its input (`readOnlyHint`, an output schema) is shown only
 * where every member promises the same: a client that skips its question for one of them would skip it
 * for all.
 */
export function fanOutOf(route: Route, members: readonly [CatalogueEntry, ...CatalogueEntry[]]): FanOut {
  const [first, ...others] = members;
  const agreed = new Set(
    Object.entries(first.definition)
      .filter(([key, value]) => {
        if (OF_ONE.has(key)) return true;
        // A call that is brought to several servers is no task of any of them.
        if (key === 'execution') return false;
        // The answers of all are merged, and no member's schema describes that.
        if (key === 'outputSchema' && route.order === 'all') return false;
        const form = canonicalJson(value);
        // SECURITY: a server chooses the keys; one like `constructor` is not to be found in every object.
        return others.every(({ definition }) => {
          const other = Object.hasOwn(definition, key) ? definition[key] : undefined;
          return other !== undefined && canonicalJson(other) === form;
        });
      })
      .map(([key]) => key),
  );
  const shown = (entry: CatalogueEntry): CatalogueEntry => ({
    ...entry,
    definition: only(entry.definition, agreed),
  });
  return { exposed: first.exposed, route, members: [shown(first), ...others.map(shown)] };
}

function only(definition: JsonObject, agreed: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([key]) => OF_ONE.has(key) || agreed.has(key)));
}
