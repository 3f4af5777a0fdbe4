import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, text } from './resumable-upstream.ts';
import { handmadeHttp, sendEvent } from './servers/handmade-http.ts';
import { http, listen, stop, until } from './upstreams.ts';

describe('the stream that belongs to no call', () => {
  const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

  it('is taken up after its last event, and a missed change is sent again but heard once', async () => {
    const opened: (string | undefined)[] = [];
    const server = await handmadeHttp({
      get: (request, response) => {
        opened.push(request.headers['last-event-id'] as string | undefined);
        sendEvent(response, changed, 'g1');
        if (opened.length > 1) sendEvent(response, changed, 'g2');
        else response.end();
        return true;
      },
    });
    onTestFinished(() => server.close());
    const upstream = http({ url: server.url });
    onTestFinished(() => upstream.close());
    const heard: string[] = [];
    upstream.onListChanged((kind) => heard.push(kind));
    await upstream.start();
    await until('it was taken up', () => opened.length === 2 && heard.length === 2);
    expect(opened).toEqual([undefined, 'g1']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual(['tools', 'tools']);
  });

  it('is opened anew when the server does not know its last event any more', async () => {
    const opened: (string | undefined)[] = [];
    const server = await handmadeHttp({
      get: (request, response) => {
        const last = request.headers['last-event-id'] as string | undefined;
        opened.push(last);
        if (last !== undefined) response.writeHead(400).end();
        else {
          sendEvent(response, changed, 'g1');
          if (opened.length === 1) response.end();
        }
        return true;
      },
    });
    onTestFinished(() => server.close());
    const upstream = http({ url: server.url });
    onTestFinished(() => upstream.close());
    const heard: string[] = [];
    upstream.onListChanged((kind) => heard.push(kind));
    await upstream.start();
    await until('it is open again', () => opened.length === 3);
    expect(opened).toEqual([undefined, 'g1', undefined]);
    // Nobody knows what was missed: every list may have changed.
    await until('every list is read again', () => new Set(heard).size === 4);
  });
});

describe('a server of the official library', () => {
  it('that closes the stream of a call is polled for its answer', async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new InMemoryEventStore(),
      retryInterval: 100,
    });
    const library = new McpServer({ name: 'polled', version: '1.0.0' });
    library.registerTool('any', {}, async ({ closeSSEStream }) => {
      closeSSEStream?.();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { content: [{ type: 'text', text: 'after the break' }] };
    });
    await library.connect(transport as Parameters<typeof library.connect>[0]);
    const lastIds: unknown[] = [];
    const server = createServer((request, response) => {
      lastIds.push(request.headers['last-event-id']);
      void transport.handleRequest(request, response);
    });
    onTestFinished(() => stop(server));
    const upstream = http({ url: await listen(server) });
    onTestFinished(() => upstream.close());
    expect(await text(call(upstream))).toBe('after the break');
    expect(lastIds.filter((id) => id !== undefined)).toHaveLength(1);
  });
});
