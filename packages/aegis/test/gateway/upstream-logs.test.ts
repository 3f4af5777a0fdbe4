import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, UpstreamLink } from '../../src/gateway/upstream/server.ts';
import { CREDENTIAL, http, LIMITS, scripted, until } from './upstreams.ts';
import { type Call, handmadeHttp } from './servers/handmade-http.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function child() {
  const upstream = scripted('child', [], { env: { TOKEN: { env: 'CHILD_TOKEN' } } });
  cleanups.push(() => upstream.close());
  return upstream;
}

function listener() {
  const logs: unknown[] = [];
  const conversation: Conversation = { capabilities: {}, log: ({ data }) => void logs.push(data) };
  return { logs, conversation };
}

const call = (
  link: UpstreamLink,
  name: string,
  conversation?: Conversation,
  args: Readonly<Record<string, string>> = {},
) => link.request('tools/call', { name, arguments: args }, LIMITS, conversation);

const MESSAGE = {
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'info', data: 'pushed' },
};

describe('a log message of a child', () => {
  it('belongs to the one call under way on a link, without the credential', async () => {
    const { logs, conversation } = listener();
    await call(child().open({}), 'log', conversation, { text: `token ${CREDENTIAL}` });
    expect(logs).toEqual(['token [secret]']);
  });

  it('belongs to no call when several are under way: the link hears it', async () => {
    const link = child().open({});
    const [one, two] = [listener(), listener()];
    const heard: unknown[] = [];
    const stop = link.onNotice(({ params }) => heard.push(params['data']));
    const slow = call(link, 'late', one.conversation);
    await call(link, 'log', two.conversation);
    await slow;
    expect([one.logs, two.logs, heard]).toEqual([[], [], [0]]);
    stop();
    await call(link, 'log-later');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(heard).toEqual([0]);
  });

  it('that comes after the call belongs to the link', async () => {
    const link = child().open({});
    const heard: unknown[] = [];
    link.onNotice(({ params }) => heard.push(params['data']));
    const { logs, conversation } = listener();
    await call(link, 'log-later', conversation);
    await until('it is heard', () => heard.length === 1);
    expect([logs, heard]).toEqual([[], ['later']]);
  });

  it('is heard by nobody on the line that clients share, and counted', async () => {
    const upstream = child();
    const { logs, conversation } = listener();
    const heard: unknown[] = [];
    upstream.onNotice(({ params }) => heard.push(params['data']));
    await call(upstream, 'log', conversation, { times: '3' });
    expect([logs, heard, upstream.stray.unheard]).toEqual([[], [], 3]);
  });

  it('is dropped when there are too many of them or it is too large, and the call goes on', async () => {
    const upstream = child();
    const link = upstream.open({});
    const { logs, conversation } = listener();
    expect((await call(link, 'log', conversation, { times: '20000' })).kind).toBe('result');
    expect(logs.length).toBeGreaterThanOrEqual(500);
    expect(logs.length).toBeLessThan(10_000);
    expect(upstream.stray.unheard).toBe(20_000 - logs.length);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = logs.length;
    await call(link, 'log', conversation, { text: 'x'.repeat(70_000) });
    expect(logs.length).toBe(before);
  });
});

describe('a log message of an HTTP server', () => {
  it('belongs to the call whose stream it came on, on a shared session too', async () => {
    const server = await handmadeHttp({
      post: (request) => {
        request.event({ ...MESSAGE, params: { level: 'info', data: request.args['text'] } });
        setTimeout(() => {
          request.event(request.answer('done'));
          request.response.end();
        }, 50);
      },
    });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    const [one, two] = [listener(), listener()];
    await Promise.all([
      call(upstream, 'any', one.conversation, { text: 'one' }),
      call(upstream, 'any', two.conversation, { text: 'two' }),
      call(upstream, 'any', undefined, { text: 'nobody' }),
    ]);
    expect([one.logs, two.logs, upstream.stray.unheard]).toEqual([['one'], ['two'], 1]);
  });

  it('that belongs to no call is heard on its own link alone', async () => {
    const server = await handmadeHttp({ post: (request) => request.json('here') });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    const links = [upstream.open({}), upstream.open({})];
    const heard: string[] = [];
    links.forEach(
      (link, n) => void link.onNotice(({ params }) => heard.push(`${n} ${String(params['data'])}`)),
    );
    upstream.onNotice(() => heard.push('shared'));
    for (const line of [...links, upstream]) await call(line, 'any');
    await until('the streams are open', () => server.streams.size === 3);
    server.push(MESSAGE, 'session-2');
    server.push(MESSAGE, 'session-3');
    await until('both were read', () => heard.length > 0 && upstream.stray.unheard > 0);
    expect([heard, upstream.stray.unheard]).toEqual([['1 pushed'], 1]);
  });
});

describe('a progress report of an HTTP server', () => {
  it('is believed on the stream of its call and on that of no call, and on no other', async () => {
    const held: Call[] = [];
    const told = (id: number | undefined, progress: number) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: id, progress },
    });
    const server = await handmadeHttp({
      post: (request) => {
        held.push(request);
        const [first, second] = held;
        if (second === undefined) return;
        second.event(told(first?.id, 1));
        second.event(told(second.id, 2));
        server.push(told(first?.id, 3));
      },
    });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url });
    cleanups.push(() => upstream.close());
    await upstream.start();
    await until('its stream is open', () => server.streams.size === 1);
    const heard: [string, number][] = [];
    const calls = ['first', 'second'].map((name) =>
      call(upstream, 'any', {
        capabilities: {},
        progress: ({ progress }) => void heard.push([name, progress]),
      }),
    );
    await until('both reports were heard', () => heard.length >= 2 && upstream.stray.unheard === 1);
    for (const request of held) {
      request.event(request.answer('done'));
      request.response.end();
    }
    await Promise.all(calls);
    expect(heard.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['first', 3],
      ['second', 2],
    ]);
  });
});
