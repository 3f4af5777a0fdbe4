import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamRefusals } from '../../src/gateway/upstream/refusals.ts';
import { type RefusedRequest } from '../../src/gateway/upstream/stray.ts';
import type { Caller } from '../../src/enforce/door.ts';
import { StdioUpstream } from '../../src/gateway/upstream/stdio/upstream.ts';
import { createUpstream } from '../../src/gateway/upstream/create.ts';
import { createReaper } from '../../src/gateway/upstream/stdio/reaper.ts';
import { httpDefinition } from './modern-upstreams.ts';
import { NamedKernel } from './named-kernel.ts';
import { handmadeHttp } from './servers/handmade-http.ts';
import { CLIENT, LIMITS, secrets, serverFile, until } from './upstreams.ts';

const WINDOW_MS = 60_000;

class WatchedKernel extends NamedKernel {
  readonly callers: Caller[] = [];

  override refuse(...refusal: Parameters<NamedKernel['refuse']>): ReturnType<NamedKernel['refuse']> {
    this.callers.push(refusal[0] as Caller);
    return super.refuse(...refusal);
  }
}

let kernel: WatchedKernel;
let refusals: UpstreamRefusals;

beforeEach(() => {
  kernel = new WatchedKernel();
  const limits = { maxRecorded: 3, windowMs: WINDOW_MS };
  refusals = new UpstreamRefusals((...refusal) => kernel.refuse(...refusal), limits);
});

const recorded = (): readonly string[] =>
  kernel.refusals.map(({ method, code, message }, at) => {
    const count = /^\d+/.exec(message)?.[0];
    return [kernel.callers[at]?.agent, method, code, count].filter(Boolean).join(' ');
  });

describe('what a server asks where nobody can be asked', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is recorded once, in a session of Aegis itself that names the server', () => {
    refusals.refused('files', 'sampling/createMessage');
    expect(recorded()).toEqual(['files sampling/createMessage PROTOCOL_VIOLATION']);
    expect(kernel.callers).toEqual([{ tenant: 'aegis', agent: 'files', user: 'files', door: 'aegis' }]);
  });

  it('cannot fill the ledger: beyond the limit it is counted, and the count recorded when the window ends', () => {
    for (let n = 0; n < 1_000; n++) refusals.refused('files', 'roots/list');
    const each = 'files roots/list PROTOCOL_VIOLATION';
    expect(recorded()).toEqual([each, each, each]);
    vi.advanceTimersByTime(WINDOW_MS);
    expect(recorded()).toEqual([each, each, each, 'files requests RATE_LIMITED 997']);
    vi.advanceTimersByTime(10 * WINDOW_MS);
    expect(recorded()).toHaveLength(4);
  });

  it('is recorded by itself again in the next window', () => {
    for (let n = 0; n < 4; n++) refusals.refused('files', 'roots/list');
    vi.advanceTimersByTime(WINDOW_MS);
    refusals.refused('files', 'x/y');
    expect(recorded().slice(3)).toEqual(['files requests RATE_LIMITED 1', 'files x/y PROTOCOL_VIOLATION']);
  });

  it('is limited for each server by itself', () => {
    for (let n = 0; n < 9; n++) refusals.refused('chatty', 'roots/list');
    refusals.refused('quiet', 'roots/list');
    expect(recorded().at(-1)).toBe('quiet roots/list PROTOCOL_VIOLATION');
  });

  it('leaves no count unrecorded when Aegis ends, and nothing after that', async () => {
    for (let n = 0; n < 5; n++) refusals.refused('files', 'roots/list');
    await refusals.close();
    expect(recorded().at(-1)).toBe('files requests RATE_LIMITED 2');
    refusals.refused('files', 'roots/list');
    expect(recorded()).toHaveLength(4);
  });
});

describe('a server that asks', () => {
  const heard: string[] = [];
  const refused: RefusedRequest = (server, method) => {
    heard.push(`${server} ${method}`);
    refusals.refused(server, method);
  };
  const ports = { secrets, client: CLIENT, path: process.env['PATH'], reaper: createReaper(), refused };
  const cleanups: (() => Promise<unknown>)[] = [];

  beforeEach(() => void heard.splice(0));
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  function child(): StdioUpstream {
    const command = [process.execPath, serverFile('scripted')] as const;
    const upstream = new StdioUpstream({ kind: 'stdio', name: 'child', command, env: {} }, ports);
    cleanups.push(() => upstream.close());
    return upstream;
  }

  const ask = (method: string) => ({ name: 'ask', arguments: { method } });

  it.each(['sampling/createMessage', 'elicitation/create', 'roots/list', 'client/unheardOf'])(
    'for %s on a line that clients share is refused and recorded',
    async (method) => {
      await child().request('tools/call', ask(method), LIMITS);
      expect(recorded()).toEqual([`child ${method} PROTOCOL_VIOLATION`]);
    },
  );

  it('is answered at once, however slowly the ledger takes its records', async () => {
    kernel.refuse = () => new Promise(() => {});
    const reply = await child().request('tools/call', ask('roots/list'), LIMITS);
    expect(reply).toMatchObject({ kind: 'result' });
    expect(heard).toEqual(['child roots/list']);
  });

  it('a thousand times leaves so many records and one count', async () => {
    const params = { name: 'ask-many', arguments: { times: '1000' } };
    await child().request('tools/call', params, LIMITS);
    await refusals.close();
    expect(recorded()).toHaveLength(4);
    expect(recorded().at(-1)).toBe('child requests RATE_LIMITED 997');
  });

  it('on a line of one client that cannot be asked is refused and recorded', async () => {
    await child().open({}).request('tools/call', ask('roots/list'), LIMITS, { capabilities: {} });
    expect(recorded()).toEqual(['child roots/list PROTOCOL_VIOLATION']);
  });

  it('over HTTP outside of any request is refused and recorded', async () => {
    const server = await handmadeHttp();
    cleanups.push(() => server.close());
    const upstream = createUpstream(httpDefinition(server.url, { era: 'legacy' }), ports);
    cleanups.push(() => upstream.close());
    await upstream.start();
    await until('the stream is open', () => server.streams.size > 0);
    server.push({ jsonrpc: '2.0', id: 1, method: 'roots/list' });
    await until('it was refused', () => heard.length > 0);
    expect(recorded()).toEqual(['remote roots/list PROTOCOL_VIOLATION']);
  });

  it('in the era that has no such requests is recorded as well', async () => {
    const command = [process.execPath, serverFile('modern-scripted')] as const;
    const definition = { kind: 'stdio', name: 'child', command, env: {}, era: 'modern' } as const;
    const upstream = createUpstream(definition, ports);
    cleanups.push(() => upstream.close());
    await upstream.request('tools/call', { name: 'stray', arguments: {} }, LIMITS);
    expect(recorded()).toEqual(['child sampling/createMessage PROTOCOL_VIOLATION']);
  });
});
