import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AegisClient, AegisRuntime } from '@aegis/sdk';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, type Daemon, startDaemon } from '../e2e/aegis.ts';
import { WanderingClient } from '../e2e/replica-client.ts';
import { hasPython, python } from '../interop/python.ts';

const BUDGET = 6;

let folder: string;
let configuration: string;
let a: Daemon;
let b: Daemon;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-handoffs-'));
  configuration = join(folder, 'aegis.toml');
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  for (const name of ['planner', 'worker', 'third', 'foreign', 'ada']) {
    writeFileSync(join(folder, `.aegis/${name}`), `token-of-${name}`, { mode: 0o600 });
  }
  const server = fileURLToPath(new URL('../e2e/journal-server.ts', import.meta.url));
  const agent = (name: string, tenant = 'default') =>
    `[[agents]]\nname = "${name}"\ntenant = "${tenant}"\ntoken = { file = ".aegis/${name}" }\n`;
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_tool_calls = ${BUDGET}
${agent('planner')}${agent('worker')}${agent('third')}${agent('foreign', 'other')}
[[people]]
name = "ada"
roles = ["admin"]
token = { file = ".aegis/ada" }
[[servers]]
name = "journal"
command = ${JSON.stringify([process.execPath, server, join(folder, 'journal')])}
[[policies]]
name = "planners-do-not-send"
action = "deny"
when = { agent = "planner", tool_name = "send" }
[[policies]]
name = "workers-do-not-read"
action = "deny"
when = { agent = "worker", tool_name = "read" }
[[policies]]
name = "rest"
action = "allow"
`,
  );
  a = await startDaemon(configuration);
  b = await startDaemon(configuration);
}, 60_000);

afterAll(async () => {
  await Promise.all([a.stop(), b.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const at = (daemon: Daemon): string => daemon.url.replace(/\/mcp$/, '');

/** The runtime of an agent at one of the processes. */
function runtime(agent: string, daemon: Daemon, handoff?: string): AegisRuntime {
  return new AegisRuntime({
    url: at(daemon),
    token: `token-of-${agent}`,
    executors: Object.fromEntries(
      ['read', 'write', 'send'].map((type) => [type, async () => ({ done: true })]),
    ),
    ...(handoff === undefined ? {} : { handoff }),
  });
}

async function does(agent: AegisRuntime, type: string): Promise<string> {
  const result = await agent.runOne({ type, target: 'desk', params: { at: Math.random() } });
  return result.status === 'success' ? 'done' : JSON.stringify(result);
}

async function post(daemon: Daemon, path: string, agent: string, body: object): Promise<Response> {
  return fetch(at(daemon) + path, {
    method: 'POST',
    headers: { Authorization: `Bearer token-of-${agent}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('a session on behalf of another one', () => {
  it('may what both agents may, and nothing that one of them may not', async () => {
    const planner = runtime('planner', a);
    const { token } = await planner.handOff({ to: 'worker', message: 'write it down' });
    const [alone, behalf] = [runtime('worker', a), runtime('worker', a, token)];
    expect(await does(alone, 'send')).toBe('done');
    expect(await does(behalf, 'write')).toBe('done');
    expect(await does(behalf, 'send')).toContain('on behalf of `planner`');
    expect(await does(behalf, 'read')).toContain('workers-do-not-read');
    expect(await does(planner, 'read')).toBe('done');
    await Promise.all([planner, alone, behalf].map((one) => one.close()));
  });

  it('spends the budget of the one behind it, to the call, over two processes', async () => {
    const client = new WanderingClient('token-of-planner');
    await client.initialize(a.url);
    const made = await post(a, '/v1/handoffs', 'planner', { session: client.session, to: 'worker' });
    expect(made.status).toBe(201);
    const { token } = (await made.json()) as { token: string };
    const worker = runtime('worker', b, token);
    expect(await does(worker, 'write')).toBe('done');
    expect((await client.call(a.url, 'write', { n: 1 })).body).toMatchObject({ result: { content: [{}] } });
    const rest = await Promise.all(Array.from({ length: 8 }, () => does(worker, 'write')));
    expect(rest.filter((said) => said === 'done')).toHaveLength(BUDGET - 2);
    expect(rest.find((said) => said !== 'done')).toContain('BUDGET_EXCEEDED');
    expect(await client.call(a.url, 'write', { n: 2 })).toMatchObject({
      body: { result: { isError: true } },
    });
    await worker.close();
  });

  it('is opened over MCP with the header, and sees the tools that both may see', async () => {
    const planner = runtime('planner', a);
    const { token } = await planner.handOff({ to: 'worker' });
    const worker = new WanderingClient('token-of-worker');
    await worker.initialize(a.url, { 'Aegis-Handoff': token });
    expect(await worker.call(a.url, 'write', { n: 3 })).toMatchObject({
      body: { result: { content: [{}] } },
    });
    // It goes on in the other process, still on behalf of the planner, whose session is of code and stays.
    await planner.close();
    expect(JSON.stringify((await worker.call(a.url, 'write', { n: 4 })).body)).toContain('has ended');
  });

  it('goes down a chain, which has no agent twice and a bounded length', async () => {
    const planner = runtime('planner', a);
    const first = await planner.handOff({ to: 'worker' });
    const worker = runtime('worker', a, first.token);
    const second = await worker.handOff({ to: 'third' });
    const third = runtime('third', a, second.token);
    expect(await does(third, 'write')).toBe('done');
    expect(await does(third, 'send')).toContain('on behalf of `planner`');
    expect(await does(third, 'read')).toContain('on behalf of `worker`');
    await expect(third.handOff({ to: 'planner' })).rejects.toThrow(/would act for itself/);
    await expect(third.handOff({ to: 'third' })).rejects.toThrow(/would act for itself/);
    for (const one of [third, worker, planner]) await one.close();
  });
});

