import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { HEADERS, initialize, toolCall } from './http-door.ts';
import { catalogue, door, kernel, openSession, send, serveAgain, serveHttp, upstream } from './http-front.ts';
import { until } from './upstreams.ts';

serveHttp();

describe('the bounds of MCP over HTTP', () => {
  it('makes room for a new session of a caller by ending its longest unused one', async () => {
    await serveAgain({ maxSessionsPerCaller: 2 });
    const [first, second] = [await openSession(), await openSession()];
    await send(toolCall(1, 'echo'), { session: first });
    const third = await openSession();
    const statuses = [];
    for (const session of [first, second, third]) {
      statuses.push((await send(toolCall(1, 'echo'), { session })).status);
    }
    expect(statuses).toEqual([200, 404, 200]);
    expect(await openSession('bob')).toBeDefined();
  });

  it('counts the sessions that are being opened', async () => {
    await serveAgain({ maxSessionsPerCaller: 3 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(initialize())));
    const ids = answers.flatMap(({ headers }) => headers['mcp-session-id'] ?? []) as string[];
    const alive = await Promise.all(ids.map((session) => send(toolCall(1, 'echo'), { session })));
    expect(alive.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(3);
    expect(kernel.opened.length - kernel.closed.length).toBeLessThanOrEqual(3);
  });

  it('refuses a session over the bound of all', async () => {
    await serveAgain({ maxSessions: 1 });
    await openSession('alice');
    const answer = await send(initialize(), { headers: { Authorization: 'Bearer bob' } });
    expect(answer.status).toBe(503);
    expect(kernel.opened).toHaveLength(1);
  });

  it('ends a session that nobody uses', async () => {
    await serveAgain({ idleMs: 50 });
    const session = await openSession();
    await until('the session was closed', () => kernel.closed.length === 1);
    expect((await send(toolCall(1, 'echo'), { session })).status).toBe(404);
  });

  it('keeps a session whose call takes longer than the idle time', async () => {
    await serveAgain({ idleMs: 50 });
    const session = await openSession();
    const answer = await send(toolCall(1, 'late'), { session });
    expect(answer.text).toContain('late');
  });

  it('keeps streams alive, bounds them, tells a change once, and lets them go', async () => {
    await serveAgain({ keepAliveMs: 20, maxStreams: 2 });
    const session = await openSession();
    const texts = ['', '', ''];
    const ended = [false, false, false];
    const requests = texts.map((_, i) => {
      const headers = { ...HEADERS, 'Mcp-Session-Id': session };
      const request = httpRequest(door.url, { headers }, (response) => {
        response.on('data', (chunk: Buffer) => {
          texts[i] += chunk.toString();
        });
        response.on('close', () => {
          ended[i] = true;
        });
      });
      request.on('error', () => {});
      return request;
    });
    for (const [i, request] of requests.entries()) {
      request.end();
      await until(`stream ${i} is alive`, () => texts[i]?.includes(': keep-alive') === true);
    }
    await until('the oldest stream was ended', () => ended[0] === true);
    await catalogueChange();
    await until('the change was told', () => texts.some((text) => text.includes('list_changed')));
    expect(texts.filter((text) => text.includes('tools/list_changed'))).toHaveLength(1);
    expect(texts[2]).toContain('tools/list_changed');
    for (const request of requests) request.destroy();
    await send(undefined, { method: 'DELETE', session });
  });

  it('tells a change that happened while no stream was open', async () => {
    const session = await openSession();
    await catalogueChange();
    let text = '';
    const request = httpRequest(
      door.url,
      { headers: { ...HEADERS, 'Mcp-Session-Id': session } },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
      },
    );
    request.on('error', () => {});
    request.end();
    await until('the change was told', () => text.includes('tools/list_changed'));
    expect(text.match(/list_changed/g)).toHaveLength(1);
    request.destroy();
  });

  it('ends every session when it is closed', async () => {
    await openSession('alice');
    await openSession('bob');
    await door.close();
    expect(kernel.closed).toHaveLength(2);
  });
});

/** Lets the remote server change its tools: a fresh session of the upstream has no `grown`. */
async function catalogueChange(): Promise<void> {
  const grown = () => catalogue.list('tools').some(({ own }) => own === 'grown');
  if (grown()) {
    upstream.forget();
    await catalogue
      .tool('greet')
      ?.upstream.request('tools/call', { name: 'greet', arguments: { who: 'x' } }, kernel.limits);
    await until('the tool is gone', () => !grown());
  } else {
    await catalogue
      .tool('grow')
      ?.upstream.request('tools/call', { name: 'grow', arguments: {} }, kernel.limits);
    await until('the tool is there', grown);
  }
}
