import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor, heard, type Message, type RawStream, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { scripted, startAll, textOf, until } from './upstreams.ts';

const TOOLS = ['echo', 'ask', 'ask-many', 'ask-and-cancel', 'sample', 'capabilities', 'url-required'];
const FORM = { elicitation: { form: {} }, roots: {}, sampling: {} };

let catalogue: Catalogue;
let kernel: NamedKernel;
let door: HttpDoor;

beforeAll(async () => {
  catalogue = new Catalogue([scripted('script', [`--tools=${TOOLS.join(',')}`], { isolated: true })]);
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

beforeEach(async () => {
  kernel = new NamedKernel();
  door = await HttpDoor.open(catalogue, {}, kernel);
});

afterEach(() => door.close());

const isAsk = ({ method, id }: Message): boolean => id !== undefined && method !== undefined;
const isAnswer = ({ result, error }: Message): boolean => (result ?? error) !== undefined;
const asked = (stream: RawStream) => heard(stream, 'the client was asked', isAsk);
const answered = (stream: RawStream) => heard(stream, 'the call was answered', isAnswer);

/** Answers under an id, as the client of the session. */
const answer = (session: string, id: unknown, result: object = { action: 'accept' }) =>
  door.send({ jsonrpc: '2.0', id, result }, { session });

const ask = (
  session: string,
  id: unknown = 1,
  args: object = { method: 'elicitation/create', message: 'm' },
) => door.stream(toolCall(id, 'ask', args), { session });

/** What the server was told, as its tool tells it. */
function toldTo({ result }: Message): Message {
  return JSON.parse(textOf(result)) as Message;
}

describe('what a server asks the client', () => {
  it('is answered by the official client, whatever is asked', async () => {
    const { client } = await door.connectClient('alice', '/mcp', FORM);
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work' }] }));
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: 'assistant',
      content: { type: 'text', text: 'Paris' },
      model: 'm',
    }));
    const told = async (args: object) =>
      JSON.parse(textOf(await client.callTool({ name: 'ask', arguments: { ...args } }))) as Message;
    const schema = { type: 'object', properties: {} };
    expect(
      (await told({ method: 'elicitation/create', message: 'who?', requestedSchema: schema })).result,
    ).toEqual({ action: 'accept', content: { name: 'Ada' } });
    expect((await told({ method: 'roots/list' })).result).toEqual({ roots: [{ uri: 'file:///work' }] });
    expect(
      (await told({ method: 'sampling/createMessage', messages: [], maxTokens: 1 })).result,
    ).toMatchObject({ content: { text: 'Paris' } });
    await client.close();
  });

  it('is judged once for each question, before the client sees it', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await ask(session);
    const question = await asked(stream);
    expect(kernel.calls.map(({ method, resource }) => [method, resource.name])).toEqual([
      ['tools/call', 'ask'],
      ['elicitation/create', 'client'],
    ]);
    expect(kernel.calls[1]?.args).toEqual(question.params);
    await answer(session, question.id);
    expect(toldTo(await answered(stream)).result).toEqual({ action: 'accept' });
  });

  it('does not reach the client when it is denied', async () => {
    const denying = new NamedKernel({ denied: ['elicitation/create'] });
    const other = await HttpDoor.open(catalogue, {}, denying);
    const session = await other.openSession('alice', '2025-11-25', FORM);
    const { text } = await other.send(toolCall(1, 'ask', { method: 'elicitation/create' }), { session });
    expect(text).not.toContain('"method"');
    expect(toldTo(JSON.parse(text) as Message).error).toEqual({
      code: expect.any(Number),
      message: 'the client may not be asked this',
    });
    await other.close();
  });

  it.each<[string, object, object, string]>([
    ['a client that declared nothing', {}, { method: 'elicitation/create' }, '2025-11-25'],
    [
      'a page, where only forms were declared',
      FORM,
      { method: 'elicitation/create', mode: 'url' },
      '2025-11-25',
    ],
    [
      'a form, where only pages were declared',
      { elicitation: { url: {} } },
      { method: 'elicitation/create', mode: 'form' },
      '2025-11-25',
    ],
    ['for tools in a sampling', FORM, { method: 'sampling/createMessage', tools: '[]' }, '2025-11-25'],
    ['a revision without elicitation', FORM, { method: 'elicitation/create' }, '2025-03-26'],
    ['something no client is asked', FORM, { method: 'tools/call' }, '2025-11-25'],
  ])('is refused and recorded when it asks %s', async (_, declared, args, revision) => {
    const session = await door.openSession('alice', revision, declared);
    const { text } = await door.send(toolCall(1, 'ask', args), { session });
    expect(toldTo(JSON.parse(text) as Message).error?.code).toBe(-32601);
    expect(kernel.refusals).toMatchObject([{ code: 'PROTOCOL_VIOLATION' }]);
    expect(kernel.calls).toHaveLength(1);
  });

  it('tells the server what its own client can be asked, and of nobody else', async () => {
    const capabilities = async (token: string, declared: object) => {
      const session = await door.openSession(token, '2025-11-25', declared);
      const headers = { Authorization: `Bearer ${token}` };
      const { text } = await door.send(toolCall(1, 'capabilities'), { session, headers });
      return JSON.parse(textOf((JSON.parse(text) as Message).result)) as unknown;
    };
    expect(await capabilities('alice', { ...FORM, experimental: { x: {} } })).toEqual(FORM);
    expect(await capabilities('bob', { roots: { listChanged: true } })).toEqual({
      roots: { listChanged: true },
    });
  });
});

