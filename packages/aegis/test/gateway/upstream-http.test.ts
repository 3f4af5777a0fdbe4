import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpUpstream } from '../../src/gateway/upstream/http/upstream.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { CREDENTIAL, http, LIMITS, libraryOverHttp, listen, stop, textOf, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function connect(url: string, more: Partial<Parameters<typeof http>[0]> = {}): HttpUpstream {
  const upstream = http({ url, ...more });
  cleanups.push(() => upstream.close());
  return upstream;
}

async function library(options: { readonly json?: boolean } = {}) {
  const server = await libraryOverHttp('library', options);
  cleanups.push(() => server.close());
  return server;
}

/** A server that answers `initialize` well and everything else as the test wants. */
async function handmade(
  answer: (message: { id: number; method: string }, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const message = JSON.parse(await textOfRequest(request)) as { id: number; method: string };
    if (message.method !== 'initialize') return answer(message, response);
    json(response, message.id, {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'handmade', version: '1' },
    });
  });
  cleanups.push(() => stop(server));
  return listen(server);
}

async function textOfRequest(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, id: number, result: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

const call = (
  upstream: HttpUpstream,
  name: string,
  args = {},
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits });

async function resultOf(upstream: HttpUpstream, name: string, args = {}) {
  const reply = await call(upstream, name, args);
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return reply.result;
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );

