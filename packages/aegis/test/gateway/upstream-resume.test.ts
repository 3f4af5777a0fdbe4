import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, Progress } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { type Behaviour, type Call, handmadeHttp, sendEvent } from './servers/handmade-http.ts';
import { http, LIMITS, listen, stop, textOf, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server whose streams can be taken up again; `resume` says what comes after an event. */
async function resumable(
  post: (call: Call) => void,
  resume: (lastEventId: string, response: ServerResponse) => void,
  more: Partial<Parameters<typeof http>[0]> = {},
) {
  const behaviour: Behaviour = {
    post,
    get: (request, response) => {
      const last = request.headers['last-event-id'];
      if (last === undefined) return false;
      resume(String(last), response);
      return true;
    },
  };
  const server = await handmadeHttp(behaviour);
  cleanups.push(() => server.close());
  const upstream = http({ url: server.url, ...more });
  cleanups.push(() => upstream.close());
  await upstream.start();
  const resumptions = (): (string | undefined)[] =>
    server.heard.flatMap(({ headers }) =>
      headers['last-event-id'] === undefined ? [] : [String(headers['last-event-id'])],
    );
  return { server, upstream, resumptions };
}

type Upstream = Awaited<ReturnType<typeof resumable>>['upstream'];

const call = (upstream: Upstream, limits: Partial<typeof LIMITS> = {}, conversation?: Conversation) =>
  upstream.request('tools/call', { name: 'any', arguments: {} }, { ...LIMITS, ...limits }, conversation);

async function text(promise: ReturnType<typeof call>): Promise<string> {
  const reply = await promise;
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return textOf(reply.result);
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );

/** Opens the stream of a call so that it can be taken up after `id`, at once. */
function prime(request: Call, id: string, retryMs = 20): void {
  sendEvent(request.response, undefined, id, retryMs);
}

describe('a stream that ends before it has brought the answer', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['was closed on purpose', (response) => void response.end()],
    ['broke', (response) => void setTimeout(() => response.destroy(), 20)],
  ])('is taken up after the last event when it %s', async (_, end) => {
    let held: Call | undefined;
    const { server, upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'stream-1:0');
        end(request.response);
      },
      (_last, response) => {
        sendEvent(response, held?.answer('after the break'), 'stream-1:1');
        response.end();
      },
    );
    expect(await text(call(upstream))).toBe('after the break');
    expect(resumptions()).toEqual(['stream-1:0']);
    const { headers } = server.heard.at(-1) ?? {};
    expect(headers).toMatchObject({
      accept: 'text/event-stream',
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': '2025-11-25',
    });
    expect(headers?.['content-type']).toBeUndefined();
  });

  it('is taken up no earlier than the server asked', async () => {
    let closedAt = 0;
    let resumedAt = 0;
    let held: Call | undefined;
    const { upstream } = await resumable(
      (request) => {
        held = request;
        prime(request, 'a', 400);
        request.response.end();
        closedAt = performance.now();
      },
      (_, response) => {
        resumedAt = performance.now();
        sendEvent(response, held?.answer('x'));
        response.end();
      },
    );
    await call(upstream);
    expect(resumedAt - closedAt).toBeGreaterThan(390);
  });

  it('is polled as long as the server likes, within the time of the call', async () => {
    let held: Call | undefined;
    let polls = 0;
    const { upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'only');
        request.response.end();
      },
      (_, response) => {
        if (++polls < 12) sendEvent(response, undefined, 'only', 20);
        else sendEvent(response, held?.answer('at last'));
        response.end();
      },
    );
    expect(await text(call(upstream))).toBe('at last');
    expect(resumptions()).toHaveLength(12);
    polls = Number.NEGATIVE_INFINITY;
    expect(await failure(call(upstream, { timeoutMs: 300 }))).toBe('timeout');
    const after = resumptions().length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(resumptions()).toHaveLength(after);
  });

  it('delivers an event once that is sent again, and goes on after the last new one', async () => {
    let held: Call | undefined;
    const seen: Progress[] = [];
    const told = (progress: number) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: held?.id, progress },
    });
    const { upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'e0');
        request.event(told(1), 'e1');
        request.event(told(2), 'e2');
        request.response.end();
      },
      (last, response) => {
        sendEvent(response, told(1), 'e1');
        sendEvent(response, told(2), 'e2');
        if (last === 'e2') sendEvent(response, told(3), 'e3');
        else sendEvent(response, held?.answer('done'), 'e4');
        response.end();
      },
    );
    const conversation = { capabilities: {}, progress: (report: Progress) => void seen.push(report) };
    expect(await text(call(upstream, {}, conversation))).toBe('done');
    expect(seen.map(({ progress }) => progress)).toEqual([1, 2, 3]);
    expect(resumptions()).toEqual(['e2', 'e3']);
  });

  it('fails the call when the server gave no event an id', async () => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        request.event({ jsonrpc: '2.0', method: 'notifications/message', params: {} });
        request.response.end();
      },
      () => {},
    );
    expect(await failure(call(upstream))).toBe('protocol');
    expect(resumptions()).toEqual([]);
  });

  it.each([
    ['cannot be sent', 'caf\u00e9'],
    ['takes the earlier one back', ''],
    ['is too long', 'x'.repeat(2_000)],
    ['has a control character', 'a\tb'],
  ])('fails the call when the last id %s', async (_, id) => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        prime(request, 'good');
        request.event({ jsonrpc: '2.0', method: 'notifications/message', params: {} }, id);
        request.response.end();
      },
      () => {},
    );
    expect(await failure(call(upstream))).toBe('protocol');
    expect(resumptions()).toEqual([]);
  });

  it('is given up when the server does not know the event any more, and nothing is sent twice', async () => {
    let posts = 0;
    const { upstream, resumptions } = await resumable(
      (request) => {
        posts++;
        prime(request, 'e0');
        request.response.end();
      },
      (_, response) => void response.writeHead(404).end(),
    );
    expect(await failure(call(upstream))).toBe('unavailable');
    expect([posts, resumptions()]).toEqual([1, ['e0']]);
  });

  it('is given up when it breaks again and again without anything new', async () => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        prime(request, 'e0');
        setTimeout(() => request.response.destroy(), 10);
      },
      (_, response) => void response.destroy(),
    );
    expect(await failure(call(upstream))).toBe('unavailable');
    expect(resumptions()).toHaveLength(5);
  });

  it('answers no other call: a forged event of another stream is late', async () => {
    const held: Call[] = [];
    const { upstream } = await resumable(
      (request) => {
        held.push(request);
        prime(request, `s${request.id}`);
        if (held.length === 1) request.response.end();
      },
      (_, response) => {
        // The stream of the first call, with the answer to the second one and ids of its stream.
        sendEvent(response, held[1]?.answer('forged'), `s${held[1]?.id}`);
        sendEvent(response, held[0]?.answer('own'), 'own');
        response.end();
        setTimeout(() => {
          held[1]?.event(held[1]?.answer('really'), 'fresh');
          held[1]?.response.end();
        }, 50);
      },
    );
    const first = text(call(upstream));
    await until('the first is under way', () => held.length === 1);
    const second = text(call(upstream));
    expect([await first, await second]).toEqual(['own', 'really']);
    expect(upstream.stray.late).toBe(1);
  });

  it('holds its slot meanwhile and gives it back, however it ends', async () => {
    let held: Call | undefined;
    let answer = true;
    const { upstream } = await resumable(
      (request) => {
        held = request;
        prime(request, 'e0', 100);
        request.response.end();
      },
      (_, response) => {
        if (answer) sendEvent(response, held?.answer('done'));
        else response.writeHead(400);
        response.end();
      },
      { maxConcurrency: 1 },
    );
    for (let i = 0; i < 3; i++) {
      answer = true;
      expect(await Promise.all([text(call(upstream)), text(call(upstream))])).toEqual(['done', 'done']);
      answer = false;
      expect(await failure(call(upstream))).toBe('unavailable');
      expect(await failure(call(upstream, { timeoutMs: 50 }))).toBe('timeout');
    }
  });

  it('leaves the slot free when the server never ends a stream that has brought the answer', async () => {
    const { upstream } = await resumable(
      (request) => request.event(request.answer('done')),
      () => {},
      { maxConcurrency: 1 },
    );
    expect([await text(call(upstream)), await text(call(upstream))]).toEqual(['done', 'done']);
  });
});

