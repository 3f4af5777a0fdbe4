import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '@aegis/core';
import { type GatewayOptions, type ModernGateway, modernGateway } from './modern-gateway.ts';
import { ask, headersOf, withMeta } from './modern-requests.ts';
import { type AskingLibrary, askingLibrary } from './servers/asking-library.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

let library: StatelessLibrary;
let gateway: ModernGateway;
const streams: Stream[] = [];

beforeEach(async () => {
  library = await statelessLibrary();
  gateway = await serve();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await gateway.close();
  await library.close();
});

function serve(options: GatewayOptions = {}): Promise<ModernGateway> {
  return modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], options);
}

interface Notice {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data?: Record<string, unknown> };
}

interface Stream {
  readonly messages: Notice[];
  readonly ended: Promise<void>;
  text: string;
  close(): void;
}

/** Listens; the stream stays open until one of both sides closes it. */
function listenTo(notifications: JsonObject, id: unknown = 'sub', agent = 'alice'): Stream {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'subscriptions/listen',
    params: withMeta({ notifications }),
  });
  const headers = { ...headersOf('subscriptions/listen', {}), Authorization: `Bearer ${agent}` };
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const stream: Stream = { messages: [], ended, text: '', close: () => request.destroy() };
  const request = httpRequest(gateway.url, { method: 'POST', headers }, (response) => {
    response.setEncoding('utf8');
    let rest = '';
    response.on('data', (chunk: string) => {
      stream.text += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const data = line.startsWith('data: ') ? line.slice(6) : line.startsWith('{') ? line : undefined;
        if (data !== undefined) stream.messages.push(JSON.parse(data));
      }
    });
    response.on('end', () => {
      if (rest.startsWith('{')) stream.messages.push(JSON.parse(rest));
    });
    response.on('error', () => {});
    response.on('close', () => resolve());
  });
  request.on('error', () => resolve());
  request.end(body);
  streams.push(stream);
  return stream;
}

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const subscriptionOf = ({ params }: Notice): unknown =>
  (params?.['_meta'] as JsonObject | undefined)?.[SUBSCRIPTION];
const acknowledged = async (stream: Stream): Promise<unknown> => {
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0);
  expect(stream.messages[0]?.method).toBe('notifications/subscriptions/acknowledged');
  return stream.messages[0]?.params?.['notifications'];
};
const told = (stream: Stream): string[] =>
  stream.messages
    .slice(1)
    .map(({ method = 'answer', params }) => [method, params?.['uri']].filter(Boolean).join(' '));