describe('an HTTP upstream', () => {
  it.each([{ json: true }, { json: false }])('answers in a body or in a stream (%o)', async (options) => {
    const upstream = connect((await library(options)).url);
    expect((await upstream.start()).name).toBe('library');
    expect(textOf(await resultOf(upstream, 'greet', { who: 'Ada' }))).toBe('library greets Ada');
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('greet');
  });

  it('is sent the session, the revision and the credential, and the credential never comes back', async () => {
    const server = await library();
    const upstream = connect(server.url, {
      headers: { Authorization: { env: 'UPSTREAM_TOKEN' }, 'X-Plain': 'yes' },
    });
    const shown = textOf(await resultOf(upstream, 'headers'));
    const sent = server.requests.at(-1)?.headers;
    expect(sent).toMatchObject({
      authorization: `Bearer ${CREDENTIAL}`,
      'x-plain': 'yes',
      'mcp-protocol-version': '2025-11-25',
      'mcp-session-id': expect.stringMatching(/.+/),
    });
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(CREDENTIAL);
  });

  it('is initialised again when it has forgotten the session, and the request is sent once more', async () => {
    const server = await library();
    const upstream = connect(server.url);
    await upstream.start();
    server.forget();
    const calls = [1, 2, 3].map((n) => resultOf(upstream, 'greet', { who: String(n) }));
    expect((await Promise.all(calls)).map(textOf)).toEqual([1, 2, 3].map((n) => `library greets ${n}`));
  });

  it('hears of a changed list on its event stream', async () => {
    const server = await library();
    const upstream = connect(server.url);
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await upstream.start();
    await until('the stream is open', () => server.requests.some(({ method }) => method === 'GET'));
    await call(upstream, 'grow');
    await until('the change was heard', () => changed.includes('tools'));
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('grown');
  });

  it('never has more requests under way than allowed, and serves those who wait in order', async () => {
    let most = 0;
    let now = 0;
    const url = await handmade(({ id, method }, response) => {
      if (method !== 'tools/call') return void response.writeHead(202).end();
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        json(response, id, { content: [] });
      }, 20);
    });
    const upstream = connect(url, { maxConcurrency: 3 });
    const calls = Array.from({ length: 12 }, () => call(upstream, 'any'));
    expect((await Promise.all(calls)).every(({ kind }) => kind === 'result')).toBe(true);
    expect(most).toBe(3);
  });

  it('counts the time in the queue, refuses what the queue cannot hold, and frees the slots', async () => {
    let silent = true;
    const url = await handmade(({ id, method }, response) => {
      if (method !== 'tools/call') return void response.writeHead(202).end();
      if (!silent) json(response, id, { content: [] });
    });
    const upstream = connect(url, { maxConcurrency: 1 });
    await upstream.start();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => failure(call(upstream, 'any', {}, { timeoutMs: 200 }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'timeout')).toHaveLength(33);
    expect(outcomes.filter((outcome) => outcome === 'unavailable')).toHaveLength(7);
    silent = false;
    expect((await call(upstream, 'any')).kind).toBe('result');
  });

  it('is told of a cancelled call', async () => {
    const server = await library();
    const upstream = connect(server.url);
    await upstream.start();
    const abort = new AbortController();
    const answer = failure(call(upstream, 'slow', {}, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 50);
    expect(await answer).toBe('cancelled');
  });

  it.each([
    ['a status 500', 'unavailable', (r: ServerResponse) => void r.writeHead(500).end('oops')],
    [
      'a redirect',
      'unavailable',
      (r: ServerResponse) => void r.writeHead(307, { Location: 'http://169.254.169.254/' }).end(),
    ],
    [
      'a page',
      'protocol',
      (r: ServerResponse) => void r.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'),
    ],
    ['nothing', 'protocol', (r: ServerResponse) => void r.writeHead(202).end()],
    [
      'broken JSON',
      'protocol',
      (r: ServerResponse) => void r.writeHead(200, { 'Content-Type': 'application/json' }).end('{"jsonrpc"'),
    ],
    ['a broken connection', 'unavailable', (r: ServerResponse) => void r.destroy()],
    [
      'a stream without the answer',
      'protocol',
      (r: ServerResponse) =>
        void r.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: {}\n\n'),
    ],
    [
      'a huge body',
      'too_large',
      (r: ServerResponse) =>
        void r.writeHead(200, { 'Content-Type': 'application/json' }).end(Buffer.alloc(2_000_000, 0x20)),
    ],
    [
      'a huge event',
      'too_large',
      (r: ServerResponse) =>
        void r
          .writeHead(200, { 'Content-Type': 'text/event-stream' })
          .write(`data: ${'x'.repeat(2_000_000)}`),
    ],
    [
      'a packed body',
      'protocol',
      (r: ServerResponse) =>
        void r.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end('x'),
    ],
  ])('fails the call when the server answers %s', async (_, expected, respond) => {
    const url = await handmade(({ method }, response) => {
      if (method === 'tools/call') respond(response);
      else response.writeHead(202).end();
    });
    expect(await failure(call(connect(url), 'any'))).toBe(expected);
  });

  it('reads events across chunk borders and every kind of line break', async () => {
    const url = await handmade(({ id, method }, response) => {
      if (method !== 'tools/call') return void response.writeHead(202).end();
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      const text = `:hello\r\nid: 1\r\ndata:\r\n\r\ndata: {"jsonrpc":"2.0","id":${id},\rdata: "result":{"content":[],"n":9007199254740993,"é":"😀"}}\n\n`;
      const bytes = Buffer.from(text);
      let at = 0;
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, at + 7));
        at += 7;
        if (at >= bytes.length) clearInterval(timer);
      }, 1);
    });
    const result = await resultOf(connect(url), 'any');
    expect(JSON.stringify(result)).toBe('{"content":[],"n":9007199254740993,"é":"😀"}');
  });

  it('lets an exchange answer no request but its own', async () => {
    const held: { id: number; response: ServerResponse }[] = [];
    const url = await handmade(({ id, method }, response) => {
      if (method !== 'tools/call') return void response.writeHead(202).end();
      held.push({ id, response });
      const [first, second] = held;
      if (first === undefined || second === undefined) return;
      json(first.response, second.id, { content: [{ type: 'text', text: 'for the second' }] });
      json(second.response, second.id, { content: [{ type: 'text', text: 'really for the second' }] });
    });
    const upstream = connect(url);
    await upstream.start();
    const first = failure(call(upstream, 'any'));
    await until('the first is under way', () => held.length === 1);
    expect(textOf(await resultOf(upstream, 'any'))).toBe('really for the second');
    expect(await first).toBe('protocol');
  });

  it('relays an error that comes with an HTTP status of its own', async () => {
    const url = await handmade(({ id, method }, response) => {
      if (method !== 'tools/call') return void response.writeHead(202).end();
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'bad' } }));
    });
    expect(await call(connect(url), 'any')).toEqual({ kind: 'error', code: -32602, message: 'bad' });
  });

  it('is unavailable when nobody listens, and there again when somebody does', async () => {
    const server = await libraryOverHttp('gone');
    await server.close();
    const upstream = connect(server.url);
    expect(await failure(upstream.start())).toBe('unavailable');
    expect(await failure(call(upstream, 'greet'))).toBe('unavailable');
  });

  it.each([{ 'Mcp-Session-Id': 'x' }, { Host: 'other' }, { 'X-Bad': 'a\nb' }, { 'bad name': 'x' }])(
    'is not started with the header %o',
    async (headers) => {
      const server = await library();
      const upstream = connect(server.url, { headers });
      expect(await failure(upstream.start())).toBe('unavailable');
      expect(server.requests).toHaveLength(0);
    },
  );

  it('ends its session when it is closed', async () => {
    const server = await library();
    const upstream = connect(server.url);
    await upstream.start();
    await upstream.close();
    expect(server.requests.at(-1)?.method).toBe('DELETE');
    expect(await failure(call(upstream, 'greet'))).toBe('unavailable');
  });
});