describe('a batch over HTTP', () => {
  const batch = (request: Call) => [
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
    request.answer('first'),
    request.answer('second'),
    { jsonrpc: '2.0', id: request.id + 1, result: {} },
  ];
  const carried: [string, (request: Call) => void][] = [
    [
      'a body',
      (request) => {
        request.response.writeHead(200, { 'Content-Type': 'application/json' });
        request.response.end(JSON.stringify(batch(request)));
      },
    ],
    [
      'an event',
      (request) => {
        request.event(batch(request));
        request.response.end();
      },
    ],
  ];

  it.each(carried)('is read element by element in %s of revision 2025-03-26', async (_, post) => {
    const server = await handmadeHttp({ revision: '2025-03-26', post });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    expect(await text(call(upstream))).toBe('first');
    await until('all of it was read', () => upstream.stray.late === 2);
    expect(changed).toEqual(['tools']);
  });

  it.each(carried)('is nothing that a later revision has in %s', async (_, post) => {
    const server = await handmadeHttp({ post });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    expect(await failure(call(upstream))).toBe('protocol');
    expect(upstream.stray.garbage).toBe(1);
  });
});

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
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
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
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
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
    cleanups.push(() => stop(server));
    const upstream = http({ url: await listen(server) });
    cleanups.push(() => upstream.close());
    expect(await text(call(upstream))).toBe('after the break');
    expect(lastIds.filter((id) => id !== undefined)).toHaveLength(1);
  });
});