describe('an answer that is not the client’s to give', () => {
  it('is not taken from another session, nor under another type of id', async () => {
    const [alice, bob] = [
      await door.openSession('alice', '2025-11-25', FORM),
      await door.openSession('bob', '2025-11-25', FORM),
    ];
    const stream = await ask(alice);
    const { id } = await asked(stream);
    const headers = { Authorization: 'Bearer bob' };
    const forged = { jsonrpc: '2.0', id, result: { action: 'decline' } };
    expect((await door.send(forged, { session: bob, headers })).status).toBe(202);
    expect((await door.send(forged, { session: alice, headers })).status).toBe(404);
    await answer(alice, String(id), { action: 'decline' });
    await answer(alice, Number(id) + 1, { action: 'decline' });
    await answer(alice, id);
    expect(toldTo(await answered(stream)).result).toEqual({ action: 'accept' });
  });

  it('counts once', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await ask(session);
    const { id } = await asked(stream);
    const answers = [answer(session, id), answer(session, id, { action: 'decline' })];
    for (const { status } of await Promise.all(answers)) expect(status).toBe(202);
    await answered(stream);
    expect((await answer(session, id, { action: 'decline' })).status).toBe(202);
    expect(kernel.calls).toHaveLength(2);
    expect(stream.messages().filter(isAnswer)).toHaveLength(1);
  });

  it('does not end the call when it is neither a result nor an error', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await ask(session);
    const { id } = await asked(stream);
    await door.send({ jsonrpc: '2.0', id, result: 7 }, { session });
    expect(toldTo(await answered(stream)).error?.message).toBe(
      'the client answered neither a result nor an error',
    );
  });
});

describe('a question whose call is over', () => {
  it('is withdrawn when the client cancels the call', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await ask(session);
    const { id } = await asked(stream);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    await door.send(cancel, { session });
    const withdrawn = await heard(stream, 'it was withdrawn', ({ method }) => method === cancel.method);
    expect(withdrawn.params?.['requestId']).toBe(id);
    await until('the stream ended', () => stream.ended());
    expect(stream.messages().filter(isAnswer)).toEqual([]);
    expect((await answer(session, id)).status).toBe(202);
  });

  it('is withdrawn when the server withdraws it', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await door.stream(toolCall(1, 'ask-and-cancel'), { session });
    const { id } = await asked(stream);
    const withdrawn = await heard(
      stream,
      'it was withdrawn',
      ({ method }) => method === 'notifications/cancelled',
    );
    expect(withdrawn.params?.['requestId']).toBe(id);
    expect(textOf((await answered(stream)).result)).toBe('false');
  });

  it('is withdrawn when the session ends', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await ask(session);
    await asked(stream);
    expect((await door.send(undefined, { method: 'DELETE', session })).status).toBe(204);
    await until('the stream ended', () => stream.ended());
    expect(kernel.calls[1]?.signal?.aborted).toBe(true);
  });
});

describe('a server that asks too much', () => {
  it('gets 32 questions through at the same time, and the session lives on', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await door.stream(toolCall(1, 'ask-many', { times: '1000' }), { session });
    await until('the bound was reached', () => stream.messages().filter(isAsk).length >= 32, 20_000);
    let answeredAsks = 0;
    while (!stream.messages().some(isAnswer)) {
      const asks = stream.messages().filter(isAsk);
      expect(asks.length - answeredAsks).toBeLessThanOrEqual(32);
      const next = asks[answeredAsks];
      // Further ones come when there is room again.
      if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      else {
        await answer(session, next.id);
        answeredAsks++;
      }
    }
    const codes = JSON.parse(textOf((await answered(stream)).result)) as number[];
    expect(codes).toHaveLength(1_000);
    expect(codes.filter((code) => code === 0)).toHaveLength(answeredAsks);
    expect(kernel.calls.filter(({ method }) => method === 'elicitation/create')).toHaveLength(answeredAsks);
    expect(answeredAsks + kernel.refusals.length).toBeLessThanOrEqual(256);
    expect((await door.send(toolCall(2, 'echo', { text: 'alive' }), { session })).text).toContain('alive');
  });
});

describe('an error that sends the user to a page', () => {
  const page = { mode: 'url', url: 'https://pay.test/1', message: 'pay first', elicitationId: 'e1' };

  it.each<[string, unknown, boolean]>([
    ['as it came, and judged', [page], true],
    ['without its pages when one is a form', [page, { ...page, mode: 'form' }], false],
    ['without its pages when there are none', [], false],
    ['without its pages when there are too many', Array.from({ length: 17 }, () => page), false],
  ])('is told %s', async (_, elicitations, told) => {
    const session = await door.openSession('alice', '2025-11-25', { elicitation: { url: {} } });
    const call = toolCall(1, 'url-required', { pages: JSON.stringify(elicitations) });
    const { error } = JSON.parse((await door.send(call, { session })).text) as Message;
    expect(error?.code).toBe(told ? -32042 : -32603);
    expect(error?.data).toEqual(told ? { elicitations: [page] } : undefined);
    expect(kernel.calls.slice(1)).toMatchObject(told ? [{ method: 'elicitation/create', args: page }] : []);
  });

  it('is told without its pages when they are denied', async () => {
    const other = await HttpDoor.open(catalogue, {}, new NamedKernel({ denied: ['elicitation/create'] }));
    const session = await other.openSession('alice', '2025-11-25', { elicitation: { url: {} } });
    const call = toolCall(1, 'url-required', { pages: JSON.stringify([page]) });
    const { text } = await other.send(call, { session });
    expect((JSON.parse(text) as Message).error?.code).toBe(-32603);
    expect(text).not.toContain('pay.test');
    await other.close();
  });
});
