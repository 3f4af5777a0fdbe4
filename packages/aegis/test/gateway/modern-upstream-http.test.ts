import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, UpstreamLink, UpstreamServer } from '../../src/gateway/upstream/server.ts';
import {
  type Answer,
  error,
  events,
  failure,
  handmadeModern,
  httpDefinition,
  modernLibraryOverHttp,
  result,
  resultOf,
  textOfFirst,
  upstreamOf,
} from './modern-upstreams.ts';
import { CREDENTIAL, LIMITS, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function connect(url: string, more: Parameters<typeof httpDefinition>[1] = {}): UpstreamServer {
  const upstream = upstreamOf(httpDefinition(url, { era: 'modern', ...more }));
  cleanups.push(() => upstream.close());
  return upstream;
}

async function library() {
  const server = await modernLibraryOverHttp();
  cleanups.push(() => server.close());
  return server;
}

const handmade = (answer: Partial<Record<string, Answer>>, capabilities?: JsonObject) =>
  handmadeModern(answer, cleanups, capabilities);

const call = (
  upstream: UpstreamLink,
  name: string,
  args: JsonObject = {},
  conversation?: Conversation,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits }, conversation);

describe('an HTTP upstream of the modern era', () => {
  it('describes itself, lists, and is called', async () => {
    const upstream = connect((await library()).url);
    expect(await upstream.start()).toMatchObject({
      era: 'modern',
      protocolVersion: '2026-07-28',
      name: 'modern-library',
      version: '2.0.0',
      instructions: 'be kind',
    });
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('greet');
    expect((await upstream.list('resources')).map(({ uri }) => uri)).toEqual(['test://motto']);
    expect((await upstream.list('prompts')).map(({ name }) => name)).toEqual(['poem']);
    expect((await resultOf(call(upstream, 'greet', { who: 'Ada' })))['structuredContent']).toEqual({
      greeting: 'hello Ada',
    });
    const read = await resultOf(upstream.request('resources/read', { uri: 'test://motto' }, LIMITS));
    expect(JSON.stringify(read)).toContain('the motto');
  });

  it('gives no more than 64 KiB of its instructions', async () => {
    const { url } = await handmade({
      'server/discover': ({ id }, response) =>
        result(response, id, {
          supportedVersions: ['2026-07-28'],
          capabilities: {},
          instructions: 'x'.repeat(200_000),
        }),
    });
    expect((await connect(url).start()).instructions).toHaveLength(64 * 1024);
  });

  it('is sent the revision, who asks and what can be asked, in the body and in the headers', async () => {
    const upstream = connect((await library()).url, {
      headers: { Authorization: { env: 'UPSTREAM_TOKEN' } },
    });
    await upstream.list('tools');
    const shown = textOfFirst(
      await resultOf(
        call(
          upstream,
          'seen',
          { region: 'Köln' },
          { capabilities: { elicitation: {} }, logLevel: 'debug', log() {} },
        ),
      ),
    );
    const { headers, envelope } = JSON.parse(shown);
    expect(headers).toMatchObject({
      authorization: '[secret]',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'seen',
      'mcp-param-region': `=?base64?${Buffer.from('Köln').toString('base64')}?=`,
    });
    expect(envelope).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'aegis', version: '0.0.0' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
      'io.modelcontextprotocol/logLevel': 'debug',
    });
    expect(shown).not.toContain(CREDENTIAL);
  });

  it('tells progress and log messages to the request that they belong to', async () => {
    const upstream = connect((await library()).url);
    const heard: unknown[] = [];
    const conversation: Conversation = {
      capabilities: {},
      logLevel: 'info',
      progress: (report) => heard.push(report),
      log: ({ level, data }) => heard.push({ level, data }),
    };
    expect(textOfFirst(await resultOf(call(upstream, 'steps', {}, conversation)))).toBe('done');
    expect(heard).toEqual(
      [1, 2, 3].flatMap((progress) => [
        { level: 'info', data: `step ${progress}` },
        { progress, total: 3, message: `step ${progress}` },
      ]),
    );
  });

  it('gives a result that asks for more back as it is, and takes the answers', async () => {
    const upstream = connect((await library()).url);
    const conversation = { capabilities: { elicitation: { form: {} } } };
    const first = await resultOf(call(upstream, 'ask', {}, conversation));
    expect(first).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create' } },
    });
    const params = {
      name: 'ask',
      arguments: {},
      inputResponses: { name: { action: 'accept', content: { name: 'Ada' } } },
    };
    const second = await resultOf(upstream.request('tools/call', params, LIMITS, conversation));
    expect(textOfFirst(second)).toBe('hello Ada');
  });

  it('says in words that it needs a capability that the client does not have', async () => {
    const reply = await call(connect((await library()).url), 'ask');
    expect(reply).toEqual({
      kind: 'error',
      code: -31421,
      message: 'the server needs a client capability that this client does not have',
      data: { requiredCapabilities: { elicitation: {} } },
    });
  });

  it('learns that a call was given up from the end of its exchange, and is sent nothing else', async () => {
    const server = await library();
    const upstream = connect(server.url);
    await upstream.start();
    const abort = new AbortController();
    const answer = failure(call(upstream, 'slow', {}, undefined, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 100);
    expect(await answer).toBe('cancelled');
    expect(await failure(call(upstream, 'slow', {}, undefined, { timeoutMs: 100 }))).toBe('timeout');
    await until('the server gave up', () => server.world.cancelled === 2);
    expect(server.requests.map(({ headers }) => headers['mcp-method'])).not.toContain(
      'notifications/cancelled',
    );
  });

  it('mirrors arguments as the server listed its tools last, and does not list one that asks wrongly', async () => {
    let annotation: unknown = 'Tenant';
    const sent: unknown[] = [];
    const { url } = await handmade({
      'tools/list': ({ id }, response) =>
        result(response, id, {
          tools: [
            {
              name: 'query',
              inputSchema: {
                type: 'object',
                properties: {
                  scope: { properties: { tenant: { type: 'string', 'x-mcp-header': annotation } } },
                },
              },
            },
            { name: 'plain', inputSchema: { type: 'object' } },
          ],
        }),
      'tools/call': ({ id }, response, { headers }) => {
        sent.push(
          Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-param-'))),
        );
        result(response, id, { content: [] });
      },
    });
    const upstream = connect(url);
    const args = { scope: { tenant: 'acme' } };
    await call(upstream, 'query', args);
    expect(await upstream.list('tools')).toHaveLength(2);
    await call(upstream, 'query', args);
    await call(upstream, 'query', { scope: { tenant: null } });
    annotation = 'Other';
    await upstream.list('tools');
    await call(upstream, 'query', args);
    annotation = 'not a token';
    expect((await upstream.list('tools')).map(({ name }) => name)).toEqual(['plain']);
    expect(sent).toEqual([{}, { 'mcp-param-tenant': 'acme' }, {}, { 'mcp-param-other': 'acme' }]);
  });

  it('is sent a call once more when it asks for other headers than it did, and never without that', async () => {
    let listed = 'Old';
    const calls: unknown[] = [];
    const { url } = await handmade({
      'tools/list': ({ id }, response) =>
        result(response, id, {
          tools: [
            {
              name: 'query',
              inputSchema: { type: 'object', properties: { q: { type: 'integer', 'x-mcp-header': listed } } },
            },
          ],
        }),
      'tools/call': ({ id }, response, { headers }) => {
        calls.push(headers['mcp-param-old'] ?? headers['mcp-param-new']);
        if (headers['mcp-param-new'] === undefined) error(response, null, -32020, 'header mismatch', 400);
        else result(response, id, { content: [] });
      },
    });
    const upstream = connect(url);
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await upstream.list('tools');
    expect(await failure(call(upstream, 'query', { q: 7 }))).toBe('protocol');
    expect(calls).toEqual(['7']);
    listed = 'New';
    expect((await call(upstream, 'query', { q: 7 })).kind).toBe('result');
    expect(calls).toEqual(['7', '7', '7']);
    expect(changed).toEqual(['tools', 'tools']);
  });

  it('is asked what it is again when it does not speak the revision any more, and no call is sent twice', async () => {
    let speaks = true;
    const { url, posted } = await handmade({
      'tools/call': ({ id }, response) => {
        if (speaks) return result(response, id, { content: [] });
        speaks = true;
        error(response, id, -32022, 'unsupported', 400, {
          supported: ['2099-01-01'],
          requested: '2026-07-28',
        });
      },
    });
    const upstream = connect(url);
    await call(upstream, 'any');
    speaks = false;
    expect(await failure(call(upstream, 'any'))).toBe('unavailable');
    expect((await call(upstream, 'any')).kind).toBe('result');
    expect(posted.map(({ method }) => method)).toEqual([
      'server/discover',
      'tools/call',
      'tools/call',
      'server/discover',
      'tools/call',
    ]);
  });

  it.each<[string, string, (id: unknown, response: ServerResponse) => void]>([
    ['an unknown type of result', 'protocol', (id, r) => result(r, id, { resultType: 'task', content: [] })],
    [
      'a type of result that is no text',
      'protocol',
      (id, r) => result(r, id, { resultType: null, content: [] }),
    ],
    ['a result that needs nothing', 'protocol', (id, r) => result(r, id, { resultType: 'input_required' })],
    [
      'needs that are none',
      'protocol',
      (id, r) => result(r, id, { resultType: 'input_required', inputRequests: { a: 1 } }),
    ],
    [
      'a state that is no text',
      'protocol',
      (id, r) => result(r, id, { resultType: 'input_required', requestState: { a: 1 } }),
    ],
    ['the answer to another request', 'protocol', (id, r) => result(r, Number(id) + 1, { content: [] })],
    ['a result without an id', 'protocol', (_, r) => result(r, null, { content: [] })],
    ['the id as text', 'protocol', (id, r) => result(r, String(id), { content: [] })],
    ['neither a result nor an error', 'protocol', (_, r) => void r.writeHead(202).end()],
    ['a page', 'protocol', (_, r) => void r.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>')],
    [
      'a redirect',
      'unavailable',
      (_, r) => void r.writeHead(307, { Location: 'http://169.254.169.254/' }).end(),
    ],
    ['a status 500', 'unavailable', (_, r) => void r.writeHead(500).end('oops')],
    ['a huge result', 'too_large', (id, r) => result(r, id, { content: [], x: 'x'.repeat(2_000_000) })],
    ['a stream without the answer', 'protocol', (_, r) => void (events(r)({}), r.end())],
  ])('fails the call when it answers %s', async (_, expected, respond) => {
    const { url } = await handmade({ 'tools/call': ({ id }, response) => respond(id, response) });
    expect(await failure(call(connect(url), 'any'))).toBe(expected);
  });

  it.each(['tools/list', 'completion/complete'])(
    'may not ask for more in the result of `%s`',
    async (method) => {
      const { url } = await handmade({
        [method]: ({ id }: { id: unknown }, response: ServerResponse) =>
          result(response, id, { resultType: 'input_required', requestState: 's', tools: [] }),
      });
      expect(await failure(connect(url).request(method, {}, LIMITS))).toBe('protocol');
    },
  );

  it('may leave the id out of an error only where it refused the request unread', async () => {
    const { url } = await handmade({
      'tools/call': (_, response) => error(response, null, -32021, 'needs more', 400),
      'prompts/get': (_, response) => error(response, undefined, -32000, 'Server not initialized', 400),
    });
    const upstream = connect(url);
    expect(await call(upstream, 'any')).toMatchObject({ kind: 'error', code: -31421 });
    expect(await failure(upstream.request('prompts/get', { name: 'any' }, LIMITS))).toBe('unavailable');
  });

  it('may send no requests and no progress of other calls, and what it sends so is counted', async () => {
    const { url } = await handmade({
      'tools/call': ({ id }, response) => {
        const write = events(response);
        write({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} });
        write({
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: 999, progress: 1 },
        });
        write({
          jsonrpc: '2.0',
          method: 'notifications/message',
          params: { level: 'info', data: 'unasked' },
        });
        write({ jsonrpc: '2.0', id, result: { content: [] } });
        response.end();
      },
    });
    const upstream = connect(url);
    const heard: unknown[] = [];
    const conversation: Conversation = {
      capabilities: { sampling: {} },
      progress: (report) => heard.push(report),
      log: (params) => heard.push(params),
      ask: () => Promise.reject(new Error('asked')),
    };
    expect((await call(upstream, 'any', {}, conversation)).kind).toBe('result');
    expect(heard).toEqual([]);
    expect(upstream.stray).toMatchObject({ refused: 1, unheard: 2 });
  });

  it('reads characters that are cut between the chunks of an event stream', async () => {
    const { url } = await handmade({
      'tools/call': ({ id }, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        const whole = Buffer.from(
          `data: {"jsonrpc":"2.0","id":${id},"result":{"content":[],"é":"😀"}}\r\n\r\n`,
        );
        let at = 0;
        const timer = setInterval(() => {
          response.write(whole.subarray(at, ++at));
          if (at === whole.length) clearInterval(timer);
        }, 1);
      },
    });
    expect(JSON.stringify(await resultOf(call(connect(url), 'any')))).toBe('{"content":[],"é":"😀"}');
  });

  it('gets a `_meta` and headers that no client has a say in', async () => {
    const { url, posted, requests } = await handmade({
      'tools/call': ({ id }, response) => result(response, id, { content: [] }),
    });
    const upstream = connect(url);
    const name = 'x\r\nX-Smuggled: 1';
    const forged = { 'io.modelcontextprotocol/protocolVersion': '1900-01-01', progressToken: 'theirs' };
    await upstream.request('tools/call', { name, arguments: {}, _meta: forged }, LIMITS);
    expect(posted.at(-1)?.params['_meta']).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'aegis', version: '0.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    });
    expect(requests.at(-1)?.headers).toMatchObject({
      'mcp-name': `=?base64?${Buffer.from(name).toString('base64')}?=`,
    });
    expect(requests.at(-1)?.headers['x-smuggled']).toBeUndefined();
  });

  it('cannot be configured with a header of the protocol', async () => {
    const { url } = await handmade({});
    expect(await failure(connect(url, { headers: { 'Mcp-Param-Region': 'eu' } }).start())).toBe(
      'unavailable',
    );
  });

  it('never has more requests under way than allowed', async () => {
    let most = 0;
    let now = 0;
    const { url } = await handmade({
      'tools/call': ({ id }, response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          result(response, id, { content: [] });
        }, 20);
      },
    });
    const upstream = connect(url, { maxConcurrency: 3 });
    const replies = await Promise.all(Array.from({ length: 12 }, () => call(upstream, 'any')));
    expect(replies.every(({ kind }) => kind === 'result')).toBe(true);
    expect(most).toBe(3);
  });
});
