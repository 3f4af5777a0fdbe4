import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIST_TTL_MS } from '../../src/gateway/front/modern/results.ts';
import { ask, headersOf, type ModernGateway, modernGateway, post, withMeta } from './modern-gateway.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';
import { until } from './upstreams.ts';

let library: StatelessLibrary;
let gateway: ModernGateway;

beforeAll(async () => {
  library = await statelessLibrary();
  gateway = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
});
afterAll(async () => {
  await gateway.close();
  await library.close();
});

const greet = { name: 'greet', arguments: { who: 'you' } };

/** What the kernel recorded while something was done, without the beginnings of runs. */
async function recorded(act: () => Promise<unknown>): Promise<string[]> {
  const before = (await gateway.events()).length;
  await act();
  const events = (await gateway.events()).slice(before);
  return events.map(({ type }) => type).filter((type) => type !== 'SESSION_STARTED');
}

const REFUSED = ['ACCESS_PROPOSED', 'POLICY_DECISION', 'ACCESS_DENIED'];
const REFUSED_CALL = ['TOOL_CALL_PROPOSED', 'POLICY_DECISION', 'TOOL_CALL_DENIED'];

describe('a request without a session', () => {
  it('is answered at once, as a complete result that names Aegis', async () => {
    const { status, json } = await ask(gateway.url, 'tools/call', greet);
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {
        resultType: 'complete',
        content: [{ type: 'text', text: 'hello you' }],
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'aegis', title: 'Aegis', version: '1.2.3' } },
      },
    });
  });

  it('leads to one decision and one outcome', async () => {
    const types = await recorded(() => ask(gateway.url, 'tools/call', greet));
    expect(types).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
  });

  it('tells the server nothing of its `_meta`, and not that it was sent by this client', async () => {
    await ask(gateway.url, 'tools/call', greet, { meta: { 'example.org/secret': 'x', traceparent: '00-1' } });
    const { params } = library.bodies.at(-1) ?? {};
    expect(params).toMatchObject({ name: 'greet', arguments: { who: 'you' } });
    expect(JSON.stringify(params)).not.toMatch(/example\.org|traceparent|"raw"/);
  });

  it('ignores a session id, and is given none', async () => {
    const { status, headers } = await ask(gateway.url, 'tools/call', greet, {
      headers: { 'Mcp-Session-Id': 'whatever', 'Last-Event-ID': '7' },
    });
    expect(status).toBe(200);
    expect(headers['mcp-session-id']).toBeUndefined();
  });

  it.each([
    ['no `_meta`', { _meta: undefined }, '`_meta` must be an object'],
    ['no version', { 'io.modelcontextprotocol/protocolVersion': undefined }, 'protocolVersion'],
    ['a version that is no text', { 'io.modelcontextprotocol/protocolVersion': 7 }, 'protocolVersion'],
    ['no capabilities', { 'io.modelcontextprotocol/clientCapabilities': undefined }, 'clientCapabilities'],
    ['a log level that is none', { 'io.modelcontextprotocol/logLevel': 'loud' }, 'logLevel'],
    ['a run id that is none', { 'aegis/run': '../x' }, 'aegis/run'],
  ])('with %s is refused with 400, and recorded once', async (_, meta, words) => {
    const whole = withMeta(greet);
    const params =
      '_meta' in meta
        ? { ...whole, _meta: undefined }
        : { ...whole, _meta: { ...(whole['_meta'] as object), ...meta } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'tools/call', params });
    let answer: Awaited<ReturnType<typeof post>> | undefined;
    const types = await recorded(async () => {
      answer = await post(gateway.url, body, headersOf('tools/call', greet));
    });
    expect(answer?.status).toBe(400);
    expect(answer?.json).toMatchObject({
      id: 'x',
      error: { code: -32602, data: { code: 'PROTOCOL_VIOLATION' } },
    });
    expect(answer?.json.error?.message).toContain(words);
    expect(types).toEqual(REFUSED_CALL);
  });

  it('is served without `clientInfo`', async () => {
    const { status } = await ask(gateway.url, 'tools/call', greet, {
      meta: { 'io.modelcontextprotocol/clientInfo': null },
    });
    expect(status).toBe(200);
  });

  it('of an unknown version is told which ones there are', async () => {
    const { status, json } = await ask(
      gateway.url,
      'server/discover',
      {},
      {
        headers: { 'MCP-Protocol-Version': '2027-01-01' },
        meta: { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' },
      },
    );
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      code: -32022,
      data: {
        supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
        requested: '2027-01-01',
      },
    });
  });

  it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'tasks/get', 'no/such'])(
    'for `%s` is answered with 404, and recorded once',
    async (method) => {
      let answer: Awaited<ReturnType<typeof ask>> | undefined;
      const types = await recorded(async () => {
        answer = await ask(gateway.url, method, {});
      });
      expect(answer?.status).toBe(404);
      expect(answer?.json).toMatchObject({ id: 1, error: { code: -32601 } });
      expect(types).toEqual(REFUSED);
    },
  );

  it('for what no server offers is answered with 404', async () => {
    const ref = { type: 'ref/prompt', name: 'poem' };
    const params = { ref, argument: { name: 'about', value: 'x' } };
    const { status, json } = await ask(gateway.url, 'completion/complete', params);
    expect([status, json.error?.code]).toEqual([404, -32601]);
  });
});

