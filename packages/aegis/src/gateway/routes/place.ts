import { type CatalogueEntry, renamed } from '../catalogue/entry.ts';
import { exposedNames } from '../catalogue/names.ts';
import { type FanOut, fanOutOf } from './fan-out.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './table.ts';

/** Every tool under the name that clients call. A name is in one of the two maps. */
export interface PlacedTools {
  readonly tools: ReadonlyMap<string, CatalogueEntry>;
  readonly fanOuts: ReadonlyMap<string, FanOut>;
}

/**
 * Gives every tool its name. A name that a route claims belongs to the servers of that route, whoever
 * else offers it: elsewhere it is shown as `<server>__<name>`. `entries` holds no tool of a server twice.
 *
 * INVARIANT: a call of a routed name never reaches a server outside of its route.
 */
export function placeTools(entries: readonly CatalogueEntry[], routes: RouteTable): PlacedTools {
  const routed = new Map<string, { readonly route: Route; readonly members: CatalogueEntry[] }>();
  const free: CatalogueEntry[] = [];
  for (const entry of entries) {
    const route = routes.match(entry.own);
    if (route?.servers.includes(entry.server) === true) {
      const members = routed.get(entry.own)?.members;
      if (members === undefined) routed.set(entry.own, { route, members: [entry] });
      else members.push(entry);
    } else if (!routes.onlyRouted(entry.server)) {
      free.push(entry);
    }
  }
  const tools = new Map<string, CatalogueEntry>();
  const fanOuts = new Map<string, FanOut>();
  const names = exposedNames(free, ({ server }, name) => {
    const claim = routes.match(name);
    return claim === undefined || (claim.servers.includes(server) && !routed.has(name));
  });
  for (const [name, entry] of names) tools.set(name, renamed('tools', entry, name));
  for (const [name, { route, members }] of routed) {
    const [first, ...others] = inOrderOf(route, members);
    if (first === undefined) continue;
    // One server is called as if there were no route; several keep their form even while one offers it.
    if (route.servers.length === 1) tools.set(name, first);
    else fanOuts.set(name, fanOutOf(route, [first, ...others]));
  }
  return { tools, fanOuts };
}

function inOrderOf({ servers }: Route, members: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  return members.toSorted((a, b) => servers.indexOf(a.server) - servers.indexOf(b.server));
}
