import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/gateway/upstream/server.ts';
import { call, failure, prime, resumable, text } from './resumable-upstream.ts';
import { type Call, sendEvent } from './servers/handmade-http.ts';
import { until } from './upstreams.ts';

describe('a stream that ends before it has brought the answer', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['was closed on purpose', (response) => void response.end()],
    ['broke', (response) => void setTimeout(() => response.destroy(), 20)],
  ])('is taken up after the last event when it %s', async (_, end) => {
    let held: Call | undefined;
    const { server, upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'stream-1:0');
        end(request.response);
      },
      (_last, response) => {
        sendEvent(response, held?.answer('after the break'), 'stream-1:1');
        response.end();
      },
    );
    expect(await text(call(upstream))).toBe('after the break');
    expect(resumptions()).toEqual(['stream-1:0']);
    const { headers } = server.heard.at(-1) ?? {};
    expect(headers).toMatchObject({
      accept: 'text/event-stream',
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': '2025-11-25',
    });
    expect(headers?.['content-type']).toBeUndefined();
  });

  it('is taken up no earlier than the server asked', async () => {
    let closedAt = 0;
    let resumedAt = 0;
    let held: Call | undefined;
    const { upstream } = await resumable(
      (request) => {
        held = request;
        prime(request, 'a', 400);
        request.response.end();
        closedAt = performance.now();
      },
      (_, response) => {
        resumedAt = performance.now();
        sendEvent(response, held?.answer('x'));
        response.end();
      },
    );
    await call(upstream);
    expect(resumedAt - closedAt).toBeGreaterThan(390);
  });

  it('is polled as long as the server likes, within the time of the call', async () => {
    let held: Call | undefined;
    let polls = 0;
    const { upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'only');
        request.response.end();
      },
      (_, response) => {
        if (++polls < 12) sendEvent(response, undefined, 'only', 20);
        else sendEvent(response, held?.answer('at last'));
        response.end();
      },
    );
    expect(await text(call(upstream))).toBe('at last');
    expect(resumptions()).toHaveLength(12);
    polls = Number.NEGATIVE_INFINITY;
    expect(await failure(call(upstream, { timeoutMs: 300 }))).toBe('timeout');
    const after = resumptions().length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(resumptions()).toHaveLength(after);
  });

  it('delivers an event once that is sent again, and goes on after the last new one', async () => {
    let held: Call | undefined;
    const seen: Progress[] = [];
    const told = (progress: number) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: held?.id, progress },
    });
    const { upstream, resumptions } = await resumable(
      (request) => {
        held = request;
        prime(request, 'e0');
        request.event(told(1), 'e1');
        request.event(told(2), 'e2');
        request.response.end();
      },
      (last, response) => {
        sendEvent(response, told(1), 'e1');
        sendEvent(response, told(2), 'e2');
        if (last === 'e2') sendEvent(response, told(3), 'e3');
        else sendEvent(response, held?.answer('done'), 'e4');
        response.end();
      },
    );
    const conversation = { capabilities: {}, progress: (report: Progress) => void seen.push(report) };
    expect(await text(call(upstream, {}, conversation))).toBe('done');
    expect(seen.map(({ progress }) => progress)).toEqual([1, 2, 3]);
    expect(resumptions()).toEqual(['e2', 'e3']);
  });

  it('fails the call when the server gave no event an id', async () => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        request.event({ jsonrpc: '2.0', method: 'notifications/message', params: {} });
        request.response.end();
      },
      () => {},
    );
    expect(await failure(call(upstream))).toBe('protocol');
    expect(resumptions()).toEqual([]);
  });

  it.each([
    ['cannot be sent', 'caf\u00e9'],
    ['takes the earlier one back', ''],
    ['is too long', 'x'.repeat(2_000)],
    ['has a control character', 'a\tb'],
  ])('fails the call when the last id %s', async (_, id) => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        prime(request, 'good');
        request.event({ jsonrpc: '2.0', method: 'notifications/message', params: {} }, id);
        request.response.end();
      },
      () => {},
    );
    expect(await failure(call(upstream))).toBe('protocol');
    expect(resumptions()).toEqual([]);
  });

  it('is given up when the server does not know the event any more, and nothing is sent twice', async () => {
    let posts = 0;
    const { upstream, resumptions } = await resumable(
      (request) => {
        posts++;
        prime(request, 'e0');
        request.response.end();
      },
      (_, response) => void response.writeHead(404).end(),
    );
    expect(await failure(call(upstream))).toBe('unavailable');
    expect([posts, resumptions()]).toEqual([1, ['e0']]);
  });

  it('is given up when it breaks again and again without anything new', async () => {
    const { upstream, resumptions } = await resumable(
      (request) => {
        prime(request, 'e0');
        setTimeout(() => request.response.destroy(), 10);
      },
      (_, response) => void response.destroy(),
    );
    expect(await failure(call(upstream))).toBe('unavailable');
    expect(resumptions()).toHaveLength(5);
  });

  it('answers no other call: a forged event of another stream is late', async () => {
    const held: Call[] = [];
    const { upstream } = await resumable(
      (request) => {
        held.push(request);
        prime(request, `s${request.id}`);
        if (held.length === 1) request.response.end();
      },
      (_, response) => {
        // The stream of the first call, with the answer to the second one and ids of its stream.
        sendEvent(response, held[1]?.answer('forged'), `s${held[1]?.id}`);
        sendEvent(response, held[0]?.answer('own'), 'own');
        response.end();
        setTimeout(() => {
          held[1]?.event(held[1]?.answer('really'), 'fresh');
          held[1]?.response.end();
        }, 50);
      },
    );
    const first = text(call(upstream));
    await until('the first is under way', () => held.length === 1);
    const second = text(call(upstream));
    expect([await first, await second]).toEqual(['own', 'really']);
    expect(upstream.stray.late).toBe(1);
  });

  it('holds its slot meanwhile and gives it back, however it ends', async () => {
    let held: Call | undefined;
    let answer = true;
    const { upstream } = await resumable(
      (request) => {
        held = request;
        prime(request, 'e0', 100);
        request.response.end();
      },
      (_, response) => {
        if (answer) sendEvent(response, held?.answer('done'));
        else response.writeHead(400);
        response.end();
      },
      { maxConcurrency: 1 },
    );
    for (let i = 0; i < 3; i++) {
      answer = true;
      expect(await Promise.all([text(call(upstream)), text(call(upstream))])).toEqual(['done', 'done']);
      answer = false;
      expect(await failure(call(upstream))).toBe('unavailable');
      expect(await failure(call(upstream, { timeoutMs: 50 }))).toBe('timeout');
    }
  });

  it('leaves the slot free when the server never ends a stream that has brought the answer', async () => {
    const { upstream } = await resumable(
      (request) => request.event(request.answer('done')),
      () => {},
      { maxConcurrency: 1 },
    );
    expect([await text(call(upstream)), await text(call(upstream))]).toEqual(['done', 'done']);
  });
});
