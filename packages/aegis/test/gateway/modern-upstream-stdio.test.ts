import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { StdioDefinition } from '../../src/gateway/upstream/definition.ts';
import type { Conversation, UpstreamServer } from '../../src/gateway/upstream/server.ts';
import { failure, resultOf, stdioDefinition, textOfFirst, upstreamOf } from './modern-upstreams.ts';
import { CREDENTIAL, isAlive, LIMITS, serverFile, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function start(file: string, more: Partial<StdioDefinition> = {}): UpstreamServer {
  const upstream = upstreamOf(stdioDefinition(serverFile(file), [], { era: 'modern', ...more }));
  cleanups.push(() => upstream.close());
  return upstream;
}

const call = (
  upstream: UpstreamServer,
  name: string,
  args: JsonObject = {},
  conversation?: Conversation,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits }, conversation);

const textFrom = async (...given: Parameters<typeof call>) => textOfFirst(await resultOf(call(...given)));

describe('a stdio upstream of the modern era', () => {
  it('built with the library describes itself, is called, listened to and followed', async () => {
    const upstream = start('modern-library-stdio');
    expect(await upstream.start()).toMatchObject({ era: 'modern', name: 'modern-library' });
    expect((await upstream.list('tools')).map(({ name }) => name)).toContain('greet');
    const heard: unknown[] = [];
    const conversation: Conversation = {
      capabilities: { elicitation: { form: {} } },
      logLevel: 'info',
      progress: ({ progress }) => heard.push(progress),
      log: ({ data }) => heard.push(data),
    };
    expect(await textFrom(upstream, 'steps', {}, conversation)).toBe('done');
    expect(heard).toEqual(['step 1', 1, 'step 2', 2, 'step 3', 3]);
    expect(await resultOf(call(upstream, 'ask', {}, conversation))).toMatchObject({
      resultType: 'input_required',
    });
    const uris: string[] = [];
    upstream.onUpdated((uri) => uris.push(uri));
    expect(await upstream.follow('test://motto', LIMITS)).toMatchObject({ kind: 'result' });
    await call(upstream, 'touch');
    await until('the change was heard', () => uris.includes('test://motto'));
  });

  it('is told of a call that was given up, by notification', async () => {
    const upstream = start('modern-scripted');
    await upstream.start();
    const abort = new AbortController();
    const answer = failure(call(upstream, 'silence', {}, undefined, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 30);
    expect(await answer).toBe('cancelled');
    expect(await failure(call(upstream, 'silence', {}, undefined, { timeoutMs: 30 }))).toBe('timeout');
    expect(JSON.parse(await textFrom(upstream, 'cancelled'))).toEqual([2, 3]);
  });

  it('serves many requests with one process, and is started again after it died', async () => {
    const upstream = start('modern-scripted');
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    const pids = await Promise.all(Array.from({ length: 20 }, () => textFrom(upstream, 'pid')));
    expect(new Set(pids).size).toBe(1);
    expect(await failure(call(upstream, 'die'))).toBe('unavailable');
    changed.splice(0);
    expect(await textFrom(upstream, 'pid')).not.toBe(pids[0]);
    expect(new Set(changed)).toEqual(new Set(['tools', 'resources', 'resourceTemplates', 'prompts']));
  });

  it('is started again for those who follow, and told of what they follow', async () => {
    const upstream = start('modern-scripted');
    const uris: string[] = [];
    upstream.onUpdated((uri) => uris.push(uri));
    await upstream.follow('a:1', LIMITS);
    const pid = Number(await textFrom(upstream, 'pid'));
    uris.splice(0);
    process.kill(pid, 'SIGKILL');
    await until('it may have changed meanwhile', () => uris.includes('a:1'));
    uris.splice(0);
    await call(upstream, 'touch', { uri: 'a:1' });
    await until('the change was heard', () => uris.length > 0);
    expect(uris).toEqual(['a:1']);
  });

  it('ends the listening that is not needed any more, and takes it up again when the server ends it', async () => {
    const upstream = start('modern-scripted');
    await upstream.follow('a:1', LIMITS);
    await expect.poll(() => textFrom(upstream, 'listens')).toBe('["listen-2"]');
    await call(upstream, 'end-listening');
    await expect.poll(() => textFrom(upstream, 'listens'), { timeout: 5_000 }).toBe('["listen-3"]');
  });

  it('has log messages taken for a request only when there is one', async () => {
    const upstream = start('modern-scripted');
    const heard: string[] = [];
    const as = (who: string): Conversation => ({
      capabilities: {},
      logLevel: 'info',
      log: () => heard.push(who),
    });
    await call(upstream, 'log', {}, as('alone'));
    const silent = failure(call(upstream, 'silence', {}, as('first'), { timeoutMs: 300 }));
    await call(upstream, 'log', {}, as('second'));
    await silent;
    expect(heard).toEqual(['alone']);
    expect(upstream.stray.unheard).toBe(1);
  });

  it('has no log message taken for a request that may be about one that was given up', async () => {
    const upstream = start('modern-scripted');
    await upstream.start();
    const heard: string[] = [];
    const as = (who: string): Conversation => ({
      capabilities: {},
      logLevel: 'info',
      log: () => heard.push(who),
    });
    expect(await failure(call(upstream, 'silence', {}, as('first'), { timeoutMs: 100 }))).toBe('timeout');
    // What the server is still doing for the first client is not for the second one to hear.
    await call(upstream, 'log', {}, as('second'));
    expect(heard).toEqual([]);
    expect(upstream.stray.unheard).toBe(1);
  });

  it('may send no requests and no news that nobody asked for, and what it sends so is counted', async () => {
    const upstream = start('modern-scripted');
    await upstream.start();
    await expect.poll(() => textFrom(upstream, 'listens')).toBe('["listen-1"]');
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await call(
      upstream,
      'stray',
      {},
      { capabilities: { sampling: {} }, ask: () => Promise.reject(new Error('asked')) },
    );
    expect(changed).toEqual([]);
    expect(upstream.stray).toEqual({ garbage: 1, late: 1, refused: 1, unheard: 2 });
  });

  it('has its results bounded, its environment its own, and its credentials taken out', async () => {
    const upstream = start('modern-scripted', { env: { TOKEN: { env: 'CHILD_TOKEN' } } });
    expect(
      await failure(call(upstream, 'big', { bytes: '5000' }, undefined, { maxOutputBytes: 1_000 })),
    ).toBe('too_large');
    const shown = await textFrom(upstream, 'environment');
    expect(Object.keys(JSON.parse(shown)).sort()).toEqual(['PATH', 'TOKEN']);
    expect(shown).not.toContain(CREDENTIAL);
  });

  it('is ended when it was not used for long enough, unless somebody follows a resource', async () => {
    const upstream = start('modern-scripted', { idleMs: 100 });
    const first = Number(await textFrom(upstream, 'pid'));
    await until('it has ended', () => !isAlive(first));
    await upstream.follow('a:1', LIMITS);
    const second = Number(await textFrom(upstream, 'pid'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isAlive(second)).toBe(true);
  });

  it('is replaced when it is old enough, without a call that fails', async () => {
    const upstream = start('modern-scripted', { maxLifetimeMs: 150 });
    const pids = new Set<string>();
    for (let i = 0; i < 40; i++) {
      pids.add(await textFrom(upstream, 'pid'));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(pids.size).toBeGreaterThan(1);
  });

  it('leaves no process behind', async () => {
    const upstream = start('modern-scripted');
    const pid = Number(await textFrom(upstream, 'pid'));
    await upstream.close();
    expect(isAlive(pid)).toBe(false);
    expect(await failure(call(upstream, 'pid'))).toBe('unavailable');
  });
});
