import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamDefinition } from '../../src/gateway/upstream/definition.ts';
import type { UpstreamLink, UpstreamServer } from '../../src/gateway/upstream/server.ts';
import {
  error,
  failure,
  handmadeModern,
  httpDefinition,
  modernLibraryOverHttp,
  type Posted,
  result,
  resultOf,
  stdioDefinition,
  textOfFirst,
  upstreamOf,
} from './modern-upstreams.ts';
import { handmadeHttp } from './servers/handmade-http.ts';
import { libraryOverSse } from './sse-servers.ts';
import { LIMITS, libraryOverHttp, serverFile, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function open(definition: UpstreamDefinition): UpstreamServer {
  const upstream = upstreamOf(definition);
  cleanups.push(() => upstream.close());
  return upstream;
}

async function kept<T extends { close(): Promise<void> }>(server: Promise<T>): Promise<T> {
  const running = await server;
  cleanups.push(() => running.close());
  return running;
}

const greet = async (upstream: UpstreamServer) =>
  textOfFirst(
    await resultOf(upstream.request('tools/call', { name: 'greet', arguments: { who: 'Ada' } }, LIMITS)),
  );

const methods = (posted: readonly Posted[]): string[] => posted.map(({ method }) => method);

const INITIALIZED: JsonObject = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'handmade', version: '1' },
};

/** What a server with sessions answers, for those that have their own way with `server/discover`. */
const SESSION = {
  initialize: ({ id }: Posted, response: ServerResponse) => result(response, id, INITIALIZED),
  'notifications/initialized': (_: Posted, response: ServerResponse) => void response.writeHead(202).end(),
  'tools/call': ({ id }: Posted, response: ServerResponse) =>
    result(response, id, { content: [{ type: 'text', text: 'in a session' }] }),
};

