import type { Route } from './route.ts';

/** All routes, ready to be asked. */
export interface RouteTable {
  /** The route that claims a tool name: the one for just this name, else the one with the longest prefix. */
  match(name: string): Route | undefined;
  /** Whether a server offers nothing but what routes bring to it. */
  onlyRouted(server: string): boolean;
}

/** The table without a route: every server offers what it has. */
export const NO_ROUTES: RouteTable = { match: () => undefined, onlyRouted: () => false };

/**
 * Indexes routes that do not conflict: no two for the same name or prefix. `onlyRouted` names the servers
 * that offer nothing else.
 */
export function compileRoutes(routes: readonly Route[], onlyRouted: Iterable<string> = []): RouteTable {
  const byName = new Map<string, Route>();
  const byPrefix = new Map<string, Route>();
  for (const route of routes) {
    if (route.match.kind === 'tool') byName.set(route.match.name, route);
    else byPrefix.set(route.match.prefix, route);
  }
  const lengths = [...new Set([...byPrefix.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  const closed = new Set(onlyRouted);
  return {
    match: (name) => {
      const exact = byName.get(name);
      if (exact !== undefined) return exact;
      for (const length of lengths) {
        const route = name.length < length ? undefined : byPrefix.get(name.slice(0, length));
        if (route !== undefined) return route;
      }
      return undefined;
    },
    onlyRouted: (server) => closed.has(server),
  };
}
