import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamLink } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { handmadeHttp } from './servers/handmade-http.ts';
import { http, isAlive, LIMITS, scripted, textOf, until } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function child(more: Parameters<typeof scripted>[2] = {}) {
  const upstream = scripted('child', [], { isolated: true, ...more });
  cleanups.push(() => upstream.close());
  return upstream;
}

async function remote() {
  const server = await handmadeHttp({
    post: (request) => request.json(String(request.headers['mcp-session-id'])),
  });
  cleanups.push(() => server.close());
  const upstream = http({ url: server.url, isolated: true });
  cleanups.push(() => upstream.close());
  return { server, upstream };
}

async function text(link: UpstreamLink, name: string, args: Readonly<Record<string, string>> = {}) {
  const reply = await link.request('tools/call', { name, arguments: args }, LIMITS);
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return textOf(reply.result);
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );

/** A child that starts as fast as a child can. */
const PLAIN_SERVER = `
  const rl = require('readline').createInterface({ input: process.stdin });
  rl.on('line', (line) => {
    const { id, method } = JSON.parse(line);
    if (id === undefined) return;
    const result = method === 'initialize'
      ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'n', version: '1' } }
      : { content: [{ type: 'text', text: 'here' }] };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });`;

describe('a link to a child', () => {
  it('has a process of its own, started at its first call and ended with the link', async () => {
    const upstream = child();
    expect(upstream.isolated).toBe(true);
    const [one, two] = [upstream.open({}), upstream.open({})];
    const pids = await Promise.all([
      text(upstream, 'pid'),
      text(one, 'pid'),
      text(one, 'pid'),
      text(two, 'pid'),
    ]);
    expect(new Set(pids).size).toBe(3);
    expect(pids[1]).toBe(pids[2]);
    await one.close();
    await until('its process has ended', () => !isAlive(Number(pids[1])));
    expect([pids[0], pids[3]].map((pid) => isAlive(Number(pid)))).toEqual([true, true]);
    expect(await failure(text(one, 'pid'))).toBe('unavailable');
  });

  it('starts nothing when nothing is asked of it', async () => {
    const upstream = child({ command: ['/nonexistent/program'] });
    const link = upstream.open({});
    await link.close();
    expect(upstream.stderr()).toEqual([]);
  });

  it('ends with its server, also when it is just being started', async () => {
    const upstream = child();
    const [used, starting] = [upstream.open({}), upstream.open({})];
    const pid = await text(used, 'pid');
    const pending = failure(text(starting, 'pid'));
    await upstream.close();
    expect(await pending).toBe('unavailable');
    await until('its process has ended', () => !isAlive(Number(pid)));
    expect(await failure(text(upstream.open({}), 'pid'))).toBe('unavailable');
  });

  it('dies alone: another link and the shared line go on', async () => {
    const upstream = child({ restart: { maxExits: 0, windowMs: 60_000, backoffMs: 1 } });
    const [one, two] = [upstream.open({}), upstream.open({})];
    const pid = await text(two, 'pid');
    expect(await failure(text(one, 'die'))).toBe('unavailable');
    await expect(text(one, 'pid')).rejects.toThrow('ended too often');
    expect(await text(two, 'pid')).toBe(pid);
    expect(await failure(text(upstream, 'pid'))).toBe('answered');
  });

  it('tells its server when a list changed', async () => {
    const upstream = child();
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await text(upstream.open({}), 'grow');
    expect(changed).toEqual(['tools']);
  });

  it('ends its process when it is unused, and the shared process stays', async () => {
    const upstream = child({ idleMs: 100 });
    const link = upstream.open({});
    const pid = await text(link, 'pid');
    await until('its process has ended', () => !isAlive(Number(pid)));
    expect(await text(link, 'pid')).not.toBe(pid);
  });

  it('takes the place of the longest unused when 64 others have a process', { timeout: 60_000 }, async () => {
    const upstream = child({ command: [process.execPath, '-e', PLAIN_SERVER, 'of-the-many'] });
    const links = Array.from({ length: 64 }, () => upstream.open({}));
    for (let from = 0; from < 64; from += 8) {
      await Promise.all(links.slice(from, from + 8).map((link) => text(link, 'any')));
    }
    const [first] = links;
    if (first === undefined) throw new Error('there is no link');
    expect(await text(first, 'any')).toBe('here');
    expect(await text(upstream.open({}), 'any')).toBe('here');
    // The second one had to go, and comes back for its next call.
    await until('no more than the bound are left', () => running('of-the-many').length <= 64);
    expect(await text(links[1] ?? first, 'any')).toBe('here');
  });
});

