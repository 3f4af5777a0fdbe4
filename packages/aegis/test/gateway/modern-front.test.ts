import { describe, expect, it } from 'vitest';
import { ask, headersOf, post, withMeta } from './modern-requests.ts';
import { gateway, library, statelessBehind } from './stateless-gateway.ts';

statelessBehind();

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