describe('a message that is no request', () => {
  const send = (body: string, headers = {}) =>
    post(gateway.url, body, { ...headersOf('tools/call', greet), ...headers });

  it.each([
    ['is not JSON', '{', -32700],
    ['says a name twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32700],
    ['is a batch', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', -32600],
    ['is a response', '{"jsonrpc":"2.0","id":1,"result":{}}', -32600],
    ['has a null id', '{"jsonrpc":"2.0","id":null,"method":"tools/list"}', -32600],
  ])('and %s is refused with 400, and recorded once', async (_, body, code) => {
    let answer: Awaited<ReturnType<typeof post>> | undefined;
    const types = await recorded(async () => {
      answer = await send(body);
    });
    expect([answer?.status, answer?.json.error?.code]).toEqual([400, code]);
    expect(types).toEqual(REFUSED);
  });

  it('but a notification is accepted and does nothing', async () => {
    const { status, text } = await send(
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
    );
    expect([status, text]).toEqual([202, '']);
  });

  it.each([
    ['a body that is no JSON by its type', { 'Content-Type': 'text/plain' }, 415],
    ['a coding of the body', { 'Content-Encoding': 'gzip' }, 415],
    ['a client that does not take streams', { Accept: 'application/json' }, 406],
  ])('and has %s is refused', async (_, headers, status) => {
    const answer = await send('{}', headers);
    expect(answer.status).toBe(status);
    expect(answer.json.error?.code).toBe(-32600);
  });

  it('and is too large is refused', async () => {
    const answer = await send(`"${'x'.repeat(1024 * 1024)}"`);
    expect(answer.status).toBe(413);
  });
});

describe('what is offered', () => {
  it('is discovered: versions, capabilities of the servers, their instructions', async () => {
    const { json } = await ask(gateway.url, 'server/discover');
    expect(json.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        logging: {},
      },
      ttlMs: LIST_TTL_MS,
      cacheScope: 'private',
    });
    expect(json.result?.['capabilities']).not.toHaveProperty('completions');
    expect(json.result?.['instructions']).toContain('Greet before you ask.');
  });

  it('is listed without what policy hides, for this caller alone and for a short time', async () => {
    const { json } = await ask(gateway.url, 'tools/list');
    const { tools, ttlMs, cacheScope, resultType } = json.result ?? {};
    expect((tools as { name: string }[]).map(({ name }) => name)).toEqual([
      'forbidden',
      'greet',
      'headed',
      'pay',
      'slow',
      'spy',
      'steps',
    ]);
    expect({ ttlMs, cacheScope, resultType }).toEqual({
      ttlMs: 5_000,
      cacheScope: 'private',
      resultType: 'complete',
    });
  });

  it('is listed in pages', async () => {
    const small = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      limits: { pageSize: 4 },
    });
    const first = await ask(small.url, 'tools/list');
    const { nextCursor } = first.json.result as { nextCursor: string };
    const second = await ask(small.url, 'tools/list', { cursor: nextCursor });
    expect(second.json.result?.['tools']).toHaveLength(3);
    expect(second.json.result).not.toHaveProperty('nextCursor');
    const wrong = await ask(small.url, 'tools/list', { cursor: 'AAAA' });
    expect([wrong.status, wrong.json.error?.code]).toEqual([200, -32602]);
    await small.close();
  });

  it('is denied by name although it is not listed, as if it did not exist', async () => {
    const hidden = await ask(gateway.url, 'tools/call', { name: 'hidden', arguments: {} });
    const unknown = await ask(gateway.url, 'tools/call', { name: 'no-such', arguments: {} });
    const words = (text: string): string =>
      text.replace(/call_[0-9a-f]+/g, 'call').replaceAll('no-such', 'hidden');
    expect(words(hidden.text)).toBe(words(unknown.text));
    expect(hidden.json.result?.['isError']).toBe(true);
  });

  it('is denied as a result that the model can read', async () => {
    const { json } = await ask(gateway.url, 'tools/call', {
      name: 'forbidden',
      arguments: { really: 'yes' },
    });
    expect(json.result).toMatchObject({
      resultType: 'complete',
      isError: true,
      _meta: { 'aegis/denial': { code: 'POLICY_DENY', rule: 'no-forbidden' } },
    });
  });

  it('is read, with a hint for caches that is no longer than that of a list', async () => {
    const { json } = await ask(gateway.url, 'resources/read', { uri: 'test://motto' });
    expect(json.result).toMatchObject({
      contents: [{ text: 'greet everybody' }],
      ttlMs: 0,
      cacheScope: 'private',
    });
  });

  it('is denied where it may not be read, without a word of why', async () => {
    const { status, json } = await ask(gateway.url, 'resources/read', { uri: 'test://secret' });
    expect([status, json.error?.code]).toEqual([200, -32602]);
    expect(json.error?.data).toMatchObject({ code: 'TOOL_UNKNOWN' });
    expect(JSON.stringify(json)).not.toContain('no-secret');
  });

  it('and where there is no resource, it is said which', async () => {
    const uri = 'test://no-such';
    const { status, json } = await ask(gateway.url, 'resources/read', { uri });
    expect(status).toBe(200);
    expect(json.error).toMatchObject({ code: -32602, data: { uri } });
  });

  it('is given for a prompt', async () => {
    const { json } = await ask(gateway.url, 'prompts/get', { name: 'poem', arguments: { about: 'trees' } });
    expect(json.result).toMatchObject({ messages: [{ content: { text: 'a poem about trees' } }] });
    expect(json.result).not.toHaveProperty('ttlMs');
  });
});

