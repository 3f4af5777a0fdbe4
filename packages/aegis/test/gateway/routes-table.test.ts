import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route, RouteMatch } from '../../src/gateway/routes/route.ts';
import { compileRoutes, NO_ROUTES } from '../../src/gateway/routes/table.ts';

function route(pattern: string): Route {
  const match: RouteMatch = pattern.endsWith('*')
    ? { kind: 'prefix', prefix: pattern.slice(0, -1) }
    : { kind: 'tool', name: pattern };
  return { match, servers: [`for ${pattern}`], order: 'all', failure: 'partial' };
}

describe('the route of a tool name', () => {
  const PATTERNS = ['*', 'memory_*', 'memory_long_*', 'memory_long_x', 'plan_*', 'plan_'];

  it.each([
    ['memory_x', 'memory_*'],
    ['memory_', 'memory_*'],
    ['memory_long_y', 'memory_long_*'],
    ['memory_long_x', 'memory_long_x'],
    ['memory_long_xx', 'memory_long_*'],
    ['plan_', 'plan_'],
    ['plan_x', 'plan_*'],
    ['Memory_x', '*'],
    ['', '*'],
  ])('%j is %s, wherever it stands', (name, pattern) => {
    const routes = PATTERNS.map(route);
    for (const order of [routes, routes.toReversed()]) {
      expect(compileRoutes(order).match(name)?.servers).toEqual([`for ${pattern}`]);
    }
  });

  it('is none where no route claims it', () => {
    expect(compileRoutes([route('memory_*'), route('recall')]).match('memory')).toBeUndefined();
    expect(NO_ROUTES.match('memory_x')).toBeUndefined();
  });

  it('is the longest of all that fit, found as if each were tried', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 6 });
    fc.assert(
      fc.property(fc.uniqueArray(word), word, (prefixes, name) => {
        const tried = prefixes
          .filter((prefix) => name.startsWith(prefix))
          .toSorted((a, b) => b.length - a.length);
        const found = compileRoutes(prefixes.map((prefix) => route(`${prefix}*`))).match(name);
        expect(found?.match).toEqual(
          tried[0] === undefined ? undefined : { kind: 'prefix', prefix: tried[0] },
        );
      }),
    );
  });
});
