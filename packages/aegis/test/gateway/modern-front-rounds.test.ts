// What a server of the same era asks inside its results.
import type { JsonObject } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIED } from '../../src/gateway/jsonrpc.ts';
import { compileRoutes } from '../../src/gateway/routes/table.ts';
import { type ModernGateway, modernGateway } from './modern-gateway.ts';
import { ALL_CAPABILITIES, type Answer, ask, declaring } from './modern-requests.ts';
import { confirmed, meta, pay, recorded, stateOf, textOf } from './paid-calls.ts';
import { type Parrot, parrot } from './servers/parrot.ts';
import { gateway, library, statelessBehind } from './stateless-gateway.ts';

statelessBehind();

describe('a question inside a result', () => {
  it('is judged, recorded and shown, and the answer goes back with the state of the server', async () => {
    let first: Answer | undefined;
    const events = await recorded(async () => {
      first = await pay(1);
    });
    expect(first?.json.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { confirm: { method: 'elicitation/create', params: { message: 'Really?' } } },
    });
    expect(first?.json.result).not.toHaveProperty('ttlMs');
    expect(events.map(({ type }) => type).filter((type) => type !== 'SESSION_STARTED')).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'ACCESS_PROPOSED',
      'POLICY_DECISION',
      'ACCESS_ALLOWED',
      'ACCESS_RESULT',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
    expect(events.find(({ type }) => type === 'ACCESS_RESULT')?.payload).toMatchObject({
      outcome: 'executed',
    });

    const requestState = stateOf(first as Answer);
    expect(Buffer.from(requestState, 'base64url').toString('latin1')).not.toContain('pay 1');
    const again = await recorded(async () => {
      expect(textOf(await pay(1, { requestState, inputResponses: confirmed }))).toBe('paid 1: true, pay 1');
    });
    expect(again.map(({ type }) => type)).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
    expect(library.bodies.at(-1)?.params).toMatchObject({
      name: 'pay',
      arguments: { amount: 1 },
      inputResponses: confirmed,
      requestState: 'pay 1',
    });
  });

  it('is answered with what was asked, and with nothing else', async () => {
    const requestState = stateOf(await pay(2));
    const extra = { ...confirmed, other: { action: 'accept' } };
    expect(textOf(await pay(2, { requestState, inputResponses: extra }))).toContain('paid 2');
    expect(library.bodies.at(-1)?.params['inputResponses']).toEqual(confirmed);
  });

  it('is asked again when the answer is missing', async () => {
    const requestState = stateOf(await pay(3));
    const second = await pay(3, { requestState, inputResponses: { wrong: { action: 'accept' } } });
    expect(textOf(await pay(3, { requestState: stateOf(second), inputResponses: confirmed }))).toContain(
      'paid 3',
    );
  });

  it('is not answered in advance: a call that brings answers and no state begins anew', async () => {
    const sent = library.bodies.length;
    stateOf(await pay(4, { inputResponses: confirmed }));
    expect(library.bodies).toHaveLength(sent + 1);
    expect(library.bodies.at(-1)?.params).not.toHaveProperty('inputResponses');
  });

  it('has an answer that is judged like an argument', async () => {
    const requestState = stateOf(await pay(5));
    const inputResponses = { confirm: { action: 'accept', content: { ok: true, path: '/etc/shadow' } } };
    const { json } = await pay(5, { requestState, inputResponses });
    expect(json.result?.['_meta']).toMatchObject({
      'aegis/denial': { code: 'POLICY_DENY', rule: 'no-secrets-in-answers' },
    });
  });

  it.each<[string, JsonObject]>([
    ['answers that are a list', { inputResponses: [] }],
    ['an answer that is a text', { inputResponses: { confirm: 'yes' } }],
    ['a state that is a number', { requestState: 7 }],
  ])('does not take %s', async (_, more) => {
    expect((await pay(6, more)).json.error).toMatchObject({
      code: -32602,
      data: { code: 'PROTOCOL_VIOLATION' },
    });
  });
});