describe('the era of an HTTP server', () => {
  it.each([
    ['modern', 'modern', () => modernLibraryOverHttp()],
    ['of both eras', 'modern', () => modernLibraryOverHttp('stateless')],
    ['with sessions', 'legacy', () => libraryOverHttp('library')],
    ['of the old transport', 'legacy', () => libraryOverSse('library')],
  ])('that is %s is found to be %s', async (_, era, start) => {
    const { url } = await kept<{ url: string; close(): Promise<void> }>(start());
    const upstream = open(httpDefinition(url));
    expect((await upstream.start()).era).toBe(era);
    expect(await greet(upstream)).toMatch(/Ada$/);
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('greet');
  });

  it.each([
    ['modern', 'modern', () => modernLibraryOverHttp('stateless')],
    ['legacy', 'legacy', () => modernLibraryOverHttp('stateless')],
    ['legacy', 'legacy', () => libraryOverSse('library')],
  ] as const)('can be configured as %s, and is then %s', async (era, found, start) => {
    const { url } = await kept<{ url: string; close(): Promise<void> }>(start());
    const upstream = open(httpDefinition(url, { era }));
    expect((await upstream.start()).era).toBe(found);
    expect(await greet(upstream)).toMatch(/Ada$/);
  });

  it.each<[string, (id: unknown, r: ServerResponse) => void]>([
    ['an empty refusal', (_, r) => void r.writeHead(400).end()],
    ['a page', (_, r) => void r.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>')],
    ['an unknown method', (id, r) => error(r, id, -32601, 'Method not found')],
    ['no session', (_, r) => error(r, null, -32000, 'Bad Request: Server not initialized', 400)],
    ['a result of something else', (id, r) => result(r, id, { tools: [] })],
    ['its revisions, which have sessions', (id, r) => result(r, id, { supportedVersions: ['2025-11-25'] })],
    [
      'that it has sessions only',
      (id, r) => error(r, id, -32022, 'unsupported', 400, { supported: ['2025-11-25'] }),
    ],
    [
      'with a stream that ends',
      (_, r) => void r.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(),
    ],
  ])('is one with sessions when it answers %s', async (_, discover) => {
    const { url } = await handmadeModern(
      { ...SESSION, 'server/discover': ({ id }, response) => discover(id, response) },
      cleanups,
    );
    expect(await greet(open(httpDefinition(url)))).toBe('in a session');
  });

  it('is one with sessions when it never answers', { timeout: 15_000 }, async () => {
    const { url, posted } = await handmadeModern({ ...SESSION, 'server/discover': () => {} }, cleanups);
    const upstream = open(httpDefinition(url));
    expect((await upstream.start()).era).toBe('legacy');
    expect(methods(posted).slice(0, 2)).toEqual(['server/discover', 'initialize']);
  });

  it.each<[string, (id: unknown, r: ServerResponse) => void]>([
    ['speaks revisions that nobody knows', (id, r) => result(r, id, { supportedVersions: ['2099-01-01'] })],
    [
      'refuses the revision that it names',
      (id, r) => error(r, id, -32022, 'unsupported', 400, { supported: ['2026-07-28', '2025-11-25'] }),
    ],
    ['refuses without naming any', (id, r) => error(r, id, -32022, 'unsupported', 400)],
    ['refuses the headers', (_, r) => error(r, null, -32020, 'header mismatch', 400)],
    ['asks for more', (id, r) => error(r, id, -32021, 'missing', 400, { requiredCapabilities: {} })],
  ])('that is modern and %s is not asked for a session', async (_, discover) => {
    const { url, posted } = await handmadeModern(
      { ...SESSION, 'server/discover': ({ id }, response) => discover(id, response) },
      cleanups,
    );
    const upstream = open(httpDefinition(url));
    expect(await failure(upstream.start())).toBe('protocol');
    expect(methods(posted)).toEqual(['server/discover']);
  });

  it('that lies about its revisions is asked again for each call, and not in a circle', async () => {
    const { url, posted } = await handmadeModern(
      {
        'tools/call': ({ id }, r) =>
          error(r, id, -32022, 'unsupported', 400, { supported: ['2026-07-28'], requested: '2026-07-28' }),
      },
      cleanups,
    );
    const upstream = open(httpDefinition(url));
    for (let i = 0; i < 3; i++) expect(await failure(greet(upstream))).toBe('unavailable');
    expect(methods(posted)).toEqual(
      Array.from({ length: 3 }, () => ['server/discover', 'tools/call']).flat(),
    );
  });

  it('is not decided while nobody answers, and found when somebody does', async () => {
    const first = await libraryOverHttp('library');
    const port = Number(new URL(first.url).port);
    await first.close();
    const upstream = open(httpDefinition(first.url));
    expect(await failure(upstream.start())).toBe('unavailable');
    await kept(libraryOverHttp('library', { port }));
    expect((await upstream.start()).era).toBe('legacy');
  });

  it('is found again when another server has taken the place of the first', async () => {
    const first = await libraryOverHttp('library');
    const upstream = open(httpDefinition(first.url));
    const changed = new Set<string>();
    upstream.onListChanged((kind) => changed.add(kind));
    expect(await greet(upstream)).toBe('library greets Ada');
    await first.close();
    const second = await kept(modernLibraryOverHttp('reject', Number(new URL(first.url).port)));
    const answer = () => greet(upstream).catch(String);
    await expect.poll(answer).toBe('hello Ada');
    expect(upstream.description?.era).toBe('modern');
    expect(changed.size).toBe(4);
    await second.close();
    await kept(libraryOverHttp('library', { port: Number(new URL(first.url).port) }));
    await expect.poll(answer).toBe('library greets Ada');
  });

  it('is found again for links, with what they follow', async () => {
    let modern = false;
    const watched: string[] = [];
    const resources = { tools: {}, resources: { subscribe: true } };
    const { url } = await handmadeModern(
      {
        'server/discover': ({ id }, r) =>
          modern
            ? result(r, id, { supportedVersions: ['2026-07-28'], capabilities: resources })
            : error(r, id, -32601, 'no such method'),
        initialize: ({ id }, r) => result(r, id, { ...INITIALIZED, capabilities: resources }),
        'notifications/initialized': (_, r) => void r.writeHead(202).end(),
        'resources/subscribe': ({ id, params }, r) => {
          watched.push(String(params['uri']));
          result(r, id, {});
        },
        'subscriptions/listen': ({ params }, r) => {
          watched.push(JSON.stringify(params['notifications']));
          r.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
        },
        'tools/call': ({ id }, r, { headers }) =>
          modern && headers['mcp-method'] === undefined
            ? error(r, id, -32020, 'header mismatch', 400)
            : result(r, id, { content: [] }),
      },
      cleanups,
    );
    const upstream = open(httpDefinition(url));
    const link = upstream.open({});
    const call = () => link.request('tools/call', { name: 'any', arguments: {} }, LIMITS);
    expect((await link.follow('a:1', LIMITS)).kind).toBe('result');
    expect(watched).toEqual(['a:1']);
    modern = true;
    await call();
    expect((await call()).kind).toBe('result');
    await until('it is followed again', () => watched.length === 2);
    expect(watched[1]).toBe('{"resourceSubscriptions":["a:1"]}');
  });
});

describe('a link to a server whose era is found out', () => {
  async function sessions() {
    const server = await kept(handmadeHttp({ post: (request) => request.json('here') }));
    const upstream = open(httpDefinition(server.url, { isolated: true }));
    const call = (link: UpstreamLink) =>
      failure(link.request('tools/call', { name: 'any', arguments: {} }, LIMITS));
    return { server, upstream, call };
  }

  it('opens nothing any more once it is closed', async () => {
    const { server, upstream, call } = await sessions();
    const link = upstream.open({});
    expect(await call(link)).toBe('answered');
    expect(server.sessions.size).toBe(2);
    await link.close();
    expect([await call(link), await failure(link.follow('a:1', LIMITS))]).toEqual([
      'unavailable',
      'unavailable',
    ]);
    expect([...server.sessions.keys()]).toEqual(['session-1']);
  });

  it('opens nothing when it is closed while the era is being found', async () => {
    const { server, upstream, call } = await sessions();
    const link = upstream.open({});
    const answer = call(link);
    await link.close();
    expect(await answer).toBe('unavailable');
    expect(await call(upstream)).toBe('answered');
    expect([...server.sessions.keys()]).toEqual(['session-1']);
  });
});

describe('the era of a stdio server', () => {
  it.each([
    ['one with sessions', 'legacy', serverFile('library-stdio'), []],
    ['one of both eras', 'legacy', serverFile('modern-library-stdio'), ['--dual']],
    ['a modern one', 'modern', serverFile('modern-library-stdio'), []],
  ])('of %s is found to be %s', async (_, era, file, flags) => {
    const upstream = open(stdioDefinition(file, flags));
    expect((await upstream.start()).era).toBe(era);
    expect(await greet(upstream)).toMatch(/Ada$/);
  });

  it.each(['legacy', 'modern'] as const)('can be configured as %s', async (era) => {
    const upstream = open(stdioDefinition(serverFile('modern-library-stdio'), ['--dual'], { era }));
    expect((await upstream.start()).era).toBe(era);
    expect(await greet(upstream)).toMatch(/Ada$/);
  });

  it('is asked for with `initialize` first, so that a server that ends on anything else comes up', async () => {
    const upstream = open(stdioDefinition(serverFile('scripted')));
    expect((await upstream.start()).era).toBe('legacy');
  });

  it('is found again for each process', async () => {
    const upstream = open(stdioDefinition(serverFile('modern-scripted')));
    const call = (name: string) =>
      upstream.request('tools/call', { name, arguments: { text: 'hi' } }, LIMITS);
    expect(textOfFirst(await resultOf(call('echo')))).toBe('hi');
    expect(await failure(call('die'))).toBe('unavailable');
    expect(textOfFirst(await resultOf(call('echo')))).toBe('hi');
    expect(upstream.description?.era).toBe('modern');
  });
});