describe('a subscription', () => {
  it('is acknowledged first, with what is honoured of it, and names itself in every message', async () => {
    const stream = listenTo({
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: false,
      resourceSubscriptions: ['test://motto', 'test://secret', 'test://motto'],
    });
    expect(await acknowledged(stream)).toEqual({
      toolsListChanged: true,
      promptsListChanged: true,
      resourceSubscriptions: ['test://motto'],
    });
    library.notify.resourceUpdated('test://motto');
    await expect.poll(() => told(stream)).toEqual(['notifications/resources/updated test://motto']);
    expect(stream.messages.map(subscriptionOf)).toEqual(['sub', 'sub']);
  });

  it('takes one decision for each resource, and shows none that may not be read', async () => {
    const stream = listenTo({ resourceSubscriptions: ['test://motto', 'test://secret'] });
    expect(await acknowledged(stream)).toEqual({ resourceSubscriptions: ['test://motto'] });
    const asked = (await gateway.events()).filter(({ type }) => type === 'ACCESS_PROPOSED');
    expect(asked.map(({ payload }) => [payload['method'], payload['name']])).toEqual([
      ['resources/subscribe', 'test://motto'],
      ['resources/subscribe', 'test://secret'],
    ]);
    library.notify.resourceUpdated('test://secret');
    library.notify.resourceUpdated('test://motto');
    await expect.poll(() => told(stream)).toEqual(['notifications/resources/updated test://motto']);
  });

  it('hears nothing that it did not ask for, and nothing that others follow', async () => {
    const prompts = listenTo({ promptsListChanged: true }, 1);
    const motto = listenTo({ resourceSubscriptions: ['test://motto'] }, 2, 'bob');
    await acknowledged(prompts);
    await acknowledged(motto);
    library.notify.resourceUpdated('test://motto');
    await expect.poll(() => told(motto)).toHaveLength(1);
    expect(told(prompts)).toEqual([]);
    expect(motto.messages.map(subscriptionOf)).toEqual([2, 2]);
  });

  it('ends when the client closes it, and others go on', async () => {
    const leaving = listenTo({ resourceSubscriptions: ['test://motto'] }, 1);
    const staying = listenTo({ resourceSubscriptions: ['test://motto'] }, 2, 'bob');
    await acknowledged(leaving);
    await acknowledged(staying);
    leaving.close();
    await leaving.ended;
    library.notify.resourceUpdated('test://motto');
    await expect.poll(() => told(staying)).toHaveLength(1);
    expect(told(leaving)).toEqual([]);
  });

  it('ends with an answer when Aegis is stopped', async () => {
    const stream = listenTo({ toolsListChanged: true }, 7);
    await acknowledged(stream);
    await gateway.front.close('Aegis was stopped');
    await stream.ended;
    expect(stream.messages.at(-1)).toMatchObject({
      id: 7,
      result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: 7 } },
    });
  });

  it('is kept alive while nothing happens', async () => {
    await gateway.close();
    gateway = await serve({ limits: { keepAliveMs: 20 } });
    const stream = listenTo({});
    expect(await acknowledged(stream)).toEqual({});
    await expect.poll(() => stream.text.split(': keep-alive\n\n').length).toBeGreaterThan(2);
    expect(stream.messages).toHaveLength(1);
  });

  it.each<[string, JsonObject]>([
    ['that is none', { notifications: [] }],
    ['with a word for a flag', { notifications: { toolsListChanged: 'yes' } }],
    ['with one URI that is no list', { notifications: { resourceSubscriptions: 'test://motto' } }],
    ['with a URI that is no text', { notifications: { resourceSubscriptions: [7] } }],
    [
      'without end',
      { notifications: { resourceSubscriptions: Array.from({ length: 65 }, (_, at) => `test://${at}`) } },
    ],
  ])('with a filter %s is refused', async (_, params) => {
    const { status, json } = await ask(gateway.url, 'subscriptions/listen', params);
    expect([status, json.error?.code]).toEqual([200, -32602]);
  });

  it('is one of so many that a caller may have', async () => {
    await gateway.close();
    gateway = await serve({ limits: { maxSubscriptionsPerCaller: 2 } });
    for (const id of [1, 2]) await acknowledged(listenTo({}, id));
    const third = listenTo({}, 3);
    await expect.poll(() => third.messages[0]?.error?.data?.['code']).toBe('RATE_LIMITED');
    await acknowledged(listenTo({}, 4, 'bob'));
    streams[0]?.close();
    await expect
      .poll(async () => {
        const next = listenTo({}, 5);
        await expect.poll(() => next.messages.length).toBe(1);
        return next.messages[0]?.method;
      })
      .toBe('notifications/subscriptions/acknowledged');
  });
});

describe('a subscription to a server with sessions', () => {
  let asking: AskingLibrary;

  beforeEach(async () => {
    asking = await askingLibrary();
    await gateway.close();
    gateway = await modernGateway([{ name: 'asking', url: asking.url, era: 'legacy' }]);
  });
  afterEach(() => asking.close());

  const touch = (uri: string, agent = 'alice') => {
    const headers = { Authorization: `Bearer ${agent}` };
    return ask(gateway.url, 'tools/call', { name: 'touch', arguments: { uri } }, { headers });
  };

  it('is told of changes, and of a change of a part as of the whole', async () => {
    const stream = listenTo({ resourceSubscriptions: ['test://notes'] });
    expect(await acknowledged(stream)).toEqual({ resourceSubscriptions: ['test://notes'] });
    for (const uri of ['test://notes', 'test://notes/hidden', 'test://notes-of-others', 'test://other'])
      await touch(uri);
    const change = 'notifications/resources/updated test://notes';
    await expect.poll(() => told(stream)).toEqual([change, change]);
    expect(stream.text).not.toContain('hidden');
  });

  it('hears nothing of the session that another caller has with the server', async () => {
    const stream = listenTo({ resourceSubscriptions: ['test://notes'] });
    await acknowledged(stream);
    await touch('test://notes', 'mallory');
    await touch('test://notes');
    await expect.poll(() => told(stream)).toHaveLength(1);
  });
});