describe('a run of MCP 2026-07-28', () => {
  const run = async (agent: string, id: string, handoff?: string) => {
    const client = new ModernClient(
      { name: 'modern', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const headers = {
      Authorization: `Bearer token-of-${agent}`,
      'Aegis-Run': id,
      ...(handoff === undefined ? {} : { 'Aegis-Handoff': handoff }),
    };
    await client.connect(new ModernTransport(new URL(a.url), { requestInit: { headers } }));
    return client;
  };
  const writes = async (client: ModernClient, n: number): Promise<string> =>
    JSON.stringify(
      await client.callTool({ name: 'write', arguments: { n } }).catch((error: Error) => error.message),
    );

  it('hands on and acts on behalf of another one; the same id without the token is another run', async () => {
    const planner = await run('planner', 'plan-1');
    expect(await writes(planner, 10)).toContain('written');
    const made = await post(a, '/v1/handoffs', 'planner', { run: 'plan-1', to: 'worker' });
    const { token } = (await made.json()) as { token: string };
    const behalf = await run('worker', 'work-1', token);
    const alone = await run('worker', 'work-1');
    for (let n = 11; n < 16; n++) expect(await writes(behalf, n)).toContain('written');
    expect(await writes(behalf, 16)).toContain('on behalf of `planner`');
    expect(await writes(planner, 17)).toContain('BUDGET_EXCEEDED');
    expect(await writes(alone, 18)).toContain('written');
    const wrong = await fetch(a.url, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer token-of-third',
        'Aegis-Handoff': token,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    expect(wrong.status).toBe(403);
    expect(await wrong.text()).toContain('not good');
    await Promise.all([planner.close(), behalf.close(), alone.close()]);
  });
});

it.skipIf(!hasPython)('the Python SDK hands on as well', async () => {
  const script = fileURLToPath(new URL('../sdk/handoff.py', import.meta.url));
  const ended = await python(script, at(a), 'token-of-planner', 'token-of-worker');
  expect(ended.stderr).toBe('');
  const [write, send, own, back] = JSON.parse(ended.stdout) as string[];
  expect([write, own, back]).toEqual(['done', 'FORBIDDEN', 'FORBIDDEN']);
  expect(send).toContain('on behalf of `planner`');
});

describe('a handoff token', () => {
  it.each(['third', 'planner', 'foreign'])('is worth nothing to %s', async (thief) => {
    const planner = runtime('planner', a);
    const { token } = await planner.handOff({ to: 'worker' });
    await expect(runtime(thief, a, token).session()).rejects.toThrow(/not good/);
    await planner.close();
  });

  it('that was changed, made up, or is over is worth nothing, and an agent of another tenant gets none', async () => {
    const planner = runtime('planner', a);
    const { token } = await planner.handOff({ to: 'worker', ttlMs: 1_000 });
    const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
    for (const wrong of [changed, 'aegis-handoff.', 'x', `${token}A`]) {
      await expect(runtime('worker', a, wrong).session()).rejects.toThrow(/not good/);
    }
    const refused = await new WanderingClient('token-of-worker')
      .initialize(a.url, { 'Aegis-Handoff': changed })
      .catch((error: Error) => error.message);
    expect(refused).toContain('initialize');
    await sleep(1_100);
    await expect(runtime('worker', a, token).session()).rejects.toThrow(/not good/);
    await expect(planner.handOff({ to: 'foreign' })).rejects.toThrow(/no such agent/);
    await planner.close();
  });

  it('is not had for the session of another agent', async () => {
    const planner = runtime('planner', a);
    const session = await planner.session();
    const client = new WanderingClient('token-of-planner');
    await client.initialize(a.url);
    for (const named of [session, client.session]) {
      expect((await post(a, '/v1/handoffs', 'worker', { session: named, to: 'third' })).status).toBe(404);
    }
    expect((await post(a, '/v1/handoffs', 'ada', { session, to: 'worker' })).status).toBe(403);
    await planner.close();
  });

  it('and what comes of it are on record, which agents cannot write themselves', async () => {
    const planner = runtime('planner', a);
    const { id, token } = await planner.handOff({ to: 'worker', message: 'please' });
    const worker = runtime('worker', a, token);
    await does(worker, 'write');
    const [parent, child] = [await planner.session(), await worker.session()];
    await expect(
      planner.note('HANDOFF_COMPLETED', { handoff_id: id, outcome: 'accepted', session: 'ses_made_up' }),
    ).rejects.toThrow(/Aegis alone/);
    await worker.close();
    await planner.close();
    const person = new AegisClient({ url: at(a), token: 'token-of-ada' });
    const events = async (session: string) => {
      const found = [];
      for await (const event of person.sessionEvents(session)) found.push(event.envelope);
      return found;
    };
    expect(await events(parent)).toMatchObject([
      { event_type: 'SESSION_STARTED' },
      { event_type: 'HANDOFF_REQUESTED', payload: { handoff_id: id, to_agent: 'worker', message: 'please' } },
      { event_type: 'HANDOFF_COMPLETED', payload: { handoff_id: id, outcome: 'accepted', session: child } },
      {
        event_type: 'HANDOFF_USED',
        payload: { of_session: child, agent: 'worker', name: 'write', tool: true },
      },
      { event_type: 'TERMINATION' },
    ]);
    expect((await events(child))[0]).toMatchObject({
      payload: { handoff_id: id, on_behalf_of: [{ session: parent, agent: 'planner', user: 'planner' }] },
    });
    const verified = await aegis(['verify-ledger', '--config', configuration, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true });
  });
});
