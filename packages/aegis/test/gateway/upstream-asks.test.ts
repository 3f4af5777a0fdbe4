import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PendingRequests } from '../../src/gateway/upstream/pending.ts';
import type { Conversation, UpstreamLink, UpstreamServer } from '../../src/gateway/upstream/server.ts';
import { Asks } from '../../src/gateway/upstream/session/asks.ts';
import { ACCEPTED, after, answerOf, call, CAPABILITIES, client, failure, never } from './asked-client.ts';
import { scripted, textOf, until } from './upstreams.ts';

function child(flags: readonly string[] = []) {
  const upstream = scripted('child', flags, { restart: { maxExits: 5, windowMs: 60_000, backoffMs: 1 } });
  onTestFinished(() => upstream.close());
  return upstream;
}

describe('what a child asks', () => {
  it.each(['7', '"7"', '"a-b"'])('reaches the client of the call on a link, under the id %s', async (id) => {
    const { asked, conversation } = client();
    const args = { id, method: 'elicitation/create' };
    const answer = await answerOf(call(child().open(CAPABILITIES), 'ask', conversation, args));
    expect(answer).toEqual({ jsonrpc: '2.0', id: JSON.parse(id), result: { action: 'accept' } });
    expect(asked).toMatchObject([{ method: 'elicitation/create', params: args }]);
  });

  it('is answered with the error that the client gives', async () => {
    const { conversation } = client(() => ({ kind: 'error', code: -31403, message: 'no', data: 1 }));
    const args = { method: 'roots/list' };
    const answer = await answerOf(call(child().open(CAPABILITIES), 'ask', conversation, args));
    expect(answer.error).toEqual({ code: -31403, message: 'no', data: 1 });
  });

  it('is answered with an error when the client fails to', async () => {
    const { conversation } = client(() => Promise.reject(new Error('secret detail')));
    const answer = await answerOf(call(child().open(CAPABILITIES), 'ask', conversation, { method: 'x' }));
    expect(answer.error).toEqual({ code: -32603, message: 'the client cannot be asked' });
  });

  it('reaches nobody on the line that clients share, even if one client alone is there', async () => {
    const upstream = child();
    const { asked, conversation } = client();
    const answer = await answerOf(call(upstream, 'ask', conversation, { method: 'roots/list' }));
    expect(answer.error?.code).toBe(-32601);
    expect(asked).toEqual([]);
    expect(upstream.stray.refused).toBe(1);
  });

  it('reaches nobody when no call on the link can be asked', async () => {
    const upstream = child();
    const answer = await answerOf(call(upstream.open({}), 'ask', { capabilities: {} }, { method: 'x' }));
    expect(answer.error?.code).toBe(-32601);
    expect(upstream.stray.refused).toBe(1);
  });

  it('reaches the newest call that can be asked when several are under way', async () => {
    const link = child().open(CAPABILITIES);
    const [first, second] = [client(), client()];
    const older = failure(call(link, 'silence', first.conversation, {}, { timeoutMs: 2_000 }));
    const asking = answerOf(call(link, 'ask', second.conversation, { method: 'roots/list' }));
    const newer = failure(call(link, 'silence', undefined, {}, { timeoutMs: 2_000 }));
    expect((await asking).result).toEqual({ action: 'accept' });
    expect([first.asked.length, second.asked.length]).toEqual([0, 1]);
    await link.close();
    expect([await older, await newer]).toEqual(['unavailable', 'unavailable']);
  });

  it('keeps `1` and `"1"` apart', async () => {
    let count = 0;
    const { conversation } = client(async () => {
      const n = ++count;
      await after(n === 1 ? 50 : 0);
      return { kind: 'result', result: { n }, bytes: 0 };
    });
    const answers = await answerOf(call(child().open(CAPABILITIES), 'ask-twice', conversation));
    expect(answers).toMatchObject([
      { id: 1, result: { n: 1 } },
      { id: '1', result: { n: 2 } },
    ]);
  });

  it('is asked once under one id: a second request must not be answered by the first', async () => {
    const upstream = child();
    const { asked, conversation } = client(() => after(100));
    const answer = await answerOf(call(upstream.open(CAPABILITIES), 'ask-same-id', conversation));
    expect(answer.result).toEqual({ action: 'accept' });
    expect(asked.map(({ method }) => method)).toEqual(['elicitation/create']);
    expect(upstream.stray.refused).toBe(1);
  });

  it('stops the time of the call while it waits, and lets it run on afterwards', async () => {
    const link = child().open(CAPABILITIES);
    await call(link, 'pid');
    const { conversation } = client(() => after(600));
    const args = { method: 'elicitation/create' };
    expect((await answerOf(call(link, 'ask', conversation, args, { timeoutMs: 300 }))).result).toBeDefined();
    // It asks, is answered at once, and then takes too long by itself.
    const quick = client();
    const slow = call(link, 'ask-and-cancel', quick.conversation, {}, { timeoutMs: 300 });
    expect(await failure(slow)).toBe('timeout');
  });

  it('answers a ping meanwhile', async () => {
    const { conversation } = client(never);
    const answer = await answerOf(call(child().open(CAPABILITIES), 'ask-and-ping', conversation));
    expect(answer).toEqual({ jsonrpc: '2.0', id: 'p', result: {} });
  });

  it('is let go when the child takes it back, by exactly its id, and is not answered any more', async () => {
    const upstream = child();
    const { asked, conversation } = client(() => after(250));
    const reply = await call(upstream.open(CAPABILITIES), 'ask-and-cancel', conversation);
    expect(reply.kind === 'result' && textOf(reply.result)).toBe('false');
    expect(asked[0]?.signal?.aborted).toBe(true);
    // The one that named the id as a string.
    expect(upstream.stray.unheard).toBe(1);
  });

  it('is let go when the call is answered meanwhile, and the child is told', async () => {
    const link = child().open(CAPABILITIES);
    const { asked, conversation } = client(never);
    await call(link, 'ask-and-answer', conversation);
    await until('it is let go', () => asked[0]?.signal?.aborted === true);
    const told =
      'answer {"jsonrpc":"2.0","id":9,"error":{"code":-32603,"message":"the client gave no answer in time"}}';
    let heard: string[] = [];
    while (!heard.includes(told)) {
      heard = (await answerOf(call(link, 'heard'))) as unknown as string[];
    }
    expect(heard.filter((line) => line.startsWith('answer'))).toEqual([told]);
  });

  it('is let go when the caller cancels the call', async () => {
    const link = child().open(CAPABILITIES);
    const { asked, conversation } = client(never);
    const abort = new AbortController();
    const args = { method: 'elicitation/create' };
    const answer = failure(call(link, 'ask', conversation, args, { signal: abort.signal }));
    await until('it is asked', () => asked.length === 1);
    abort.abort();
    expect(await answer).toBe('cancelled');
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it('fails the call and lets the question go when the child dies meanwhile', async () => {
    const link = child().open(CAPABILITIES);
    const { asked, conversation } = client(never);
    expect(await failure(call(link, 'ask-and-die', conversation))).toBe('unavailable');
    expect(asked[0]?.signal?.aborted).toBe(true);
    expect((await call(link, 'pid')).kind).toBe('result');
  });

  it('waits for no more than 32 answers: of 1,000 questions the rest is refused, and pings go on', async () => {
    const upstream = child();
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const { asked, conversation } = client(async () => {
      await released;
      return ACCEPTED;
    });
    const link = upstream.open(CAPABILITIES);
    const answers = answerOf(call(link, 'ask-many', conversation, { times: '1000' }));
    await until('the rest was refused', () => upstream.stray.refused === 968);
    expect(asked).toHaveLength(32);
    release();
    const codes = (await answers) as unknown as number[];
    expect(codes.filter((code) => code === 0)).toHaveLength(32);
    expect(codes.filter((code) => code === -32600)).toHaveLength(968);
  });

  it('is asked for one call no more than 256 times: a call cannot be kept alive by questions', async () => {
    const { asked, conversation } = client();
    const args = { times: '300' };
    const codes = await answerOf(call(child().open(CAPABILITIES), 'ask-on-and-on', conversation, args));
    expect(asked).toHaveLength(256);
    expect((codes as unknown as number[]).slice(256)).toEqual(Array.from({ length: 44 }, () => -32600));
  });

  it.each<[string, Conversation['capabilities'], string | number]>([
    ['relayed where its client opens pages', { elicitation: { url: {} } }, -32042],
    ['refused where it only fills in forms', { elicitation: { form: {} } }, 'protocol'],
    ['refused where it cannot be asked', {}, 'protocol'],
  ])('may be a page to open, as an error that is %s', async (_, capabilities, expected) => {
    const answer = call(child(), 'url-required', { capabilities });
    if (typeof expected === 'string') expect(await failure(answer)).toBe(expected);
    else
      expect(await answer).toEqual({
        kind: 'error',
        code: expected,
        message: 'open it',
        data: { elicitations: [] },
      });
  });
});

describe('a client that is told of its server', () => {
  it('learns of an isolated link what the client can be asked, and of the shared line nothing', async () => {
    const upstream: UpstreamServer = child();
    const capabilities = async (link: UpstreamLink) => answerOf(call(link, 'capabilities'));
    expect(await capabilities(upstream)).toEqual({});
    expect(await capabilities(upstream.open(CAPABILITIES))).toEqual(CAPABILITIES);
    expect(await capabilities(upstream.open({}))).toEqual({});
  });

  it('tells the server that its roots changed, on its own link alone', async () => {
    const upstream = child();
    const [link, other] = [upstream.open(CAPABILITIES), upstream.open(CAPABILITIES)];
    link.tell('notifications/roots/list_changed');
    await Promise.all([call(link, 'pid'), call(other, 'pid')]);
    link.tell('notifications/roots/list_changed');
    const heard = async (on: UpstreamLink) => (await answerOf(call(on, 'heard'))) as unknown as string[];
    // The first was told before there was anybody to tell.
    expect((await heard(link)).filter((line) => line.includes('roots'))).toHaveLength(1);
    expect((await heard(other)).filter((line) => line.includes('roots'))).toHaveLength(0);
  });
});

describe('a question that nobody answers', () => {
  it('is answered for the client after ten minutes, and the time of the call goes on', async () => {
    vi.useFakeTimers();
    try {
      const pending = new PendingRequests('slow', { abandoned: () => {}, left: (id) => asks.leave(id) });
      const sent: unknown[] = [];
      const asks: Asks = new Asks(pending, (message) => sent.push(JSON.parse(message)));
      const { asked, conversation } = client(never);
      const { id, reply } = pending.open({ timeoutMs: 1_000, maxOutputBytes: 1 }, conversation);
      const outcome = failure(reply);
      vi.advanceTimersByTime(400);
      expect(asks.ask('q', id, conversation, 'roots/list', {})).toBe(true);
      vi.advanceTimersByTime(10 * 60_000 - 1);
      expect([asks.size, pending.has(id)]).toEqual([1, true]);
      vi.advanceTimersByTime(1);
      expect([asks.size, asked[0]?.signal?.aborted]).toEqual([0, true]);
      expect(sent).toMatchObject([{ id: 'q', error: { message: 'the client gave no answer in time' } }]);
      vi.advanceTimersByTime(599);
      expect(pending.has(id)).toBe(true);
      vi.advanceTimersByTime(2);
      expect(await outcome).toBe('timeout');
    } finally {
      vi.useRealTimers();
    }
  });
});
