import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Listening } from '../../src/gateway/upstream/modern/listening.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
import {
  type Answer,
  error,
  events,
  failure,
  handmadeModern,
  httpDefinition,
  modernLibraryOverHttp,
  type Posted,
  result,
  upstreamOf,
} from './modern-upstreams.ts';
import { LIMITS, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const MOTTO = 'test://motto';
const EVERYTHING: JsonObject = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
};

function connect(url: string): UpstreamServer {
  const upstream = upstreamOf(httpDefinition(url, { era: 'modern' }));
  cleanups.push(() => upstream.close());
  return upstream;
}

const call = (upstream: UpstreamServer, name: string) =>
  upstream.request('tools/call', { name, arguments: {} }, LIMITS);

interface Stream {
  readonly id: string;
  readonly filter: JsonObject;
  readonly write: (value: unknown) => void;
  readonly response: ServerResponse;
  closed: boolean;
}

const about = (id: string, method: string, params: JsonObject = {}) => ({
  jsonrpc: '2.0',
  method,
  params: { ...params, _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
});

/** A server whose listening requests the test answers; without `took` they are acknowledged as they are. */
async function listening(took: (stream: Stream, count: number) => void = acknowledge) {
  const streams: Stream[] = [];
  const answer: Answer = ({ id, params }: Posted, response) => {
    const filter = params['notifications'] as JsonObject;
    const stream = { id: String(id), filter, write: events(response), response, closed: false };
    response.on('close', () => {
      stream.closed = true;
    });
    streams.push(stream);
    took(stream, streams.length);
  };
  const server = await handmadeModern(
    { 'subscriptions/listen': answer, 'tools/call': ({ id }, r) => result(r, id, { content: [] }) },
    cleanups,
    EVERYTHING,
  );
  return { ...server, streams };
}

function acknowledge({ id, filter, write }: Stream): void {
  write(about(id, 'notifications/subscriptions/acknowledged', { notifications: filter }));
}

const updated = (stream: Stream | undefined, uri: string): void =>
  stream?.write(about(stream.id, 'notifications/resources/updated', { uri }));

describe('listening to a server of the modern era', () => {
  it('hears of changed lists and of the resources that are followed', async () => {
    const server = await modernLibraryOverHttp();
    cleanups.push(() => server.close());
    const upstream = connect(server.url);
    const changed: string[] = [];
    const uris: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    upstream.onUpdated((uri) => uris.push(uri));
    await upstream.start();
    expect(await upstream.follow(MOTTO, LIMITS)).toMatchObject({ kind: 'result' });
    changed.splice(0);
    await call(upstream, 'touch');
    await call(upstream, 'grow');
    await until('the changes were heard', () => uris.includes(MOTTO) && changed.includes('tools'));
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('grown');
    await upstream.unfollow(MOTTO, LIMITS);
    await until('only lists are listened to', () => uris.length === 1);
    await call(upstream, 'touch');
    await call(upstream, 'grow');
    await until('the second change was heard', () => changed.filter((kind) => kind === 'tools').length > 1);
    expect(uris).toEqual([MOTTO]);
  });

  it('has the new request acknowledged before it ends the old one', async () => {
    const order: string[] = [];
    const { url, streams } = await listening((stream, count) => {
      stream.response.on('close', () => order.push(`${count} ended`));
      setTimeout(() => {
        order.push(`${count} acknowledged`);
        acknowledge(stream);
      }, 20);
    });
    const upstream = connect(url);
    await upstream.start();
    await until('it listens', () => order.length === 1);
    await upstream.follow('a:1', LIMITS);
    await Promise.all([upstream.follow('a:2', LIMITS), upstream.follow('a:3', LIMITS)]);
    const last = streams.length;
    expect(streams.at(-1)?.filter['resourceSubscriptions']).toEqual(['a:1', 'a:2', 'a:3']);
    await until('every other one has ended', () => order.length === 2 * last - 1);
    expect(order).not.toContain(`${last} ended`);
    for (let count = 2; count <= last; count++) {
      expect(order.indexOf(`${count} acknowledged`)).toBeLessThan(order.indexOf(`${count - 1} ended`));
    }
  });

  it('counts followers, and tells each session of what it follows itself, and of nothing else', async () => {
    const { url, streams } = await listening();
    const upstream = connect(url);
    const [one, two] = [upstream.open({}), upstream.open({})];
    const heard: string[] = [];
    one.onUpdated((uri) => heard.push(`one ${uri}`));
    two.onUpdated((uri) => heard.push(`two ${uri}`));
    await one.follow('file:///a', LIMITS);
    await one.follow('file:///a', LIMITS);
    await two.follow('file:///a', LIMITS);
    await two.follow('file:///b', LIMITS);
    const latest = (): Stream | undefined => streams.at(-1);
    updated(latest(), 'file:///b');
    updated(latest(), 'file:///a/below');
    updated(latest(), 'file:///ab');
    updated(latest(), 'file:///a');
    await until('they heard', () => heard.length >= 5);
    expect(heard).toEqual([
      'two file:///b',
      'one file:///a/below',
      'two file:///a/below',
      'one file:///a',
      'two file:///a',
    ]);
    await one.unfollow('file:///a', LIMITS);
    await two.close();
    await until('only the first is followed', () => {
      const last = latest()?.filter['resourceSubscriptions'];
      return JSON.stringify(last) === '["file:///a"]';
    });
    await one.unfollow('file:///a', LIMITS);
    await until('nothing is followed', () => latest()?.filter['resourceSubscriptions'] === undefined);
  });

  it('follows nothing for a session that was over before the server agreed', async () => {
    const held: Stream[] = [];
    const { url, streams } = await listening((stream, count) =>
      count === 2 ? void held.push(stream) : acknowledge(stream),
    );
    const upstream = connect(url);
    await upstream.start();
    const link = upstream.open({});
    const following = failure(link.follow('file:///a', LIMITS));
    await until('the server was asked', () => held.length === 1);
    await link.close();
    for (const stream of held) acknowledge(stream);
    expect(await following).toBe('unavailable');
    await until('it listens to lists only', () => streams.length === 3);
    expect(streams.at(-1)?.filter['resourceSubscriptions']).toBeUndefined();
  });

  it('leaves nobody waiting for a resource that is given up before the server was asked', async () => {
    const options = { server: 's', open: () => () => {}, notified: () => {}, missed: () => {} };
    const wanted = new Listening(options);
    cleanups.push(async () => wanted.end());
    wanted.begin([]);
    wanted.add('a:1').catch(() => {});
    // The request for the first one is not acknowledged yet.
    const second = wanted.add('a:2');
    wanted.remove('a:2');
    expect(await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))])).toBe(
      false,
    );
  });

  it('does not follow what the server does not tell of', async () => {
    const { url, streams } = await listening(({ id, filter, write }) =>
      write(
        about(id, 'notifications/subscriptions/acknowledged', {
          notifications: { ...filter, resourceSubscriptions: [] },
        }),
      ),
    );
    const upstream = connect(url);
    expect(await upstream.follow('a:1', LIMITS)).toMatchObject({ kind: 'error', code: -32602 });
    await until(
      'it is listened to no more',
      () => streams.at(-1)?.filter['resourceSubscriptions'] === undefined,
    );
    const plain = connect((await handmadeModern({}, cleanups)).url);
    expect(await plain.follow('a:1', LIMITS)).toMatchObject({ kind: 'error', code: -32601 });
  });

  it('gives up following when no acknowledgement comes in time', async () => {
    const { url } = await listening(() => {});
    expect(await failure(connect(url).follow('a:1', { ...LIMITS, timeoutMs: 200 }))).toBe('timeout');
  });

  it('leaves time between requests to a server that ends each of them at once', async () => {
    const { url, streams } = await listening(({ response }) => response.end());
    await connect(url).start();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(streams.length).toBeGreaterThanOrEqual(2);
    expect(streams.length).toBeLessThanOrEqual(3);
  });

  it('says after a gap that everything may have changed', async () => {
    const { url, streams } = await listening();
    const upstream = connect(url);
    const changed: string[] = [];
    const uris: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    upstream.onUpdated((uri) => uris.push(uri));
    await upstream.follow('a:1', LIMITS);
    changed.splice(0);
    streams.at(-1)?.response.end();
    await until('it listens again', () => changed.length === 4);
    expect(changed).toEqual(['tools', 'prompts', 'resources', 'resourceTemplates']);
    expect(uris.filter((uri) => uri === 'a:1')).not.toHaveLength(0);
  });

  it('does not ask again where the method is unknown', async () => {
    let asked = 0;
    const { url } = await handmadeModern(
      {
        'subscriptions/listen': ({ id }, response) => {
          asked++;
          error(response, id, -32601, 'no such method', 404);
        },
      },
      cleanups,
      EVERYTHING,
    );
    const upstream = connect(url);
    await upstream.start();
    expect(await upstream.follow('a:1', LIMITS)).toMatchObject({ kind: 'error', code: -32602 });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(asked).toBe(1);
  });

  it('ends the old request first for a server that takes only one', async () => {
    let open = 0;
    const { url } = await listening((stream) => {
      if (open > 0) {
        stream.write({ jsonrpc: '2.0', id: stream.id, error: { code: -32603, message: 'too many' } });
        return void stream.response.end();
      }
      open++;
      stream.response.on('close', () => open--);
      acknowledge(stream);
    });
    const upstream = connect(url);
    await upstream.start();
    await until('it listens', () => open === 1);
    expect(await failure(upstream.follow('a:1', LIMITS))).toMatch(/answered|unavailable/);
    await until('it follows', () => open === 1);
  });

  it('hears nothing before the acknowledgement, and nothing that names another request', async () => {
    const { url } = await listening((stream) => {
      stream.write(about(stream.id, 'notifications/tools/list_changed'));
      stream.write(about('listen-77', 'notifications/tools/list_changed'));
      stream.write({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    });
    const upstream = connect(url);
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await upstream.start();
    await until('two were counted', () => upstream.stray.unheard === 2);
    expect(changed).toEqual([]);
  });
});
