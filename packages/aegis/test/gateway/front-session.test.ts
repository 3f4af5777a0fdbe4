import { PassThrough } from 'node:stream';
import type { JsonObject } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { ClientRequests } from '../../src/gateway/front/session/client-requests.ts';
import { ClientSide } from '../../src/gateway/front/session/client-side.ts';
import { RequestTalk, SessionConversation } from '../../src/gateway/front/session/conversation.ts';
import { SESSION_LIMITS } from '../../src/gateway/front/session/limits.ts';
import { Replay } from '../../src/gateway/front/http/replay.ts';
import { SharedBudget } from '../../src/gateway/front/shared-budget.ts';
import { FrontSession } from '../../src/gateway/front/session/session.ts';
import { noStray } from '../../src/gateway/front/session/stray.ts';
import { serveStdio } from '../../src/gateway/front/stdio.ts';
import { classify } from '../../src/gateway/jsonrpc.ts';
import { UpstreamError } from '../../src/ports.ts';
import { initialize, type Message, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { scripted, startAll, textOf, until } from './upstreams.ts';

const CALLER = { tenant: 'default', agent: 'tester', user: 'tester', door: 'mcp-stdio' } as const;
const TOOLS = 'echo,ask,ask-many,silence,log,progress,pid';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = new Catalogue([scripted('script', [`--tools=${TOOLS}`], { isolated: true })]);
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

const read = (message: object) => classify(message as JsonObject);

/** A session without any transport: what it sends is kept. */
async function openSession(declared: object = {}, kernel = new NamedKernel()) {
  const sent: Message[] = [];
  const send = (text: string): boolean => sent.push(JSON.parse(text) as Message) > 0;
  const session = new FrontSession(
    { kernel, catalogue, version: '1', limits: SESSION_LIMITS, taskRoom: new SharedBudget(1_000_000) },
    CALLER,
    send,
  );
  const receive = async (message: object, to = send): Promise<Message | undefined> => {
    const text = await session.receive(read(message), to);
    return text === undefined ? undefined : (JSON.parse(text) as Message);
  };
  await receive(initialize('2025-11-25', declared));
  return { session, sent, receive, kernel };
}

const ASK = toolCall(1, 'ask', { method: 'elicitation/create' });

describe('a session', () => {
  it('counts what led to nothing', async () => {
    const { session, receive, sent } = await openSession({ elicitation: {} });
    expect(session.stray).toEqual({ responses: 0, notifications: 0, questions: 0, dropped: 0 });
    const call = receive(ASK);
    await until('it was asked', () => sent.length === 1);
    const { id } = sent[0] ?? {};
    const progress = { progressToken: id, progress: 1 };
    await receive({ jsonrpc: '2.0', method: 'notifications/progress', params: progress });
    await receive({ jsonrpc: '2.0', method: 'notifications/nothing' });
    await receive({ jsonrpc: '2.0', id: 'mine', result: {} });
    await receive({ jsonrpc: '2.0', id, result: { action: 'accept' } });
    await receive({ jsonrpc: '2.0', id, result: { action: 'accept' } });
    await call;
    expect(session.stray).toEqual({ responses: 2, notifications: 2, questions: 0, dropped: 0 });
    await receive(toolCall(2, 'log', { times: '3' }), () => false);
    expect(session.stray.dropped).toBe(3);
    await session.close('the test is over');
  });

  it('does not ask a client that cannot be reached', async () => {
    const { session, receive } = await openSession({ elicitation: {} });
    const answer = await receive(ASK, () => false);
    expect(textOf(answer?.result)).toContain('"error"');
    await session.close('the test is over');
  });

  it('ends what it has of its servers', async () => {
    const { session, receive } = await openSession();
    const pid = async (of: { receive: typeof receive }) =>
      textOf((await of.receive(toolCall(1, 'pid')))?.result);
    const first = await pid({ receive });
    const other = await openSession();
    expect(await pid(other)).not.toBe(first);
    await session.close('the test is over');
    await until('its process is gone', () => {
      try {
        process.kill(Number(first), 0);
        return false;
      } catch {
        return true;
      }
    });
    await other.session.close('the test is over');
  });

  it('cannot have its initialization cancelled', async () => {
    const kernel = new NamedKernel();
    const session = new FrontSession(
      { kernel, catalogue, version: '1', limits: SESSION_LIMITS, taskRoom: new SharedBudget(1_000_000) },
      CALLER,
      () => true,
    );
    const opening = session.receive(read(initialize()), () => true);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0 } };
    await session.receive(read(cancel), () => true);
    expect(await opening).toContain('"protocolVersion":"2025-11-25"');
    await session.close('the test is over');
  });
});

