import type { JsonObject } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { CatalogueIndex } from '../../src/gateway/catalogue/catalogue-index.ts';
import { shownOf } from '../../src/gateway/catalogue/listing.ts';
import type { Route } from '../../src/gateway/routes/route.ts';
import { compileRoutes } from '../../src/gateway/routes/table.ts';
import { scripted } from './upstreams.ts';

type Offered = Readonly<Record<string, readonly (string | JsonObject)[]>>;

function indexOf(
  offered: Offered,
  routes: readonly Route[],
  onlyRouted: readonly string[] = [],
): CatalogueIndex {
  const offers = Object.entries(offered).map(([server, tools]) => ({
    upstream: scripted(server, []),
    lists: {
      tools: tools.map((tool) => (typeof tool === 'string' ? { name: tool } : tool)),
      resources: [{ uri: `test://${server}` }],
      resourceTemplates: [],
      prompts: [{ name: `poem_${server}` }],
    },
  }));
  return new CatalogueIndex(offers, compileRoutes(routes, onlyRouted));
}

function prefix(text: string, ...servers: [string, ...string[]]): Route {
  return { match: { kind: 'prefix', prefix: text }, servers, order: 'all', failure: 'partial' };
}

/** Every name with the servers behind it, in the order in which they are listed. */
function listed(index: CatalogueIndex): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const { exposed, server } of index.lists.tools) (names[exposed] ??= []).push(server);
  return names;
}

describe('a routed name', () => {
  it('goes to the server of its route, and others with the same tool keep theirs under another', () => {
    const index = indexOf({ other: ['memory_add', 'x'], memory: ['memory_add', 'x', 'y'] }, [
      prefix('memory_', 'memory'),
    ]);
    expect(listed(index)).toEqual({
      memory_add: ['memory'],
      memory__x: ['memory'],
      other__memory_add: ['other'],
      other__x: ['other'],
      y: ['memory'],
    });
    expect(index.tool('memory_add')).toMatchObject({ server: 'memory', own: 'memory_add' });
    expect(index.tool('other__memory_add')).toMatchObject({ server: 'other', own: 'memory_add' });
  });

  it('is never captured by a server outside of its route, even where its own servers do not offer it', () => {
    const index = indexOf({ other: ['memory_secret'], memory: [] }, [prefix('memory_', 'memory')]);
    expect(index.tool('memory_secret')).toBeUndefined();
    expect(index.fanOut('memory_secret')).toBeUndefined();
    expect(listed(index)).toEqual({ other__memory_secret: ['other'] });
  });

  it('is not given to a name that was made for another tool', () => {
    const index = indexOf({ a: ['x'], b: ['x'], c: [] }, [prefix('a__', 'c')]);
    expect(listed(index)).toEqual({ b__x: ['b'] });
  });

  it('stays what it is when a name made for another tool of the same server would be the same', () => {
    const index = indexOf({ a: ['x', 'a__x'], b: ['x'] }, [prefix('a__', 'a')]);
    expect(listed(index)).toEqual({ a__x: ['a'], b__x: ['b'] });
    expect(index.tool('a__x')?.own).toBe('a__x');
  });

  it('belongs to the more specific route alone', () => {
    const routes = [prefix('m_', 'a', 'b'), prefix('m_deep_', 'c')];
    const index = indexOf({ a: ['m_x', 'm_deep_x'], b: ['m_x'], c: ['m_deep_y'] }, routes);
    expect(listed(index)).toEqual({ a__m_deep_x: ['a'], m_deep_y: ['c'], m_x: ['a', 'b'] });
  });
});

describe('a tool of several servers', () => {
  const routes = [prefix('h_', 'second', 'first', 'third')];

  it('has those as members that offer it, in the order of the route', () => {
    const index = indexOf({ first: ['h_x', 'h_y'], second: ['h_x'], third: ['h_z'] }, routes);
    expect(listed(index)).toEqual({ h_x: ['second', 'first'], h_y: ['first'], h_z: ['third'] });
    expect(index.tool('h_x')).toBeUndefined();
    expect(index.fanOut('h_x')?.members.map(({ server }) => server)).toEqual(['second', 'first']);
  });

  it('keeps its form while only one server offers it', () => {
    const index = indexOf({ first: ['h_x'] }, routes);
    expect(index.fanOut('h_x')?.members).toHaveLength(1);
    expect(index.tool('h_x')).toBeUndefined();
  });

  it('is shown once, as the first server that is visible has it, or not at all', () => {
    const index = indexOf(
      {
        first: [{ name: 'h_x', description: 'of the first' }],
        second: [{ name: 'h_x', description: 'of the second' }],
      },
      routes,
    );
    const shown = (...visible: string[]) =>
      shownOf(index.lists.tools, ({ server }) => visible.includes(server)).map(
        ({ definition }) => definition,
      );
    expect(shown('first', 'second')).toEqual([{ name: 'h_x', description: 'of the second' }]);
    expect(shown('first')).toEqual([{ name: 'h_x', description: 'of the first' }]);
    expect(shown()).toEqual([]);
  });

  it('promises nothing that one of them does not promise', () => {
    const schema = { type: 'object' };
    const common = { name: 'h_x', description: 'd', inputSchema: schema, title: 't', outputSchema: schema };
    const one = { ...common, annotations: { readOnlyHint: true }, _meta: { a: 1 } };
    const definitionFor = (other: JsonObject, order: Route['order']) =>
      indexOf({ first: [one], second: [other] }, [{ ...prefix('h_', 'first', 'second'), order }]).fanOut(
        'h_x',
      )?.members[0].definition;
    const { outputSchema: _, ...rest } = common;
    expect(definitionFor({ ...common, annotations: { readOnlyHint: false } }, 'all')).toEqual(rest);
    expect(definitionFor({ ...common, outputSchema: {} }, 'first-success')).toEqual(rest);
    expect(definitionFor(one, 'first-success')).toEqual(one);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'promises nothing under the key `%s` that every object seems to have, and is placed',
    (key) => {
      const one = JSON.parse(`{ "name": "h_x", "${key}": {} }`) as JsonObject;
      const other = { name: 'h_x' };
      const fanOut = indexOf({ first: [one], second: [other] }, [prefix('h_', 'first', 'second')]).fanOut(
        'h_x',
      );
      expect(Object.keys(fanOut?.members[0].definition ?? {})).toEqual(['name']);
    },
  );
});

describe('a server that only routes speak of', () => {
  const index = indexOf(
    { memory: ['memory_add', 'delete_all'], declared: ['read'] },
    [prefix('memory_', 'memory')],
    ['memory'],
  );

  it('offers nothing but what they bring to it', () => {
    expect(listed(index)).toEqual({ memory_add: ['memory'], read: ['declared'] });
    expect(index.tool('delete_all')).toBeUndefined();
    expect(index.tool('memory__delete_all')).toBeUndefined();
    expect(index.lists.prompts.map(({ exposed }) => exposed)).toEqual(['poem_declared']);
    expect(index.prompt('poem_memory')).toBeUndefined();
    expect(index.lists.resources.map(({ exposed }) => exposed)).toEqual(['test://declared']);
    expect(index.resource('test://memory')).toBeUndefined();
  });
});
