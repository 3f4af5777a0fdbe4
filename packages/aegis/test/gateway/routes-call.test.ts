import { describe, expect, it } from 'vitest';
import type { Denial, Verdicted } from '../../src/enforce/door.ts';
import { callRoute } from '../../src/gateway/routes/call.ts';
import type { FailureRule, Route, RouteOrder } from '../../src/gateway/routes/route.ts';

const text = (value: string) => ({ type: 'text', text: value });
const says = (value: string, more = {}): Verdicted => ({
  kind: 'result',
  result: { content: [text(value)], ...more },
});
const broken = says('it broke', { isError: true });
const error: Verdicted = { kind: 'upstream_error', code: -32050, message: 'wanted', data: { a: 1 } };
const denial: Denial = { code: 'POLICY_DENY', rule: 'no', message: 'not here', decision_id: 'd1' };
const denied: Verdicted = { kind: 'denied', denial };
const hidden: Verdicted = {
  kind: 'denied',
  denial: { code: 'TOOL_UNKNOWN', message: 'there is no tool `x`', decision_id: 'd2' },
};

interface Called {
  readonly called: readonly string[];
  readonly verdict: Verdicted;
  readonly result: Record<string, unknown>;
}

async function call(
  verdicts: Readonly<Record<string, Verdicted>>,
  order: RouteOrder = 'all',
  failure: FailureRule = 'partial',
): Promise<Called> {
  const servers = Object.keys(verdicts) as [string, ...string[]];
  const route: Route = { match: { kind: 'tool', name: 'x' }, servers, order, failure };
  const members = servers.map((server) => ({ resource: { kind: 'tool', server, name: 'x' } as const }));
  const called: string[] = [];
  const verdict = await callRoute(route, members, async ({ resource: { server } }) => {
    called.push(server);
    return verdicts[server] ?? hidden;
  });
  return { called, verdict, result: verdict.kind === 'result' ? verdict.result : {} };
}

const ERROR_TEXT = text('server `b`: error -32050: wanted');
const DENIAL_TEXT = text('server `b`: Denied by Aegis: not here\ncode: POLICY_DENY\nrule: no\ndecision: d1');

describe('a call of all servers', () => {
  it('concatenates content in the order of the route, and names structured content by server', async () => {
    const { result } = await call({
      a: says('one', { structuredContent: { n: 1 }, _meta: { x: 1 } }),
      b: { kind: 'result', result: { content: [text('two'), text('three')] } },
      c: says('four', { structuredContent: { n: 4 } }),
    });
    expect(result).toEqual({
      content: [text('one'), text('two'), text('three'), text('four')],
      structuredContent: { a: { n: 1 }, c: { n: 4 } },
      _meta: {
        'aegis/route': {
          order: 'all',
          members: [
            { server: 'a', outcome: 'succeeded', content: 1, _meta: { x: 1 } },
            { server: 'b', outcome: 'succeeded', content: 2 },
            { server: 'c', outcome: 'succeeded', content: 1 },
          ],
        },
      },
    });
  });

  it('does not wait for one before it calls the next, and keeps the order of the route', async () => {
    const slow = Promise.withResolvers<Verdicted>();
    const members = ['a', 'b'].map((server) => ({ resource: { kind: 'tool', server, name: 'x' } as const }));
    const route: Route = {
      match: { kind: 'tool', name: 'x' },
      servers: ['a', 'b'],
      order: 'all',
      failure: 'partial',
    };
    const verdict = await callRoute(route, members, ({ resource: { server } }) => {
      if (server === 'a') return slow.promise;
      slow.resolve(says('from a'));
      return Promise.resolve(says('from b'));
    });
    expect(verdict).toMatchObject({ result: { content: [text('from a'), text('from b')] } });
  });

  const FAILED: readonly (readonly [string, Verdicted, object])[] = [
    ['a result that is an error', broken, text('it broke')],
    ['an error of the protocol', error, ERROR_TEXT],
    ['a denial', denied, DENIAL_TEXT],
  ];

  it.each(FAILED)('with %s in it is partial: what succeeded is the result', async (_, failed, said) => {
    const { result } = await call({ a: says('one'), b: failed });
    expect(result['content']).toEqual([text('one'), said]);
    expect(result).not.toHaveProperty('isError');
    expect(result).toMatchObject({
      _meta: { 'aegis/route': { members: [{ outcome: 'succeeded' }, { outcome: 'failed', content: 1 }] } },
    });
  });

  it.each(FAILED)('with %s in it is an error where the route is strict', async (_, failed, said) => {
    const { result } = await call({ a: says('one'), b: failed }, 'all', 'strict');
    expect(result).toMatchObject({ isError: true, content: [text('one'), said] });
    expect((await call({ a: says('one'), b: says('two') }, 'all', 'strict')).result).not.toHaveProperty(
      'isError',
    );
  });

  it('is an error when none succeeded', async () => {
    const { result, called } = await call({ a: broken, b: denied, c: error });
    expect(called).toEqual(['a', 'b', 'c']);
    expect(result).toMatchObject({ isError: true });
  });

  it('carries denials and errors for programs', async () => {
    const { result } = await call({ a: says('one'), b: denied, c: error });
    expect(result).toMatchObject({
      _meta: {
        'aegis/route': {
          members: [{}, { server: 'b', denial }, { server: 'c', error: { code: -32050, data: { a: 1 } } }],
        },
      },
    });
  });

  it('takes a result without content as it is', async () => {
    const { result } = await call({ a: { kind: 'result', result: {} }, b: says('two') });
    expect(result['content']).toEqual([text('two')]);
  });
});

