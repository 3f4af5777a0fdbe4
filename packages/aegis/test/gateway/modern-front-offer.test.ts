import { describe, expect, it } from 'vitest';
import { LIST_TTL_MS } from '../../src/gateway/front/modern/results.ts';
import { modernGateway } from './modern-gateway.ts';
import { ask } from './modern-requests.ts';
import { gateway, library, statelessBehind } from './stateless-gateway.ts';
import { until } from './upstreams.ts';

statelessBehind();

/** What the kernel recorded while something was done, without the beginnings of runs. */
async function recorded(act: () => Promise<unknown>): Promise<string[]> {
  const before = (await gateway.events()).length;
  await act();
  const events = (await gateway.events()).slice(before);
  return events.map(({ type }) => type).filter((type) => type !== 'SESSION_STARTED');
}

describe('what is offered', () => {
  it('is discovered: versions, capabilities of the servers, their instructions', async () => {
    const { json } = await ask(gateway.url, 'server/discover');
    expect(json.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        logging: {},
      },
      ttlMs: LIST_TTL_MS,
      cacheScope: 'private',
    });
    expect(json.result?.['capabilities']).not.toHaveProperty('completions');
    expect(json.result?.['instructions']).toContain('Greet before you ask.');
  });

  it('is listed without what policy hides, for this caller alone and for a short time', async () => {
    const { json } = await ask(gateway.url, 'tools/list');
    const { tools, ttlMs, cacheScope, resultType } = json.result ?? {};
    expect((tools as { name: string }[]).map(({ name }) => name)).toEqual([
      'forbidden',
      'greet',
      'headed',
      'pay',
      'slow',
      'spy',
      'steps',
    ]);
    expect({ ttlMs, cacheScope, resultType }).toEqual({
      ttlMs: 5_000,
      cacheScope: 'private',
      resultType: 'complete',
    });
  });

  it('is listed in pages', async () => {
    const small = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      limits: { pageSize: 4 },
    });
    const first = await ask(small.url, 'tools/list');
    const { nextCursor } = first.json.result as { nextCursor: string };
    const second = await ask(small.url, 'tools/list', { cursor: nextCursor });
    expect(second.json.result?.['tools']).toHaveLength(3);
    expect(second.json.result).not.toHaveProperty('nextCursor');
    const wrong = await ask(small.url, 'tools/list', { cursor: 'AAAA' });
    expect([wrong.status, wrong.json.error?.code]).toEqual([200, -32602]);
    await small.close();
  });

  it('is denied by name although it is not listed, as if it did not exist', async () => {
    const hidden = await ask(gateway.url, 'tools/call', { name: 'hidden', arguments: {} });
    const unknown = await ask(gateway.url, 'tools/call', { name: 'no-such', arguments: {} });
    const words = (text: string): string =>
      text.replace(/call_[0-9a-f]+/g, 'call').replaceAll('no-such', 'hidden');
    expect(words(hidden.text)).toBe(words(unknown.text));
    expect(hidden.json.result?.['isError']).toBe(true);
  });

  it('is denied as a result that the model can read', async () => {
    const { json } = await ask(gateway.url, 'tools/call', {
      name: 'forbidden',
      arguments: { really: 'yes' },
    });
    expect(json.result).toMatchObject({
      resultType: 'complete',
      isError: true,
      _meta: { 'aegis/denial': { code: 'POLICY_DENY', rule: 'no-forbidden' } },
    });
  });

  it('is read, with a hint for caches that is no longer than that of a list', async () => {
    const { json } = await ask(gateway.url, 'resources/read', { uri: 'test://motto' });
    expect(json.result).toMatchObject({
      contents: [{ text: 'greet everybody' }],
      ttlMs: 0,
      cacheScope: 'private',
    });
  });

  it('is denied where it may not be read, without a word of why', async () => {
    const { status, json } = await ask(gateway.url, 'resources/read', { uri: 'test://secret' });
    expect([status, json.error?.code]).toEqual([200, -32602]);
    expect(json.error?.data).toMatchObject({ code: 'TOOL_UNKNOWN' });
    expect(JSON.stringify(json)).not.toContain('no-secret');
  });

  it('and where there is no resource, it is said which', async () => {
    const uri = 'test://no-such';
    const { status, json } = await ask(gateway.url, 'resources/read', { uri });
    expect(status).toBe(200);
    expect(json.error).toMatchObject({ code: -32602, data: { uri } });
  });

  it('is given for a prompt', async () => {
    const { json } = await ask(gateway.url, 'prompts/get', { name: 'poem', arguments: { about: 'trees' } });
    expect(json.result).toMatchObject({ messages: [{ content: { text: 'a poem about trees' } }] });
    expect(json.result).not.toHaveProperty('ttlMs');
  });
});

describe('while a request is worked on', () => {
  it('its progress comes before its answer, under the token of the client', async () => {
    const answer = await ask(
      gateway.url,
      'tools/call',
      { name: 'steps', arguments: {} },
      { meta: { progressToken: 'mine' } },
    );
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.headers['x-accel-buffering']).toBe('no');
    expect(
      answer.notices.map(({ method, params }) => [method, params['progressToken'], params['progress']]),
    ).toEqual([1, 2, 3].map((progress) => ['notifications/progress', 'mine', progress]));
    expect(answer.json.result?.['content']).toEqual([{ type: 'text', text: 'done' }]);
  });

  it('log messages come as severe as the client wants them, and none without a wish', async () => {
    const call = (meta: Record<string, string>) =>
      ask(gateway.url, 'tools/call', { name: 'steps', arguments: {} }, { meta });
    const wanted = await call({ 'io.modelcontextprotocol/logLevel': 'warning' });
    expect(wanted.notices).toMatchObject([
      { method: 'notifications/message', params: { level: 'warning', data: 'said at warning' } },
    ]);
    expect((await call({})).notices).toEqual([]);
  });

  it('a client that closes the connection has cancelled it', async () => {
    const abort = new AbortController();
    const sent = library.bodies.length;
    const call = ask(
      gateway.url,
      'tools/call',
      { name: 'slow', arguments: {} },
      { signal: abort.signal },
    ).catch(() => 'gone');
    await until('the server works', () => library.bodies.length > sent);
    const types = await recorded(async () => {
      abort.abort();
      expect(await call).toBe('gone');
      await until('the outcome is recorded', () => true);
      await expect.poll(async () => (await gateway.events()).at(-1)?.type).toBe('TOOL_RESULT');
    });
    expect(types).toEqual(['TOOL_CALL_EXECUTED', 'TOOL_RESULT']);
    expect((await gateway.events()).at(-1)?.payload).toMatchObject({ outcome: 'failed' });
  });

  it('more than so many requests of one run are refused', async () => {
    const small = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      limits: { maxInFlight: 2 },
    });
    const aborts = [new AbortController(), new AbortController()];
    const sent = library.bodies.length;
    const slow = aborts.map(({ signal }) =>
      ask(small.url, 'tools/call', { name: 'slow', arguments: {} }, { signal }).catch(() => 'gone'),
    );
    await until('both are worked on', () => library.bodies.length >= sent + 2);
    const { json } = await ask(small.url, 'tools/list');
    expect(json.error).toMatchObject({ code: -32600, data: { code: 'RATE_LIMITED' } });
    for (const abort of aborts) abort.abort();
    await Promise.all(slow);
    await small.close();
  });
});

it('says that it is shutting down, once it is', async () => {
  const closing = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
  await closing.front.close('over');
  expect((await ask(closing.url, 'tools/list')).status).toBe(503);
  await closing.close();
});
