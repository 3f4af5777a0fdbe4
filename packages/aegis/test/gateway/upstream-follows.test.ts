import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamLink } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { handmadeHttp } from './servers/handmade-http.ts';
import { http, isAlive, LIMITS, scripted, textOf, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function child(more: Parameters<typeof scripted>[2] = {}) {
  const restart = { maxExits: 5, windowMs: 60_000, backoffMs: 1 };
  const upstream = scripted('child', [], { restart, ...more });
  cleanups.push(() => upstream.close());
  return upstream;
}

async function text(link: UpstreamLink, name: string, args: Readonly<Record<string, string>> = {}) {
  const reply = await link.request('tools/call', { name, arguments: args }, LIMITS);
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return textOf(reply.result);
}

/** The subscriptions that a child was asked for, in order. */
async function subscriptions(link: UpstreamLink): Promise<string[]> {
  const heard = JSON.parse(await text(link, 'heard')) as string[];
  return heard.filter((line) => line.startsWith('resources/')).map((line) => line.replace('resources/', ''));
}

function updatesOf(link: UpstreamLink): string[] {
  const updates: string[] = [];
  link.onUpdated((uri) => updates.push(uri));
  return updates;
}

const DONE = { kind: 'result', result: {} };

describe('a resource that is followed', () => {
  it('is subscribed to once, however many follow, and until the last one leaves', async () => {
    const upstream = child();
    const all = await Promise.all([1, 2, 3].map(() => upstream.follow('test://a', LIMITS)));
    expect(all).toMatchObject([DONE, DONE, DONE]);
    await upstream.follow('test://b', LIMITS);
    await upstream.unfollow('test://a', LIMITS);
    await upstream.unfollow('test://a', LIMITS);
    expect(await subscriptions(upstream)).toEqual([
      'subscribe {"uri":"test://a"}',
      'subscribe {"uri":"test://b"}',
    ]);
    expect(await upstream.unfollow('test://a', LIMITS)).toMatchObject(DONE);
    expect(await upstream.unfollow('test://a', LIMITS)).toMatchObject(DONE);
    expect((await subscriptions(upstream)).slice(2)).toEqual(['unsubscribe {"uri":"test://a"}']);
  });

  it('is subscribed to again after the end of the last subscription', async () => {
    const upstream = child();
    await upstream.follow('test://a', LIMITS);
    const leaving = upstream.unfollow('test://a', LIMITS);
    const again = upstream.follow('test://a', LIMITS);
    await Promise.all([leaving, again]);
    expect((await subscriptions(upstream)).map((line) => line.split(' ')[0])).toEqual([
      'subscribe',
      'unsubscribe',
      'subscribe',
    ]);
  });

  it('is told to every listener, a part of it too, and nothing when nothing is followed', async () => {
    const upstream = child();
    const [one, two] = [updatesOf(upstream), updatesOf(upstream)];
    await text(upstream, 'update', { uri: 'test://a' });
    expect(upstream.stray.unheard).toBe(1);
    await upstream.follow('test://a', LIMITS);
    const stop = upstream.onUpdated(() => {
      throw new Error('not heard any more');
    });
    stop();
    await text(upstream, 'update', { uri: 'test://a/part' });
    await text(upstream, 'update', { uri: `test://${'x'.repeat(10_000)}` });
    expect([one, two]).toEqual([['test://a/part'], ['test://a/part']]);
    expect(upstream.stray.unheard).toBe(2);
  });

  it('is not followed when the server refuses', async () => {
    const upstream = child();
    const refused = await Promise.all([1, 2].map(() => upstream.follow('test://refused', LIMITS)));
    expect(refused.map(({ kind }) => kind)).toEqual(['error', 'error']);
    await upstream.unfollow('test://refused', LIMITS);
    const subscribed = 'subscribe {"uri":"test://refused"}';
    expect(await subscriptions(upstream)).toEqual([subscribed]);
    expect((await upstream.follow('test://refused', LIMITS)).kind).toBe('error');
    expect(await subscriptions(upstream)).toEqual([subscribed, subscribed]);
  });

  it('counts nobody who gave up waiting', async () => {
    const upstream = child();
    const abort = new AbortController();
    const gone = upstream.follow('test://a', { ...LIMITS, signal: abort.signal });
    abort.abort();
    await expect(gone).rejects.toMatchObject({ failure: 'cancelled' });
    await upstream.follow('test://a', LIMITS);
    await upstream.unfollow('test://a', LIMITS);
    expect((await subscriptions(upstream)).at(-1)).toBe('unsubscribe {"uri":"test://a"}');
  });

  it('is bounded in number', async () => {
    const upstream = child();
    await upstream.start();
    const all = Array.from({ length: 1_024 }, (_, n) => upstream.follow(`test://${n}`, LIMITS));
    await Promise.all(all);
    await expect(upstream.follow('test://beyond', LIMITS)).rejects.toMatchObject({ failure: 'unavailable' });
    await upstream.unfollow('test://0', LIMITS);
    expect(await upstream.follow('test://beyond', LIMITS)).toMatchObject(DONE);
  });

  it('is followed on each link by itself', async () => {
    const upstream = child();
    const [one, two] = [upstream.open({}), upstream.open({})];
    const [heardOne, heardTwo] = [updatesOf(one), updatesOf(two)];
    await Promise.all([one.follow('test://a', LIMITS), two.follow('test://a', LIMITS)]);
    await text(one, 'update', { uri: 'test://a' });
    expect([heardOne, heardTwo]).toEqual([['test://a'], []]);
  });

  it('is followed again when the child died, without waiting for a call', async () => {
    const upstream = child();
    const updates = updatesOf(upstream);
    await upstream.follow('test://a', LIMITS);
    await text(upstream, 'die').catch((error: UpstreamError) => expect(error.failure).toBe('unavailable'));
    await until('it is said to have changed', () => updates.length === 1);
    expect(await subscriptions(upstream)).toEqual(['subscribe {"uri":"test://a"}']);
    await text(upstream, 'update', { uri: 'test://a' });
    expect(updates).toEqual(['test://a', 'test://a']);
  });

  it('keeps a child from being unused', async () => {
    const upstream = child({ idleMs: 100 });
    const pid = Number(await text(upstream, 'pid'));
    await upstream.follow('test://a', LIMITS);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(isAlive(pid)).toBe(true);
    await upstream.unfollow('test://a', LIMITS);
    await until('the child has ended', () => !isAlive(pid));
  });

  it('is followed again in a new session of an HTTP server that forgot the old one', async () => {
    const server = await handmadeHttp({ post: (request) => request.json('here') });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    const updates = updatesOf(upstream);
    await upstream.follow('test://a', LIMITS);
    await until('the stream is open', () => server.streams.size === 1);
    server.push({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'test://a' } });
    await until('it is heard', () => updates.length === 1);
    server.forget();
    // Nothing is called: the end of the stream tells.
    await until('it is subscribed to again', () => updates.length === 2);
    await until('the stream is open again', () => server.streams.has('session-2'));
    server.push({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'test://a' } });
    await until('it is heard again', () => updates.length === 3);
    expect(
      server.heard.flatMap(({ message, headers }) =>
        message.method === 'resources/subscribe' ? [headers['mcp-session-id']] : [],
      ),
    ).toEqual(['session-1', 'session-2']);
  });
});