describe('a call of the first that succeeds', () => {
  it('stops there, and gives its result as it is', async () => {
    const { called, result } = await call(
      { a: broken, b: says('two', { structuredContent: { n: 2 }, _meta: { x: 1 } }), c: says('three') },
      'first-success',
    );
    expect(called).toEqual(['a', 'b']);
    expect(result).toEqual({
      content: [text('two')],
      structuredContent: { n: 2 },
      _meta: {
        x: 1,
        'aegis/route': {
          order: 'first-success',
          members: [
            { server: 'a', outcome: 'failed', content: 1 },
            { server: 'b', outcome: 'succeeded', content: 1 },
          ],
        },
      },
    });
  });

  it('goes on after a failure and after a denial', async () => {
    const { called, result } = await call(
      { a: denied, b: error, c: broken, d: says('four') },
      'first-success',
    );
    expect(called).toEqual(['a', 'b', 'c', 'd']);
    expect(result['content']).toEqual([text('four')]);
  });

  it('is one error with every failure when none succeeds', async () => {
    const { result } = await call({ a: broken, b: denied }, 'first-success');
    expect(result).toMatchObject({ isError: true, content: [text('it broke'), DENIAL_TEXT] });
  });

  it('does not go on once the client has given up', async () => {
    const abort = new AbortController();
    const called: string[] = [];
    const members = ['a', 'b'].map((server) => ({ resource: { kind: 'tool', server, name: 'x' } as const }));
    const match = { kind: 'tool', name: 'x' } as const;
    const verdict = await callRoute(
      { match, servers: ['a', 'b'], order: 'first-success', failure: 'partial' },
      members,
      async ({ resource: { server } }) => {
        called.push(server);
        abort.abort();
        return broken;
      },
      abort.signal,
    );
    expect(called).toEqual(['a']);
    expect(verdict).toMatchObject({ result: { isError: true } });
  });
});

describe.each(['all', 'first-success'] as const)('a server that policy hides (%s)', (order) => {
  it('leaves no trace in the answer', async () => {
    const { verdict, called } = await call({ a: hidden, b: says('two') }, order);
    expect(called).toContain('a');
    expect(JSON.stringify(verdict)).not.toMatch(/TOOL_UNKNOWN|"a"/);
    expect((await call({ a: hidden, b: says('two') }, order, 'strict')).result).not.toHaveProperty('isError');
  });

  it('and another one are a tool that does not exist', async () => {
    expect((await call({ a: hidden, b: hidden }, order)).verdict).toEqual(hidden);
  });
});
