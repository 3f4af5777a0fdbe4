import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamLink } from '../../src/gateway/upstream/server.ts';
import { SseUpstream } from '../../src/gateway/upstream/sse/upstream.ts';
import {
  failure,
  handmadeModern,
  httpDefinition,
  ports,
  result,
  resultOf,
  textOfFirst,
  upstreamOf,
} from './modern-upstreams.ts';
import { type Behaviour, handmadeHttp } from './servers/handmade-http.ts';
import { type SseMessage, libraryOverSse } from './sse-servers.ts';
import { http, LIMITS, listen, stop, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function remote(behaviour: Behaviour) {
  const server = await handmadeHttp(behaviour);
  cleanups.push(() => server.close());
  const upstream = http({ url: server.url, isolated: true });
  cleanups.push(() => upstream.close());
  const sent = (method: string): number =>
    server.heard.filter(({ message }) => message.method === method).length;
  return { server, upstream, sent };
}

const call = (link: UpstreamLink) => link.request('tools/call', { name: 'any', arguments: {} }, LIMITS);

const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, resources: { subscribe: true } },
  serverInfo: { name: 'handmade', version: '1' },
};

describe('a session with an HTTP server', () => {
  it('is kept when the server answers 404 where it offers no stream', async () => {
    const { server, upstream } = await remote({
      post: (request) => request.json('here'),
      get: (_, response) => {
        response.writeHead(404).end();
        return true;
      },
    });
    await call(upstream);
    await until('the stream was refused', () => server.heard.some(({ verb }) => verb === 'GET'));
    await sleep(50);
    await call(upstream);
    expect([...server.sessions.keys()]).toEqual(['session-1']);
  });

  it('is opened anew when the server answers 400 to it, after a call that is not sent twice', async () => {
    const { server, upstream, sent } = await remote({
      post: (request) => request.json('here'),
      get: () => false,
      unknown: (response) => {
        response.writeHead(400, { 'Content-Type': 'application/json' });
        const error = { code: -32000, message: 'Bad Request: No valid session ID provided' };
        response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
      },
    });
    expect(await failure(call(upstream))).toBe('answered');
    server.forget();
    expect(await failure(call(upstream))).toBe('unavailable');
    await until('the session was asked about', () => sent('ping') === 1);
    await expect.poll(() => failure(call(upstream))).toBe('answered');
    expect([...server.sessions.keys()]).toEqual(['session-2']);
  });

  it('is kept when the server answers 400 to a call and knows the session', async () => {
    let bad = true;
    const { server, upstream, sent } = await remote({
      get: () => false,
      post: (request) =>
        bad && request.message.method === 'tools/call'
          ? void request.response.writeHead(400).end()
          : request.json('here'),
    });
    for (let i = 0; i < 3; i++) expect(await failure(call(upstream))).toBe('unavailable');
    await until('the session was asked about', () => sent('ping') > 0);
    bad = false;
    expect(await failure(call(upstream))).toBe('answered');
    expect([...server.sessions.keys()]).toEqual(['session-1']);
  });

  it('is over when the server has become one of the modern era that says no more than 400', async () => {
    let modern = false;
    const refuse = { Connection: 'close' };
    const { url } = await handmadeModern(
      {
        'server/discover': ({ id }, response) =>
          modern
            ? result(response, id, { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })
            : void response.writeHead(400, refuse).end(),
        initialize: ({ id }, response) => {
          if (modern) return void response.writeHead(400).end();
          response.setHeader('Mcp-Session-Id', 'one');
          result(response, id, INITIALIZED);
        },
        'notifications/initialized': (_, response) => void response.writeHead(202).end(),
        ping: (_, response) => void response.writeHead(400).end(),
        'tools/call': ({ id }, response, { headers }) =>
          modern && headers['mcp-method'] === undefined
            ? void response.writeHead(400).end()
            : result(response, id, { content: [{ type: 'text', text: modern ? 'modern' : 'legacy' }] }),
      },
      cleanups,
    );
    const upstream = upstreamOf(httpDefinition(url));
    cleanups.push(() => upstream.close());
    expect(textOfFirst(await resultOf(call(upstream)))).toBe('legacy');
    modern = true;
    await expect
      .poll(async () => textOfFirst(await resultOf(call(upstream)).catch(() => ({}))))
      .toBe('modern');
  });

  it('is not opened in a circle by a server that forgets it as soon as it is subscribed to again', async () => {
    let forgetful = false;
    const { server, upstream, sent } = await remote({
      post: (request) => request.json('here'),
      get: () => false,
      unknown: (response) => void response.writeHead(404).end(),
    });
    await upstream.follow('test://a', LIMITS);
    const sessions = server.sessions as Map<string, unknown>;
    const known = sessions.has.bind(sessions);
    sessions.has = (id) => !forgetful && known(id);
    forgetful = true;
    await failure(call(upstream));
    await sleep(400);
    expect(sent('initialize')).toBeLessThan(6);
    forgetful = false;
    const before = sent('resources/subscribe');
    await until('it is subscribed to again', () => sent('resources/subscribe') > before);
  });
});

/** A server of the old transport, on a port that can be taken again, that counts what happens. */
async function oldServer(port = 0) {
  const seen = { opened: 0, subscribed: 0 };
  let flapping = false;
  let stream: ServerResponse | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      seen.opened++;
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return void response.write('event: endpoint\ndata: /messages\n\n');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as SseMessage;
    response.writeHead(202).end();
    if (method === 'resources/subscribe') seen.subscribed++;
    const answer = { jsonrpc: '2.0', id, result: method === 'initialize' ? INITIALIZED : {} };
    if (id !== undefined) stream?.write(`data: ${JSON.stringify(answer)}\n\n`);
    else if (flapping) stream?.destroy();
  });
  const url = await listen(server, port);
  const close = (): Promise<void> => stop(server);
  cleanups.push(close);
  const flap = (on: boolean): void => {
    flapping = on;
    if (on) stream?.destroy();
  };
  return { url, seen, flap, close };
}

describe('a stream of the old transport', () => {
  function connect(url: string): SseUpstream {
    const upstream = new SseUpstream(httpDefinition(url), ports);
    cleanups.push(() => upstream.close());
    return upstream;
  }

  it('is not opened in a circle for a server that ends it each time, and again once it lasts', async () => {
    const { url, seen, flap } = await oldServer();
    await connect(url).follow('test://a', LIMITS);
    flap(true);
    await sleep(500);
    expect(seen.opened).toBe(1);
    flap(false);
    await until('it is subscribed to again', () => seen.subscribed === 2);
    expect(seen.opened).toBe(2);
  });

  it('is opened again for those who follow a resource, when the server was away for a while', async () => {
    const first = await oldServer();
    await connect(first.url).follow('test://a', LIMITS);
    await first.close();
    await sleep(1_500);
    const { seen } = await oldServer(Number(new URL(first.url).port));
    await until('it is subscribed to again', () => seen.subscribed === 1);
    expect(seen.opened).toBe(1);
  });

  it('is not left alone because clients left while theirs was opened', async () => {
    const server = await libraryOverSse('library');
    cleanups.push(() => server.close());
    const upstream = connect(server.url);
    for (let i = 0; i < 6; i++) {
      const link = upstream.open({});
      const answer = failure(call(link));
      // The stream is asked for in the next turns.
      await sleep(0);
      await link.close();
      expect(await answer).toBe('unavailable');
    }
    expect((await upstream.start()).name).toBe('library');
  });
});