describe('a result that asks what may not be asked', () => {
  const ELICIT = { method: 'elicitation/create', params: { message: 'Really?', requestedSchema: {} } };
  const SAMPLE = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
  let bird: Parrot;
  let hostile: ModernGateway;

  beforeAll(async () => {
    bird = await parrot();
    hostile = await modernGateway([{ name: 'bird', url: bird.url, era: 'modern' }]);
  });
  afterAll(async () => {
    await hostile.close();
    await bird.close();
  });

  const say = (answer: JsonObject, capabilities: JsonObject = ALL_CAPABILITIES): Promise<Answer> => {
    const params = { name: 'say', arguments: answer };
    return ask(hostile.url, 'tools/call', params, { meta: declaring(capabilities) });
  };
  const needing = (inputRequests: JsonObject): JsonObject => ({
    result: { resultType: 'input_required', inputRequests, requestState: 'theirs' },
  });

  it('is not shown at all, and no other question of it counts as shown', async () => {
    const before = (await hostile.events()).length;
    const answer = await say(needing({ confirm: ELICIT, sample: SAMPLE }));
    const events = (await hostile.events()).slice(before);
    expect(answer.json.error).toMatchObject({ code: DENIED });
    expect(answer.text).not.toMatch(/Really|inputRequests|requestState|theirs|messages/);
    const denied = events.filter(({ type }) => type === 'ACCESS_DENIED');
    expect(denied.map(({ payload }) => payload)).toMatchObject([{ rule: 'no-sampling' }]);
    expect(events.find(({ type }) => type === 'ACCESS_RESULT')?.payload).toMatchObject({ outcome: 'failed' });
    expect(events.at(-1)?.payload).toMatchObject({ outcome: 'failed' });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a question of a kind that it did not declare', ELICIT, { sampling: {} }],
    [
      'a page to open, where it declared forms',
      { method: 'elicitation/create', params: { mode: 'url', url: 'https://x.test', message: 'x' } },
      { elicitation: { form: {} } },
    ],
    [
      'a model with tools, where it declared none',
      { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1, tools: [] } },
      ALL_CAPABILITIES,
    ],
  ])('is an error for a client that is asked %s', async (_, question, capabilities) => {
    const { status, json } = await say(needing({ question }), capabilities);
    expect([status, json.error?.code]).toEqual([400, -32021]);
  });

  it.each<[string, JsonObject]>([
    ['a method that no client is asked', needing({ x: { method: 'tools/call', params: {} } })],
    ['a question that is none', needing({ x: 'Really?' })],
    ['questions that are a list', { result: { resultType: 'input_required', inputRequests: [ELICIT] } }],
    ['nothing', { result: { resultType: 'input_required' } }],
    ['a state that is no text', { result: { resultType: 'input_required', requestState: {} } }],
    ['a state without end', { result: { resultType: 'input_required', requestState: 'x'.repeat(70_000) } }],
    [
      'more than anybody answers',
      needing(Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, ELICIT]))),
    ],
    ['a result of a type that nobody knows', { result: { resultType: 'task', task: {} } }],
  ])('fails with %s', async (_, answer) => {
    const { json, text } = await say(answer);
    expect(json.result?.['isError'] ?? json.error !== undefined).toBe(true);
    expect(text).not.toMatch(/input_required|inputRequests|theirs/);
  });

  it('does not hide in a complete result', async () => {
    const hidden = { inputRequests: { ELICIT }, requestState: 'theirs' };
    const { json } = await say({ result: { resultType: 'complete', content: [], ...hidden } });
    expect(json.result).toEqual({ resultType: 'complete', content: [], _meta: json.result?.['_meta'] });
  });

  it.each([-32020, -32022, -32050, -32042])('cannot speak of the hop behind us: %i', async (code) => {
    const { status, json } = await say({
      error: { code, message: 'x', data: { elicitations: [{ url: 'https://x.test' }] } },
    });
    expect(status).toBe(200);
    expect(json.error?.code ?? 'withheld').not.toBe(code);
  });

  it('may be kept no longer than we allow, and by nobody else', async () => {
    const { json } = await ask(hostile.url, 'resources/read', { uri: 'test://eternal' });
    expect(json.result).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' });
  });

  it('may carry a state and no question: the client comes back with it at once', async () => {
    const first = await say({ result: { resultType: 'input_required', requestState: 'theirs' } });
    expect(first.json.result).not.toHaveProperty('inputRequests');
    const more = { requestState: stateOf(first) };
    const params = {
      name: 'say',
      arguments: { result: { resultType: 'input_required', requestState: 'theirs' } },
      ...more,
    };
    await ask(hostile.url, 'tools/call', params, { meta });
    expect(bird.params.at(-1)).toMatchObject({ requestState: 'theirs' });
    expect(bird.params.at(-1)).not.toHaveProperty('inputResponses');
  });
});

it('a tool of several servers asks nothing, and each of them is told so', async () => {
  const birds = [await parrot(), await parrot()];
  const routes = compileRoutes([
    { match: { kind: 'tool', name: 'say' }, servers: ['left', 'right'], order: 'all', failure: 'partial' },
  ]);
  const specs = birds.map(({ url }, at) => ({
    name: at === 0 ? 'left' : 'right',
    url,
    era: 'modern' as const,
  }));
  const both = await modernGateway(specs, { routes });
  const question = { method: 'elicitation/create', params: { message: 'Really?', requestedSchema: {} } };
  const params = {
    name: 'say',
    arguments: { result: { resultType: 'input_required', inputRequests: { question } } },
  };
  const { json, text } = await ask(both.url, 'tools/call', params, { meta });
  expect(json.result).toMatchObject({ resultType: 'complete', isError: true });
  expect(text).not.toContain('Really?');
  for (const { params: heard } of birds) {
    expect(heard[0]?.['_meta']).toMatchObject({ 'io.modelcontextprotocol/clientCapabilities': {} });
  }
  await both.close();
  for (const bird of birds) await bird.close();
});

describe('a question that cannot be asked', () => {
  it('is not shown when its manifest declares no such question', async () => {
    const strict = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      asks: [],
    });
    const answer = await pay(1, {}, {}, strict);
    // The server is told that this client cannot be asked, and says so.
    expect([answer.status, answer.json.error?.code]).toEqual([200, -31403]);
    await strict.close();
  });

  it('is an error that names the capability when the client did not declare it', async () => {
    const { status, json } = await ask(gateway.url, 'tools/call', { name: 'pay', arguments: { amount: 1 } });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: -32021, data: { requiredCapabilities: { elicitation: {} } } });
  });
});
