import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/gateway/upstream/server.ts';
import { call, connect, endAfterEach, handmade, library } from './modern-http.ts';
import { error, events, failure, result, resultOf, textOfFirst } from './modern-upstreams.ts';
import { LIMITS, until } from './upstreams.ts';

endAfterEach();

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