describe('requests to a client', () => {
  const nothing = new AbortController().signal;

  it('are given up after their time, and withdrawn', async () => {
    const requests = new ClientRequests(20);
    const sent: string[] = [];
    const asked = requests.ask('roots/list', {}, (text) => sent.push(text) > 0, nothing);
    await expect(asked).rejects.toMatchObject({ failure: 'timeout' });
    expect(sent.map((text) => (JSON.parse(text) as Message).method)).toEqual([
      'roots/list',
      'notifications/cancelled',
    ]);
    expect(requests.answer(1, { result: {} })).toBe(false);
  });

  it('are not sent for a request that is given up already', async () => {
    const requests = new ClientRequests();
    const sent: string[] = [];
    const send = (text: string) => sent.push(text) > 0;
    await expect(requests.ask('roots/list', {}, send, AbortSignal.abort())).rejects.toBeInstanceOf(
      UpstreamError,
    );
    expect(sent).toEqual([]);
  });
});

describe('the questions of all servers to one client', () => {
  const talkOf = (declared: JsonObject) => {
    const kernel = new NamedKernel();
    const stray = noStray();
    const client = new ClientSide(kernel, { id: 'session 1' }, declared, '2025-11-25', stray);
    const abort = new AbortController();
    const talk = new RequestTalk(() => true, abort.signal, undefined);
    const conversation = (server: string) => new SessionConversation(client, server, talk, []);
    return { kernel, stray, abort, conversation };
  };

  it('are at most 32 at the same time, whichever servers ask', async () => {
    const { kernel, abort, conversation } = talkOf({ roots: {} });
    const asked = Array.from({ length: 40 }, (_, i) => conversation(`server ${i % 4}`).ask('roots/list', {}));
    const refused = await Promise.all(asked.slice(32));
    expect(refused.every((reply) => reply.kind === 'error')).toBe(true);
    expect(kernel.calls).toHaveLength(32);
    expect(kernel.refusals.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 'RATE_LIMITED'));
    abort.abort();
    expect((await Promise.all(asked)).every(({ kind }) => kind === 'error')).toBe(true);
  });

  it('are recorded at most 256 times for one request', async () => {
    const { kernel, stray, conversation } = talkOf({});
    for (let i = 0; i < 300; i++) await conversation('one').ask('roots/list', {});
    expect(kernel.refusals).toHaveLength(256);
    expect(stray.questions).toBe(44);
  });
});

describe('what is kept to be sent again', () => {
  it('never grows beyond its bounds, nor beyond those of all sessions', () => {
    const budget = new SharedBudget(10 * 1024 * 1024);
    const [first, second] = [new Replay(budget), new Replay(budget)];
    const text = 'x'.repeat(1024 * 1024);
    for (let seq = 1; seq <= 10; seq++) expect(first.add({ stream: 1, seq, text })).toBe(true);
    expect(first.after(1, 0).map(({ seq }) => seq)).toEqual([7, 8, 9, 10]);
    for (let seq = 1; seq <= 4; seq++) expect(second.add({ stream: 1, seq, text })).toBe(true);
    const third = new Replay(budget);
    expect([1, 2, 3].map((seq) => third.add({ stream: 1, seq, text }))).toEqual([true, true, false]);
    first.clear();
    expect(third.add({ stream: 1, seq: 4, text })).toBe(true);
    expect(third.add({ stream: 1, seq: 5, text: text.repeat(5) })).toBe(false);
    for (let seq = 1; seq <= 600; seq++) second.add({ stream: 2, seq, text: '' });
    expect(second.after(2, 0)).toHaveLength(512);
    expect(second.after(1, 0)).toEqual([]);
    second.forget(2);
    expect(second.after(2, 0)).toEqual([]);
  });
});

describe('a client on a pair of streams', () => {
  it('is asked on its line, and answers on it', async () => {
    const kernel = new NamedKernel();
    const [input, output] = [new PassThrough(), new PassThrough()];
    const heard: Message[] = [];
    output.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n'))
        if (line !== '') heard.push(JSON.parse(line) as Message);
    });
    const front = serveStdio({ kernel, catalogue, caller: CALLER, version: '1', input, output });
    const say = (message: object): unknown => input.write(`${JSON.stringify(message)}\n`);
    say(initialize('2025-03-26', { roots: {} }));
    say([toolCall(1, 'ask', { method: 'roots/list' }), { jsonrpc: '2.0', id: 2, method: 'ping' }]);
    await until('it was asked', () => heard.some(({ method }) => method === 'roots/list'));
    const { id } = heard.find(({ method }) => method === 'roots/list') ?? {};
    say({ jsonrpc: '2.0', id, result: { roots: [] } });
    await until('the batch was answered', () => heard.some(Array.isArray));
    const batch = heard.find(Array.isArray) as unknown as Message[];
    expect(batch.map((answer) => answer.id)).toEqual([1, 2]);
    expect(textOf(batch[0]?.result)).toContain('"roots":[]');
    expect(kernel.calls.map(({ method }) => method)).toEqual(['tools/call', 'roots/list']);
    await front.close('the test is over');
  });
});
