import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { formOf } from '../../src/gateway/front/session/older-forms.ts';
import { SESSION_REVISIONS, type SessionRevision } from '../../src/gateway/revision.ts';
import { heard, HttpDoor, initialize, type Message, type RawStream, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { http, libraryOverHttp, type RunningServer, scripted, startAll, textOf, until } from './upstreams.ts';

let upstream: RunningServer;
let catalogue: Catalogue;
let kernel: NamedKernel;
let door: HttpDoor;

beforeAll(async () => {
  upstream = await libraryOverHttp('remote');
  catalogue = new Catalogue([
    http({ name: 'remote', url: upstream.url }),
    scripted('script', ['--tools=echo,late,ask,denied,greet,grow'], { isolated: true }),
  ]);
  await startAll(catalogue);
});

afterAll(async () => {
  await catalogue.close();
  await upstream.close();
});

beforeEach(async () => {
  kernel = new NamedKernel({ denied: ['denied'] });
  door = await HttpDoor.open(catalogue, {}, kernel);
});

afterEach(() => door.close());

const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });

describe('a revision', () => {
  it.each(SESSION_REVISIONS)('%s is spoken, and its header is optional', async (revision) => {
    const session = await door.openSession('alice', revision);
    const text = textOf(
      (JSON.parse((await door.send(toolCall(1, 'echo', { text: revision }), { session })).text) as Message)
        .result,
    );
    expect(text).toBe(revision);
    const headers = { 'MCP-Protocol-Version': revision };
    expect((await door.send(ping(2), { session, headers })).status).toBe(200);
    for (const other of SESSION_REVISIONS.filter((known) => known !== revision)) {
      const answer = await door.send(ping(3), { session, headers: { 'MCP-Protocol-Version': other } });
      expect(answer.status).toBe(400);
    }
  });
});

describe('a batch of 2025-03-26', () => {
  let session: string;

  beforeEach(async () => {
    session = await door.openSession('alice', '2025-03-26', { elicitation: {} });
  });

  const answers = ({ text }: { readonly text: string }) => JSON.parse(text) as Message[];

  it('is answered by one array, each message with a decision of its own', async () => {
    const batch = [
      toolCall(1, 'echo', { text: 'one' }),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      toolCall(2, 'denied'),
      { jsonrpc: '2.0', id: 3, method: 'tools/nothing' },
      { jsonrpc: '2.0', id: 4, result: {} },
      toolCall('1', 'echo', { text: 'another one' }),
    ];
    const answer = await door.send(batch, { session });
    expect(answer.status).toBe(200);
    expect(answers(answer).map(({ id }) => id)).toEqual([1, 2, 3, '1']);
    expect(answers(answer).map(({ result }) => result && textOf(result).split('\n')[0])).toEqual([
      'one',
      'Denied by Aegis: `denied` is denied here',
      undefined,
      'another one',
    ]);
    expect(kernel.calls).toHaveLength(3);
    expect(kernel.refusals).toHaveLength(1);
  });

  it('of notifications and responses alone is answered with nothing', async () => {
    const batch = [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 4, result: {} },
    ];
    expect(await door.send(batch, { session })).toMatchObject({ status: 202, text: '' });
  });

  it('runs a call once whose id it holds twice', async () => {
    const batch = [toolCall(7, 'late'), toolCall(7, 'late'), toolCall(7, 'late')];
    const all = answers(await door.send(batch, { session }));
    expect(all.filter(({ result }) => result !== undefined)).toHaveLength(1);
    expect(all.filter(({ id, error }) => id === null && error?.code === -32600)).toHaveLength(2);
    expect(kernel.calls).toHaveLength(1);
    expect(kernel.refusals).toHaveLength(2);
  });

  it('cannot initialize', async () => {
    const [first, second] = answers(await door.send([initialize('2025-03-26'), ping(2)], { session }));
    expect(first?.error?.code).toBe(-32600);
    expect(second?.result).toEqual({});
    const alone = await door.send([initialize('2025-03-26')]);
    expect(alone.status).toBe(400);
    expect(alone.headers['mcp-session-id']).toBeUndefined();
    expect(kernel.opened).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['is empty', []],
    ['holds 65 messages', Array.from({ length: 65 }, (_, id) => ping(id))],
  ])('is refused as a whole when it %s', async (_, batch) => {
    const answer = await door.send(batch, { session });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ id: null, error: { code: -32600 } });
    expect(kernel.refusals).toHaveLength(1);
  });

  it('of 64 messages is taken, and one in a batch is refused alone', async () => {
    expect(
      answers(
        await door.send(
          Array.from({ length: 64 }, (_, id) => ping(id)),
          { session },
        ),
      ),
    ).toHaveLength(64);
    const [inner, outer] = answers(await door.send([[ping(1)], ping(2)], { session }));
    expect(inner).toMatchObject({ id: null, error: { code: -32600 } });
    expect(outer?.result).toEqual({});
  });

  it.each(SESSION_REVISIONS.filter((revision) => revision !== '2025-03-26'))(
    'is none in %s',
    async (revision) => {
      const other = await door.openSession('alice', revision);
      const answer = await door.send([ping(1)], { session: other });
      expect(answer.status).toBe(400);
      expect(kernel.refusals).toMatchObject([{ code: 'PROTOCOL_VIOLATION' }]);
    },
  );
});

