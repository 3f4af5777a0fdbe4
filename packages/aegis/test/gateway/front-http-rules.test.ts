import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HEADERS, initialize, toolCall } from './http-door.ts';
import { door, kernel, openSession, send, serveHttp } from './http-front.ts';
import { textOf, until } from './upstreams.ts';

serveHttp();

describe('MCP over HTTP, with a client that breaks the rules', () => {
  const raw = (text: string) => ({ body: text });
  const args = (text: string) =>
    raw(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${text}}}`);

  it.each<[string, { body: string | Buffer; headers?: Record<string, string | undefined> }, number, number]>([
    ['broken JSON', raw('{"jsonrpc":'), 400, -32700],
    ['an empty body', raw(''), 400, -32700],
    ['a byte order mark', raw('\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}'), 400, -32700],
    ['invalid UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, -32700],
    [
      'UTF-16',
      { body: Buffer.from('\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', 'utf16le') },
      400,
      -32700,
    ],
    ['a key twice', args('{"text":"a","text":"b"}'), 400, -32700],
    ['a key twice, once escaped', args('{"text":"a","t\\u0065xt":"b"}'), 400, -32700],
    ['deep nesting', args('['.repeat(80) + ']'.repeat(80)), 400, -32700],
    ['a batch', raw('[{"jsonrpc":"2.0","id":1,"method":"ping"}]'), 400, -32600],
    ['an id null', raw('{"jsonrpc":"2.0","id":null,"method":"ping"}'), 400, -32600],
    ['a body over the limit', { body: Buffer.alloc(5 * 1024 * 1024, 0x20) }, 413, -32600],
    ['text/plain', { ...args('{}'), headers: { 'Content-Type': 'text/plain' } }, 415, -32600],
    [
      'a form',
      { ...args('{}'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      -32600,
    ],
    ['no content type', { ...args('{}'), headers: { 'Content-Type': undefined } }, 415, -32600],
    [
      'another charset',
      { ...args('{}'), headers: { 'Content-Type': 'application/json; charset=utf-7' } },
      415,
      -32600,
    ],
    ['a packed body', { ...args('{}'), headers: { 'Content-Encoding': 'gzip' } }, 415, -32600],
    [
      'a client that takes no stream',
      { ...args('{}'), headers: { Accept: 'application/json' } },
      406,
      -32600,
    ],
    [
      'an unknown revision',
      { ...args('{}'), headers: { 'MCP-Protocol-Version': '2023-01-01' } },
      400,
      -32600,
    ],
    [
      'a revision that was not agreed on',
      { ...args('{}'), headers: { 'MCP-Protocol-Version': '2025-06-18' } },
      400,
      -32600,
    ],
    ['a header that names another method', { ...args('{}'), headers: { 'Mcp-Method': 'ping' } }, 400, -32600],
    ['a header that names another tool', { ...args('{}'), headers: { 'Mcp-Name': 'greet' } }, 400, -32600],
    [
      'a header that names a tool where there is none',
      { ...raw('{"jsonrpc":"2.0","id":1,"method":"ping"}'), headers: { 'Mcp-Name': 'echo' } },
      400,
      -32600,
    ],
    [
      'a method that is not offered',
      raw('{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage"}'),
      200,
      -32601,
    ],
    ['a second initialize', raw(JSON.stringify(initialize())), 200, -32600],
  ])(
    'refuses %s with one error and one record, and nothing runs',
    async (_, { body, headers = {} }, status, code) => {
      const session = await openSession();
      const answer = await send(body, { session, headers });
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code } });
      expect(kernel.refusals).toHaveLength(1);
      expect(kernel.refusals[0]).toMatchObject({ session: 'session 1', code: 'PROTOCOL_VIOLATION' });
      expect(kernel.calls).toHaveLength(0);
    },
  );

  it.each<[string, Record<string, string | undefined>, number]>([
    ['without a token', { Authorization: undefined }, 401],
    ['with a wrong token', { Authorization: 'Basic YTpi' }, 401],
    ['while nobody can tell who calls', { Authorization: 'broken' }, 500],
    ['from a web page', { Origin: 'http://evil.test' }, 403],
    ['from a page without origin', { Origin: 'null' }, 403],
    ['from a page of another door here', { Host: 'gateway.test:8080', Origin: 'http://gateway.test:1' }, 403],
    ['from a page at a rebound name', { Host: 'evil.test', Origin: 'http://evil.test' }, 403],
    ['under a rebound name', { Host: 'evil.test' }, 403],
    ['under a known name at another port', { Host: 'gateway.test:9090' }, 403],
    ['under a name that begins like ours', { Host: '127.0.0.1.evil.test' }, 403],
  ])('refuses a request %s before anything is opened', async (_, headers, status) => {
    const answer = await send(initialize(), { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
    expect(kernel.opened).toHaveLength(0);
    expect(kernel.refusals).toHaveLength(0);
  });

  it('serves an allowed page, and every allowed host name', async () => {
    expect((await send(initialize(), { headers: { Origin: 'http://friend.test' } })).status).toBe(200);
    expect((await send(initialize(), { headers: { Host: 'GATEWAY.test:8080' } })).status).toBe(200);
    const own = { Host: 'gateway.test:8080', Origin: 'http://gateway.test:8080' };
    expect((await send(initialize(), { headers: own })).status).toBe(200);
  });

  it.each(['PUT', 'PATCH', 'OPTIONS', 'HEAD'])('does not know %s', async (method) => {
    const answer = await send(undefined, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST, GET, DELETE');
  });

  it('hides a session from every other caller', async () => {
    const session = await openSession('alice');
    const headers = { Authorization: 'Bearer mallory' };
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await send(method === 'POST' ? toolCall(1, 'echo') : undefined, {
        method,
        session,
        headers,
      });
      expect(answer.status).toBe(404);
    }
    expect(kernel.calls).toHaveLength(0);
    expect((await send(toolCall(1, 'echo', { text: 'mine' }), { session })).text).toContain('mine');
  });

  it('asks for a session, and does not know one that it never gave', async () => {
    expect((await send(toolCall(1, 'echo'))).status).toBe(400);
    expect((await send(undefined, { method: 'GET' })).status).toBe(400);
    expect((await send(undefined, { method: 'DELETE' })).status).toBe(400);
    expect((await send(toolCall(1, 'echo'), { session: 'x'.repeat(32) })).status).toBe(404);
    const session = await openSession();
    const twice = await send(toolCall(1, 'echo'), { session: `${session}, ${session}` });
    expect(twice.status).toBe(404);
    expect(kernel.calls).toHaveLength(0);
  });

  it('runs a call once when its id is used again while it is under way', async () => {
    const session = await openSession();
    const first = send(toolCall(7, 'late'), { session });
    await until('the call is under way', () => kernel.calls.length === 1);
    const second = await send(toolCall(7, 'echo'), { session });
    expect(JSON.parse(second.text)).toMatchObject({ id: null, error: { code: -32600 } });
    expect(JSON.parse((await first).text)).toMatchObject({ id: 7, result: { content: [{ text: 'late' }] } });
    expect(kernel.calls).toHaveLength(1);
  });

  it('does not confuse equal ids of two sessions', async () => {
    const [alice, bob] = [await openSession('alice'), await openSession('bob')];
    const headers = { Authorization: 'Bearer bob' };
    const calls = Array.from({ length: 20 }, (_, i) => [
      send(toolCall(i, 'echo', { text: `alice ${i}` }), { session: alice }),
      send(toolCall(i, 'echo', { text: `bob ${i}` }), { session: bob, headers }),
    ]).flat();
    const texts = (await Promise.all(calls)).map(({ text }) =>
      textOf((JSON.parse(text) as { result: unknown }).result),
    );
    expect(texts).toEqual(Array.from({ length: 20 }, (_, i) => [`alice ${i}`, `bob ${i}`]).flat());
  });

  it('takes headers that agree with the body', async () => {
    const session = await openSession();
    const headers = { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'echo' };
    const { text } = await send(toolCall(1, 'echo', { text: 'the same' }), { session, headers });
    expect(text).toContain('the same');
  });

  it('answers notifications and responses with 202 and nothing', async () => {
    const session = await openSession();
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'notifications/unknown' },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      expect(await send(message, { session })).toMatchObject({ status: 202, text: '' });
    }
  });

  it('ends the request of a cancelled call, and raises its signal', async () => {
    const session = await openSession();
    const call = send(toolCall(1, 'silence'), { session });
    await until('the call is under way', () => kernel.calls.length === 1);
    await send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }, { session });
    expect((await call).status).toBe(202);
    expect(kernel.calls[0]?.signal?.aborted).toBe(true);
  });

  it('goes on with a call whose client is disconnected', async () => {
    const session = await openSession();
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    const body = JSON.stringify(toolCall(1, 'late'));
    const headers = {
      ...HEADERS,
      Host: '127.0.0.1',
      'Mcp-Session-Id': session,
      'Content-Length': body.length,
    };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /mcp HTTP/1.1\r\n${head.join('')}\r\n${body}`);
    await until('the call is under way', () => kernel.calls.length === 1);
    socket.destroy();
    expect((await send(toolCall(2, 'late'), { session })).status).toBe(200);
    expect(kernel.calls[0]?.signal?.aborted).toBe(false);
  });

  it('sends an integer of 64 bits on as it came', async () => {
    const session = await openSession();
    const { text } = await send(toolCall(1, 'exact'), { session });
    expect(text).toContain('"id":9007199254740993,"max":18446744073709551615');
  });

  it('gives no session id to a client that could not be initialized', async () => {
    const answer = await send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32602 } });
    expect(kernel.opened).toHaveLength(0);
  });
});
