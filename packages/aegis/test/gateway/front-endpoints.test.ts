import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { heard, initialize, type RawStream, toolCall } from './http-door.ts';
import { door, kernel, serveRevisions } from './revision-front.ts';
import { textOf, until } from './upstreams.ts';

serveRevisions();

const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });

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