describe('the two endpoints of 2024-11-05', () => {
  const connectOld = async (token = 'alice', prefix = '', capabilities: object = {}) => {
    const headers = { Authorization: `Bearer ${token}` };
    const transport = new SSEClientTransport(new URL(`${door.origin}${prefix}/sse`), {
      requestInit: { headers },
      eventSourceInit: {
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, ...headers } }),
      },
    });
    const client = new Client({ name: 'old', version: '1' }, { capabilities });
    await client.connect(transport);
    return client;
  };

  /** A raw client's stream, and where it may post. */
  async function openPair(token = 'alice'): Promise<{ stream: RawStream; path: string }> {
    const headers = { Authorization: `Bearer ${token}` };
    const stream = await door.stream(undefined, { method: 'GET', path: '/sse', headers });
    await until('the endpoint was told', () => stream.events.length === 1);
    const [first] = stream.events;
    expect(first?.event).toBe('endpoint');
    stream.events.length = 0;
    return { stream, path: first?.data ?? '' };
  }

  it('serve the official client, questions included', async () => {
    const client = await connectOld('alice', '', { elicitation: {} });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain('echo');
    expect(textOf(await client.callTool({ name: 'echo', arguments: { text: 'old' } }))).toBe('old');
    const args = {
      method: 'elicitation/create',
      message: 'm',
      requestedSchema: { type: 'object', properties: {} },
    };
    expect(textOf(await client.callTool({ name: 'script__ask', arguments: args }))).toContain('decline');
    const changed = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
    });
    await client.callTool({ name: 'remote__grow', arguments: {} });
    await changed;
    await client.close();
    await until('the session ended with its stream', () => kernel.closed.length === 1);
    expect(kernel.closed).toEqual(['session 1: the client closed its stream']);
  });

  it('serve one server alone', async () => {
    const client = await connectOld('alice', '/s/remote');
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('greet');
    await client.close();
  });

  it('answer a post with 202, and the message on the stream', async () => {
    const { stream, path } = await openPair();
    expect(path).toMatch(/^\/messages\?sessionId=[\w-]{32,256}$/);
    expect(await door.send(initialize('2024-11-05'), { path })).toMatchObject({ status: 202, text: '' });
    const opened = await heard(stream, 'it was opened', ({ id }) => id === 0);
    expect(opened.result?.['protocolVersion']).toBe('2024-11-05');
    expect((await door.send(toolCall(1, 'echo', { text: 'x' }), { path })).status).toBe(202);
    expect(textOf((await heard(stream, 'it was answered', ({ id }) => id === 1)).result)).toBe('x');
    stream.drop();
  });

  it('are no use to whoever only knows the id', async () => {
    const { stream, path } = await openPair();
    await door.send(initialize('2024-11-05'), { path });
    const id = path.split('=')[1] ?? '';
    const call = toolCall(1, 'echo', { text: 'x' });
    const bob = { Authorization: 'Bearer bob' };
    expect((await door.send(call, { path, headers: bob })).status).toBe(404);
    expect((await door.send(call, { path, headers: { Authorization: undefined } })).status).toBe(401);
    expect((await door.send(call, { path, headers: { Origin: 'http://evil.test' } })).status).toBe(403);
    expect((await door.send(call, { path, headers: { Host: 'evil.test' } })).status).toBe(403);
    expect((await door.send(call, { path: `/s/remote${path}` })).status).toBe(404);
    expect((await door.send(call, { path: `${path}&sessionId=${id}` })).status).toBe(404);
    expect((await door.send(call, { path: '/messages' })).status).toBe(404);
    expect((await door.send(call, { session: id })).status).toBe(404);
    const modern = await door.openSession();
    expect((await door.send(call, { path: `/messages?sessionId=${modern}` })).status).toBe(404);
    expect(kernel.calls).toHaveLength(0);
    stream.drop();
  });

  it('refuse what is no message, and the methods that they do not have', async () => {
    const { stream, path } = await openPair();
    await door.send(initialize('2024-11-05'), { path });
    expect((await door.send('{', { path })).status).toBe(400);
    expect((await door.send('{}', { path, headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
    expect((await door.send(Buffer.alloc(5 * 1024 * 1024, 0x20), { path })).status).toBe(413);
    expect((await door.send(undefined, { path, method: 'GET' })).headers.allow).toBe('POST');
    expect((await door.send('', { path: '/sse' })).headers.allow).toBe('GET');
    expect(kernel.refusals).toHaveLength(3);
    stream.drop();
  });
});

describe('one server alone', () => {
  it('is served under its own names, by the same policy', async () => {
    const { client } = await door.connectClient('alice', '/s/script/mcp');
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(['ask', 'denied', 'echo', 'greet', 'grow', 'late']);
    expect(await client.callTool({ name: 'denied', arguments: {} })).toMatchObject({ isError: true });
    expect(kernel.calls).toMatchObject([{ resource: { server: 'script', name: 'denied' } }]);
    expect(textOf(await client.callTool({ name: 'headers', arguments: {} }))).toContain('TOOL_UNKNOWN');
    await client.close();
    const together = await door.connectClient();
    const all = (await together.client.listTools()).tools.map(({ name }) => name);
    expect(all).toEqual(expect.arrayContaining(['script__greet', 'remote__greet']));
    await together.client.close();
  });

  it('keeps its sessions to itself', async () => {
    const session = await door.openSession();
    for (const path of ['/s/script/mcp', '/s/remote/mcp']) {
      expect((await door.send(ping(1), { session, path })).status).toBe(404);
    }
    expect((await door.send(ping(1), { session })).status).toBe(200);
  });

  it.each([
    '/s/nobody/mcp',
    '/s/%/mcp',
    '/s//mcp',
    '/s/script/x/mcp',
    '/S/script/mcp',
    '/mcp/',
    '/mcpx',
    '/',
  ])('is not found at %s', async (path) => {
    expect((await door.send(initialize(), { path })).status).toBe(404);
    expect(kernel.opened).toHaveLength(0);
  });
});

describe('a page of an allowed origin', () => {
  const Origin = 'http://friend.test';
  const ask = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization, Mcp-Session-Id, mcp-param-x, x-evil, cookie',
  };

  it('may ask what it may do, and read what it is answered', async () => {
    const preflight = await door.send(undefined, {
      method: 'OPTIONS',
      headers: { ...ask, Origin, Authorization: undefined },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': Origin,
      'access-control-allow-methods': 'POST, GET, DELETE',
      'access-control-allow-headers': 'authorization, mcp-session-id, mcp-param-x',
      vary: 'Origin',
    });
    const opened = await door.send(initialize(), { headers: { Origin } });
    expect(opened.headers['access-control-allow-origin']).toBe(Origin);
    expect(opened.headers['access-control-expose-headers']).toContain('Mcp-Session-Id');
  });

  it('is not any page', async () => {
    for (const headers of [
      { ...ask, Origin: 'http://evil.test' },
      { ...ask, Origin: 'null' },
    ]) {
      const preflight = await door.send(undefined, { method: 'OPTIONS', headers });
      expect(preflight.status).toBe(403);
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await door.send(undefined, { method: 'OPTIONS', headers: { Origin } })).status).toBe(405);
    expect((await door.send(initialize())).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('what an older revision does not know', () => {
  const TOOL = {
    name: 't',
    title: 'T',
    description: 'd',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
    icons: [{ src: 'https://x.test/i.png' }],
    _meta: { a: 1 },
  };
  const members = (revision: SessionRevision) => Object.keys(formOf(revision).definition('tools', TOOL));

  it.each<[SessionRevision, readonly string[]]>([
    ['2024-11-05', ['name', 'description', 'inputSchema']],
    ['2025-03-26', ['name', 'description', 'inputSchema', 'annotations']],
    ['2025-06-18', Object.keys(TOOL).filter((member) => member !== 'icons')],
    ['2025-11-25', Object.keys(TOOL)],
  ])('is left out of definitions for %s', (revision, kept) => {
    expect(members(revision)).toEqual(kept);
  });

  const link = { type: 'resource_link', name: 'n', uri: 'test://x', mimeType: 'text/plain' };
  const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' };
  const result = { content: [link, audio, { type: 'text', text: 'x' }], structuredContent: { a: 1 } };

  it.each<[SessionRevision, unknown]>([
    [
      '2024-11-05',
      {
        content: [
          { type: 'text', text: 'n: test://x' },
          { type: 'text', text: 'audio (audio/wav)' },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    ['2025-03-26', { content: [{ type: 'text', text: 'n: test://x' }, audio, { type: 'text', text: 'x' }] }],
    ['2025-06-18', result],
    ['2025-11-25', result],
  ])('is told in words in results for %s', (revision, told) => {
    expect(formOf(revision).result('tools/call', result)).toEqual(told);
    const prompt = { messages: [{ role: 'user', content: link }] };
    const content = revision < '2025-06-18' ? { type: 'text', text: 'n: test://x' } : link;
    expect(formOf(revision).result('prompts/get', prompt)).toEqual({ messages: [{ role: 'user', content }] });
  });

  it('is given as text where there is nothing else', () => {
    expect(formOf('2025-03-26').result('tools/call', { content: [], structuredContent: { a: 1 } })).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
    });
    expect(formOf('2025-11-25').result('tools/call', { content: [], structuredContent: [1, 2] })).toEqual({
      content: [{ type: 'text', text: '[1,2]' }],
    });
  });

  it('costs nothing where there is nothing to leave out', () => {
    expect(formOf('2025-11-25').result('tools/call', result)).toBe(result);
    expect(formOf('2025-11-25').definition('tools', TOOL)).toBe(TOOL);
    const modern = { contents: [], resultType: 'complete', ttlMs: 1, cacheScope: 'public' };
    expect(formOf('2025-11-25').result('resources/read', modern)).toEqual({ contents: [] });
  });

  it('is left out of what clients are given', async () => {
    const session = await door.openSession('alice', '2025-03-26');
    const list = await door.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { session });
    expect(list.text).toContain('"remote__greet"');
    expect(list.text).not.toContain('outputSchema');
    const called = await door.send(toolCall(2, 'remote__greet', { who: 'Ada' }), { session });
    expect((JSON.parse(called.text) as Message).result).toEqual({
      content: [{ type: 'text', text: 'remote greets Ada' }],
    });
  });
});
