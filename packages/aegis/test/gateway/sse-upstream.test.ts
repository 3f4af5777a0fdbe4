import { createServer } from 'node:http';
import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, UpstreamLink } from '../../src/gateway/upstream/server.ts';
import { SseUpstream } from '../../src/gateway/upstream/sse/upstream.ts';
import { failure, httpDefinition, ports, resultOf, textOfFirst } from './modern-upstreams.ts';
import { handmadeSse, libraryOverSse } from './sse-servers.ts';
import { CREDENTIAL, LIMITS, listen, stop, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function connect(url: string, more: Parameters<typeof httpDefinition>[1] = {}): SseUpstream {
  const upstream = new SseUpstream(httpDefinition(url, more), ports);
  cleanups.push(() => upstream.close());
  return upstream;
}

async function library() {
  const server = await libraryOverSse('library');
  cleanups.push(() => server.close());
  return server;
}

const call = (
  upstream: UpstreamLink,
  name: string,
  args: JsonObject = {},
  conversation?: Conversation,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits }, conversation);

const HERE = (): string => '/messages?s=1';

describe('an upstream of the old HTTP+SSE transport', () => {
  it('is initialised, listed and called', async () => {
    const upstream = connect((await library()).url);
    expect(await upstream.start()).toMatchObject({ era: 'legacy', name: 'library' });
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('greet');
    expect(textOfFirst(await resultOf(call(upstream, 'greet', { who: 'Ada' })))).toBe('library greets Ada');
  });

  it('is sent the credential with every request, and the credential never comes back', async () => {
    const server = await library();
    const upstream = connect(server.url, { headers: { Authorization: { env: 'UPSTREAM_TOKEN' } } });
    const shown = textOfFirst(await resultOf(call(upstream, 'headers')));
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(CREDENTIAL);
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${CREDENTIAL}`]),
    );
  });

  it('tells progress to the call that it belongs to, and hears of one that was given up', async () => {
    const upstream = connect((await library()).url);
    const heard: number[] = [];
    await call(upstream, 'steps', {}, { capabilities: {}, progress: ({ progress }) => heard.push(progress) });
    expect(heard).toEqual([1, 2, 3]);
    const abort = new AbortController();
    const answer = failure(call(upstream, 'slow', {}, undefined, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 50);
    expect(await answer).toBe('cancelled');
  });

  it('asks the client over a link of its own, and nobody over the line that all share', async () => {
    const upstream = connect((await library()).url);
    const conversation: Conversation = {
      capabilities: { sampling: {} },
      ask: async () => ({
        kind: 'result',
        result: { role: 'assistant', model: 'none', content: { type: 'text', text: 'hi' } },
        bytes: 0,
      }),
    };
    expect(textOfFirst(await resultOf(call(upstream, 'ask', {}, conversation)))).toBe('refused');
    const link = upstream.open({ sampling: {} });
    expect(textOfFirst(await resultOf(call(link, 'ask', {}, conversation)))).toBe('sampled');
    await link.close();
  });

  it('is connected to again after its stream ended, and its lists may have changed', async () => {
    const server = await library();
    const upstream = connect(server.url);
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await upstream.start();
    const lost = failure(call(upstream, 'slow'));
    await until('the call is under way', () => server.requests.length >= 4);
    server.forget();
    expect(await lost).toBe('unavailable');
    expect(textOfFirst(await resultOf(call(upstream, 'greet', { who: 'Ada' })))).toBe('library greets Ada');
    expect(new Set(changed)).toEqual(new Set(['tools', 'resources', 'resourceTemplates', 'prompts']));
  });

  it.each([
    ['another host', (origin: string) => origin.replace('127.0.0.1', 'localhost')],
    ['another port', () => 'http://127.0.0.1:9/messages'],
    ['another scheme', (origin: string) => origin.replace('http:', 'https:')],
    ['a host without a scheme', () => '//169.254.169.254/latest/meta-data'],
    ['a host behind backslashes', () => '\\\\169.254.169.254\\latest'],
    ['another protocol', () => 'file:///etc/passwd'],
    ['nothing that is an address', () => 'http://['],
  ])('gives no credential to an endpoint at %s', async (_, endpoint) => {
    const { url, posted } = await handmadeSse(cleanups, endpoint, () => {});
    const upstream = connect(url, { headers: { Authorization: { env: 'UPSTREAM_TOKEN' } } });
    expect(await failure(upstream.start())).toBe('protocol');
    expect(posted).toEqual([]);
  });

  it('cannot have messages sent somewhere else later', async () => {
    const stolen: unknown[] = [];
    const thief = createServer((request, response) => {
      stolen.push(request.headers);
      response.end();
    });
    cleanups.push(() => stop(thief));
    const elsewhere = await listen(thief);
    const server = await handmadeSse(cleanups, HERE, ({ id, method }, write) => {
      if (method === 'tools/call') write({ jsonrpc: '2.0', id, result: { content: [] } });
    });
    const upstream = connect(server.url, { headers: { Authorization: { env: 'UPSTREAM_TOKEN' } } });
    await upstream.start();
    server.write(`event: endpoint\ndata: ${elsewhere}/messages\n\nevent: endpoint\ndata: /other\n\n`);
    await until('it was heard', () => upstream.stray.garbage === 2);
    expect((await call(upstream, 'any')).kind).toBe('result');
    expect(stolen).toEqual([]);
  });

  it('is no such server without an endpoint, or without a stream', async () => {
    const page = createServer(
      (_, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(),
    );
    cleanups.push(() => stop(page));
    expect(await failure(connect(await listen(page)).start())).toBe('unavailable');
  });

  it('reads characters that are cut between the chunks of the stream', async () => {
    const server = await handmadeSse(cleanups, HERE, ({ id, method }) => {
      if (method !== 'tools/call') return;
      const whole = Buffer.from(
        `event: message\r\ndata: {"jsonrpc":"2.0","id":${id},"result":{"content":[],"é":"😀"}}\r\n\r\n`,
      );
      let at = 0;
      const timer = setInterval(() => {
        server.write(whole.subarray(at, ++at));
        if (at === whole.length) clearInterval(timer);
      }, 1);
    });
    expect(JSON.stringify(await resultOf(call(connect(server.url), 'any')))).toBe('{"content":[],"é":"😀"}');
  });

  it('fails a call whose message it does not take, and no other', async () => {
    const server = await handmadeSse(cleanups, HERE, ({ id, method, params }, write, response) => {
      if (method !== 'tools/call') return;
      if (params?.['name'] === 'bad') response.writeHead(500).end();
      else setTimeout(() => write({ jsonrpc: '2.0', id, result: { content: [] } }), 50);
    });
    const upstream = connect(server.url);
    const good = call(upstream, 'good');
    expect(await failure(call(upstream, 'bad'))).toBe('unavailable');
    expect((await good).kind).toBe('result');
  });

  it('never has more requests under way than allowed, and frees the place of one that was given up', async () => {
    let now = 0;
    let most = 0;
    const server = await handmadeSse(cleanups, HERE, ({ id, method, params }, write) => {
      if (method !== 'tools/call' || params?.['name'] === 'silence') return;
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        write({ jsonrpc: '2.0', id, result: { content: [] } });
      }, 20);
    });
    const upstream = connect(server.url, { maxConcurrency: 2 });
    const silent = [1, 2].map(() => failure(call(upstream, 'silence', {}, undefined, { timeoutMs: 100 })));
    expect(await Promise.all(silent)).toEqual(['timeout', 'timeout']);
    const replies = await Promise.all(Array.from({ length: 8 }, () => call(upstream, 'any')));
    expect(replies.every(({ kind }) => kind === 'result')).toBe(true);
    expect(most).toBe(2);
  });
});