describe.skipIf(process.platform !== 'linux')('the processes behind links', () => {
  it('are gone with their links, after 96 client sessions', { timeout: 60_000 }, async () => {
    const upstream = child({ command: [process.execPath, '-e', PLAIN_SERVER, 'of-a-link'] });
    for (let from = 0; from < 96; from += 8) {
      const links = Array.from({ length: 8 }, () => upstream.open({}));
      // Half of them are closed while they start.
      const calls = links.map((link, n) =>
        failure(n % 2 === 0 ? text(link, 'any') : link.request('ping', {}, LIMITS)),
      );
      await Promise.all(calls.filter((_, n) => n % 2 === 0));
      await Promise.all(links.map((link) => link.close()));
      await Promise.all(calls);
    }
    expect(await text(upstream.open({}), 'any')).toBe('here');
    await until('one is left', () => running('of-a-link').length === 1);
    await upstream.close();
    await until('none is left', () => running('of-a-link').length === 0);
  });
});

/** The processes of this test whose arguments say so. */
function running(argument: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return Number(parent) === process.pid && words.includes(argument);
    } catch {
      return false;
    }
  });
}

describe('a link to an HTTP server', () => {
  it('has a session of its own, and ends it', async () => {
    const { server, upstream } = await remote();
    const [one, two] = [upstream.open({ roots: {} }), upstream.open({ sampling: {} })];
    await upstream.start();
    const sessions = [await text(one, 'any'), await text(two, 'any'), await text(one, 'any')];
    expect(sessions).toEqual(['session-2', 'session-3', 'session-2']);
    expect([...server.sessions.values()]).toEqual([{}, { roots: {} }, { sampling: {} }]);
    await one.close();
    expect([...server.sessions.keys()]).toEqual(['session-1', 'session-3']);
    expect(await failure(text(one, 'any'))).toBe('unavailable');
    expect(await text(two, 'any')).toBe('session-3');
    await upstream.close();
    expect([...server.sessions.keys()]).toEqual([]);
  });

  it('shares the slots of the server with all', async () => {
    let most = 0;
    let now = 0;
    const server = await handmadeHttp({
      post: (request) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          request.json('done');
        }, 20);
      },
    });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url, maxConcurrency: 3 });
    cleanups.push(() => upstream.close());
    const links = Array.from({ length: 6 }, () => upstream.open({}));
    await Promise.all(links.flatMap((link) => [text(link, 'any'), text(link, 'any')]));
    expect(most).toBe(3);
  });

  it('ends what is under way when it is closed, and gives the slot back', async () => {
    let silent = true;
    const server = await handmadeHttp({ post: (request) => silent || request.json('done') });
    cleanups.push(() => server.close());
    const upstream = http({ url: server.url, maxConcurrency: 1 });
    cleanups.push(() => upstream.close());
    const link = upstream.open({});
    const answer = failure(text(link, 'any'));
    await until('the call is under way', () =>
      server.heard.some(({ message }) => message.method === 'tools/call'),
    );
    await link.close();
    expect(await answer).toBe('unavailable');
    silent = false;
    expect(await text(upstream, 'any')).toBe('done');
  });

  it('is initialised again when its session is gone, with the same capabilities, and no other one is', async () => {
    const { server, upstream } = await remote();
    const [one, two] = [upstream.open({ roots: {} }), upstream.open({})];
    expect(await text(one, 'any')).toBe('session-1');
    expect(await text(two, 'any')).toBe('session-2');
    (server.sessions as Map<string, unknown>).delete('session-1');
    expect(await text(one, 'any')).toBe('session-3');
    expect(server.sessions.get('session-3')).toEqual({ roots: {} });
    expect(await text(two, 'any')).toBe('session-2');
  });

  it('tells its server when a list changed', async () => {
    const { server, upstream } = await remote();
    const changed: string[] = [];
    upstream.onListChanged((kind) => changed.push(kind));
    await text(upstream.open({}), 'any');
    await until('its stream is open', () => server.streams.size === 1);
    server.push({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' });
    await until('the change was heard', () => changed.length > 0);
    expect(changed).toEqual(['prompts']);
  });

  it('opens a stream of its own, and 40 of them hold up no call', async () => {
    const { server, upstream } = await remote();
    const links = Array.from({ length: 40 }, () => upstream.open({}));
    await Promise.all(links.map((link) => text(link, 'any')));
    await until('every stream is open', () => server.streams.size === 40);
    expect(await text(upstream, 'any')).toMatch(/^session-/);
  });
});