describe('while a request is worked on', () => {
  it('its progress comes before its answer, under the token of the client', async () => {
    const answer = await ask(
      gateway.url,
      'tools/call',
      { name: 'steps', arguments: {} },
      { meta: { progressToken: 'mine' } },
    );
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.headers['x-accel-buffering']).toBe('no');
    expect(
      answer.notices.map(({ method, params }) => [method, params['progressToken'], params['progress']]),
    ).toEqual([1, 2, 3].map((progress) => ['notifications/progress', 'mine', progress]));
    expect(answer.json.result?.['content']).toEqual([{ type: 'text', text: 'done' }]);
  });

  it('log messages come as severe as the client wants them, and none without a wish', async () => {
    const call = (meta: Record<string, string>) =>
      ask(gateway.url, 'tools/call', { name: 'steps', arguments: {} }, { meta });
    const wanted = await call({ 'io.modelcontextprotocol/logLevel': 'warning' });
    expect(wanted.notices).toMatchObject([
      { method: 'notifications/message', params: { level: 'warning', data: 'said at warning' } },
    ]);
    expect((await call({})).notices).toEqual([]);
  });

  it('a client that closes the connection has cancelled it', async () => {
    const abort = new AbortController();
    const sent = library.bodies.length;
    const call = ask(
      gateway.url,
      'tools/call',
      { name: 'slow', arguments: {} },
      { signal: abort.signal },
    ).catch(() => 'gone');
    await until('the server works', () => library.bodies.length > sent);
    const types = await recorded(async () => {
      abort.abort();
      expect(await call).toBe('gone');
      await until('the outcome is recorded', () => true);
      await expect.poll(async () => (await gateway.events()).at(-1)?.type).toBe('TOOL_RESULT');
    });
    expect(types).toEqual(['TOOL_CALL_EXECUTED', 'TOOL_RESULT']);
    expect((await gateway.events()).at(-1)?.payload).toMatchObject({ outcome: 'failed' });
  });

  it('more than so many requests of one run are refused', async () => {
    const small = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      limits: { maxInFlight: 2 },
    });
    const aborts = [new AbortController(), new AbortController()];
    const sent = library.bodies.length;
    const slow = aborts.map(({ signal }) =>
      ask(small.url, 'tools/call', { name: 'slow', arguments: {} }, { signal }).catch(() => 'gone'),
    );
    await until('both are worked on', () => library.bodies.length >= sent + 2);
    const { json } = await ask(small.url, 'tools/list');
    expect(json.error).toMatchObject({ code: -32600, data: { code: 'RATE_LIMITED' } });
    for (const abort of aborts) abort.abort();
    await Promise.all(slow);
    await small.close();
  });
});

it('says that it is shutting down, once it is', async () => {
  const closing = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
  await closing.front.close('over');
  expect((await ask(closing.url, 'tools/list')).status).toBe(503);
  await closing.close();
});
