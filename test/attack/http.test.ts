import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';
import { createHostileWorkspace, type HostileWorkspace } from '../e2e/hostile-workspace.ts';
import { exchangeRaw, post } from '../e2e/raw-http.ts';
import { callLine, initialize } from '../e2e/raw-stdio.ts';

let workspace: HostileWorkspace;
let daemon: Daemon;
let session: string;

const bearer = (): string => `Bearer ${workspace.token}`;

beforeAll(async () => {
  workspace = createHostileWorkspace();
  daemon = await startDaemon(workspace.configuration);
  const { text } = await exchangeRaw(daemon.url, post(initialize, { Authorization: bearer() }));
  session = /mcp-session-id: (\S+)/i.exec(text)?.[1] ?? '';
});

afterAll(async () => {
  await daemon.stop();
  workspace.remove();
});

const write = callLine(1, 'write', { n: 'by an attacker' });

describe('bytes on the socket that do not make a call', () => {
  it.each([
    ['no token', () => post(write, { 'Mcp-Session-Id': session }), [401]],
    [
      'another scheme',
      () => post(write, { Authorization: `Basic ${workspace.token}`, 'Mcp-Session-Id': session }),
      [401],
    ],
    [
      'two tokens, the right one first',
      () => post(write, { Authorization: [bearer(), 'Bearer other'], 'Mcp-Session-Id': session }),
      [400],
    ],
    [
      'two hosts, the right one first',
      () =>
        post(write, {
          Authorization: bearer(),
          'Mcp-Session-Id': session,
          Host: ['127.0.0.1', 'evil.example'],
        }),
      [400],
    ],
    [
      'two sessions',
      () => post(write, { Authorization: bearer(), 'Mcp-Session-Id': [session, session] }),
      [400],
    ],
    [
      'a rebound name',
      () =>
        post(write, {
          Authorization: bearer(),
          'Mcp-Session-Id': session,
          Host: '127.0.0.1.evil.example',
        }),
      [403],
    ],
    [
      'a page',
      () => post(write, { Authorization: bearer(), 'Mcp-Session-Id': session, Origin: 'null' }),
      [403],
    ],
    [
      'a request inside the body of another',
      () =>
        post('0\r\n\r\n', {
          Authorization: bearer(),
          'Mcp-Session-Id': session,
          'Transfer-Encoding': 'chunked',
        }) + post(write, { Authorization: bearer(), 'Mcp-Session-Id': session }),
      [400],
    ],
    [
      'two lengths',
      () =>
        post(write, {
          Authorization: bearer(),
          'Mcp-Session-Id': session,
          'Content-Length': ['2', String(write.length)],
        }),
      [400],
    ],
    ['a tunnel', () => 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', []],
  ])('%s', async (_, bytes, statuses) => {
    expect((await exchangeRaw(daemon.url, bytes())).statuses).toEqual(statuses);
    expect(existsSync(workspace.journal)).toBe(false);
  });

  it('and a thousand sessions leave the daemon as it was', async () => {
    const open = (): Promise<number> =>
      fetch(daemon.url, {
        method: 'POST',
        headers: {
          authorization: bearer(),
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
        },
        body: initialize,
      }).then(async (response) => {
        await response.text();
        return response.status;
      });
    for (let round = 0; round < 40; round++) {
      const statuses = await Promise.all(Array.from({ length: 25 }, open));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    expect((await fetch(daemon.url.replace('/mcp', '/readyz'))).status).toBe(200);
  });
});
