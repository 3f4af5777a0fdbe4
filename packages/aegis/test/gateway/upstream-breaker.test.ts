import { createServer, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../src/gateway/upstream/http/breaker.ts';
import type { UpstreamLink } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { type Call, handmadeHttp } from './servers/handmade-http.ts';
import { handmadeModern, httpDefinition, upstreamOf } from './modern-upstreams.ts';
import { http, LIMITS, listen, stop, textOf, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe('the circuit breaker', () => {
  function breaker() {
    let now = 0;
    const circuit = new CircuitBreaker(() => now);
    const fail = (times: number): void => {
      for (let i = 0; i < times; i++) circuit.failed(circuit.admit());
    };
    return { circuit, fail, pass: (ms: number) => (now += ms) };
  }

  it('leaves a server alone after five failures in a row, for five seconds', () => {
    const { circuit, fail, pass } = breaker();
    fail(4);
    circuit.answered();
    fail(4);
    expect(circuit.admit()).toBe('call');
    fail(1);
    expect(circuit.admit()).toBe('denied');
    pass(4_999);
    expect(circuit.admit()).toBe('denied');
    pass(1);
    expect([circuit.admit(), circuit.admit()]).toEqual(['probe', 'denied']);
  });

  it('lets all calls through when the probe is answered', () => {
    const { circuit, fail, pass } = breaker();
    fail(5);
    pass(5_000);
    circuit.admit();
    circuit.answered();
    expect([circuit.admit(), circuit.admit()]).toEqual(['call', 'call']);
    fail(4);
    expect(circuit.admit()).toBe('call');
  });

  it('waits twice as long after each probe that failed, up to a minute', () => {
    const { circuit, fail, pass } = breaker();
    fail(5);
    for (const pause of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      pass(pause - 1);
      expect(circuit.admit()).toBe('denied');
      pass(1);
      const admission = circuit.admit();
      expect(admission).toBe('probe');
      circuit.failed(admission);
    }
  });

  it('waits no longer for calls that failed when it was open already', () => {
    const { circuit, fail, pass } = breaker();
    fail(5);
    for (let i = 0; i < 20; i++) circuit.failed('call');
    pass(5_000);
    expect(circuit.admit()).toBe('probe');
  });

  it('lets another probe through when the last one told nothing', () => {
    const { circuit, fail, pass } = breaker();
    fail(5);
    pass(5_000);
    expect(circuit.admit()).toBe('probe');
    pass(4_999);
    expect(circuit.admit()).toBe('denied');
    pass(1);
    expect(circuit.admit()).toBe('probe');
  });
});

const call = (link: UpstreamLink, limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {}) =>
  link.request('tools/call', { name: 'any', arguments: {} }, { ...LIMITS, ...limits });

const problem = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => `${error.failure}: ${error.message}`,
  );

const ALONE = 'unavailable: server `remote` is left alone for a while, after too many failures';

async function remote(post: (call: Call) => void, more: Partial<Parameters<typeof http>[0]> = {}) {
  let posts = 0;
  const server = await handmadeHttp({
    post: (request) => {
      posts++;
      post(request);
    },
  });
  cleanups.push(() => server.close());
  const upstream = http({ url: server.url, ...more });
  cleanups.push(() => upstream.close());
  await upstream.start();
  return { upstream, posts: () => posts };
}

describe('an HTTP server that cannot answer', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['breaks every connection', (response) => void response.destroy()],
    ['answers with status 500', (response) => void response.writeHead(500).end()],
    ['answers with status 429', (response) => void response.writeHead(429).end()],
  ])('is left alone when it %s, on every link', async (_, end) => {
    const { upstream, posts } = await remote(({ response }) => end(response));
    const link = upstream.open({});
    for (let i = 0; i < 5; i++) expect(await problem(call(i % 2 === 0 ? link : upstream))).not.toBe(ALONE);
    expect([await problem(call(upstream)), await problem(call(link))]).toEqual([ALONE, ALONE]);
    expect(posts()).toBe(5);
  });

  it('is left alone when nobody listens, and its starts are denied at once', async () => {
    const server = createServer();
    const url = await listen(server);
    await stop(server);
    const upstream = http({ url });
    cleanups.push(() => upstream.close());
    for (let i = 0; i < 5; i++) expect(await problem(upstream.start())).toMatch('cannot be reached');
    expect(await problem(upstream.start())).toBe(ALONE);
  });

  it('is left alone when it lets the time of calls pass, and it answers at once meanwhile', async () => {
    const { upstream } = await remote(() => {});
    for (let i = 0; i < 5; i++) expect(await problem(call(upstream, { timeoutMs: 200 }))).toMatch('timeout');
    expect(await problem(call(upstream))).toBe(ALONE);
  });

  it('is left alone when it lets the time of calls pass, of the modern era too', async () => {
    const { url } = await handmadeModern({ 'tools/call': () => {} }, cleanups);
    const upstream = upstreamOf(httpDefinition(url, { era: 'modern' }));
    cleanups.push(() => upstream.close());
    await upstream.start();
    for (let i = 0; i < 5; i++) expect(await problem(call(upstream, { timeoutMs: 200 }))).toMatch('timeout');
    expect(await problem(call(upstream))).toBe(ALONE);
  });

  it('is not called well because callers gave up', async () => {
    let broken = true;
    const { url, posted } = await handmadeModern(
      { 'tools/call': (_, response) => broken && void response.destroy() },
      cleanups,
    );
    const upstream = upstreamOf(httpDefinition(url, { era: 'modern' }));
    cleanups.push(() => upstream.close());
    await upstream.start();
    for (let i = 0; i < 4; i++) expect(await problem(call(upstream))).toMatch('cannot be reached');
    broken = false;
    const abort = new AbortController();
    const given = problem(call(upstream, { signal: abort.signal }));
    await until('the call is under way', () => posted.length === 6);
    abort.abort();
    expect(await given).toMatch('cancelled');
    broken = true;
    expect(await problem(call(upstream))).toMatch('cannot be reached');
    expect(await problem(call(upstream))).toBe(ALONE);
  });

  it.each<[string, (call: Call) => void]>([
    [
      'an error',
      ({ response, id }) => {
        response.writeHead(400, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'bad' } }));
      },
    ],
    ['a refusal', ({ response }) => void response.writeHead(403).end()],
    ['nothing', ({ response }) => void response.writeHead(202).end()],
    [
      'too much',
      ({ response }) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(Buffer.alloc(2_000_000, 0x20));
      },
    ],
  ])('is not one that answers %s', async (_, post) => {
    const { upstream, posts } = await remote(post);
    for (let i = 0; i < 8; i++) await problem(call(upstream));
    expect(posts()).toBe(8);
  });

  it('is not one whose callers give up, or wait too long for one another', async () => {
    let quiet = true;
    const { upstream } = await remote((request) => quiet || request.json('done'), { maxConcurrency: 1 });
    for (let i = 0; i < 8; i++) {
      const abort = new AbortController();
      const answer = problem(call(upstream, { signal: abort.signal }));
      setTimeout(() => abort.abort(), 5);
      expect(await answer).toMatch('cancelled');
    }
    const queued = await Promise.all(
      Array.from({ length: 8 }, () => problem(call(upstream, { timeoutMs: 50 }))),
    );
    expect(queued.every((what) => what.startsWith('timeout'))).toBe(true);
    quiet = false;
    const reply = await call(upstream);
    expect(reply.kind === 'result' && textOf(reply.result)).toBe('done');
  });
});
