import { describe, expect, it, onTestFinished } from 'vitest';
import type { UpstreamLink } from '../../src/gateway/upstream/server.ts';
import { after, answerOf, call, CAPABILITIES, client, failure, never } from './asked-client.ts';
import { type Behaviour, type Call, handmadeHttp } from './servers/handmade-http.ts';
import { http, until } from './upstreams.ts';

async function remote(behaviour: Behaviour) {
  const server = await handmadeHttp(behaviour);
  onTestFinished(() => server.close());
  const upstream = http({ url: server.url });
  onTestFinished(() => upstream.close());
  return { server, upstream };
}

/** Answers a call with what its client answered. */
async function relay(request: Call, answer: Promise<unknown>): Promise<void> {
  request.event(request.answer(JSON.stringify(await answer)));
  request.response.end();
}

const QUESTION = { jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: { message: 'sure?' } };

describe('what an HTTP server asks', () => {
  /** Asks on the stream of the call, and answers with what it was told. */
  const asking: Behaviour = {
    post: (request) => {
      request.event({ ...QUESTION, id: request.args['id'] ?? 1 });
    },
  };

  it.each(['shared', 'isolated'])(
    'reaches the client of the call whose stream it came on (%s)',
    async (line) => {
      const { server, upstream } = await remote({
        post: (request) => {
          void relay(request, server.answerTo(request.id));
          request.event({ ...QUESTION, id: request.id });
        },
      });
      const link: UpstreamLink = line === 'shared' ? upstream : upstream.open(CAPABILITIES);
      const clients = Array.from({ length: 3 }, (_, n) =>
        client(async () => {
          await after(20 * (3 - n));
          return { kind: 'result', result: { n }, bytes: 0 };
        }),
      );
      const answers = await Promise.all(
        clients.map(({ conversation }) => answerOf(call(link, 'any', conversation))),
      );
      expect(answers.map(({ result }) => result)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
      expect(clients.map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
    },
  );

  it('reaches nobody when the call cannot be asked, whoever else can', async () => {
    const { server, upstream } = await remote(asking);
    const other = client();
    const waiting = failure(call(upstream, 'any', other.conversation, { id: 'other' }));
    await until('the other one was asked', () => other.asked.length === 1);
    const refused = server.answerTo('plain');
    const plain = failure(call(upstream, 'any', { capabilities: {} }, { id: 'plain' }));
    expect((await refused).error?.code).toBe(-32601);
    expect(other.asked).toHaveLength(1);
    await upstream.close();
    expect([await waiting, await plain]).toEqual(['unavailable', 'unavailable']);
  });

  it('reaches nobody on the stream of a shared session that belongs to no call', async () => {
    const { server, upstream } = await remote(asking);
    const { asked, conversation } = client(never);
    const waiting = failure(call(upstream, 'any', conversation));
    await until('the stream is open', () => server.streams.size === 1 && asked.length === 1);
    const refused = server.answerTo('pushed');
    server.push({ ...QUESTION, id: 'pushed' });
    expect((await refused).error?.code).toBe(-32601);
    expect(asked).toHaveLength(1);
    await upstream.close();
    expect(await waiting).toBe('unavailable');
  });

  it('reaches the client of an isolated session on that stream too', async () => {
    const { server, upstream } = await remote({ post: () => {} });
    const link = upstream.open(CAPABILITIES);
    const { conversation } = client();
    const waiting = failure(call(link, 'any', conversation));
    await until('the call is under way', () => server.streams.size === 1 && server.heard.length > 3);
    const answered = server.answerTo('pushed');
    server.push({ ...QUESTION, id: 'pushed' });
    expect((await answered).result).toEqual({ action: 'accept' });
    await upstream.close();
    expect(await waiting).toBe('unavailable');
  });

  it('keeps no slot from others while people think', async () => {
    const { upstream } = await remote({
      post: (request) => {
        if (request.args['ask'] === 'yes') request.event({ ...QUESTION, id: request.id });
        else request.json('quick');
      },
    });
    const { asked, conversation } = client(never);
    const waiting = Array.from({ length: 10 }, () =>
      failure(call(upstream, 'any', conversation, { ask: 'yes' })),
    );
    await until('ten calls wait for people', () => asked.length === 10);
    expect((await call(upstream, 'any')).kind).toBe('result');
    await upstream.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
  });

  it('is let go when the connection breaks meanwhile, and the call fails', async () => {
    const { upstream } = await remote({
      post: (request) => {
        request.event(QUESTION);
        setTimeout(() => request.response.destroy(), 50);
      },
    });
    const { asked, conversation } = client(never);
    expect(await failure(call(upstream, 'any', conversation))).toBe('unavailable');
    expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true]);
  });

  it('is not answered in a session that never asked it', async () => {
    const { server, upstream } = await remote({
      post: (request) => {
        if (request.args['ask'] === 'yes') request.event(QUESTION);
        else request.json('fresh');
      },
    });
    const link = upstream.open(CAPABILITIES);
    const { asked, conversation } = client(() => after(300));
    const waiting = failure(call(link, 'any', conversation, { ask: 'yes' }, { timeoutMs: 800 }));
    await until('it is asked', () => asked.length === 1);
    server.forget();
    expect((await call(link, 'any')).kind).toBe('result');
    expect(asked[0]?.signal?.aborted).toBe(true);
    await waiting;
    expect(server.heard.filter(({ message }) => message.id === 1 && message.method === undefined)).toEqual(
      [],
    );
  });
});
