import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectHttp, connectStdio, type Daemon, startDaemon } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const CODER = 'coder-token-coder-token-coder-token';
const OTHER = 'other-token-other-token-other-token';
const ADMIN = 'admin-token-admin-token-admin-token';
const PROGRAM = fileURLToPath(new URL('./answering-server.ts', import.meta.url));
const SLOW = { timeout: 10_000, interval: 50 };

let folder: string;
let configuration: string;
const daemons: Daemon[] = [];
const clients: Client[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-switch-'));
  configuration = join(folder, 'aegis.toml');
  for (const [name, token] of Object.entries({ coder: CODER, other: OTHER, admin: ADMIN })) {
    writeFileSync(join(folder, name), token, { mode: 0o600 });
  }
  const command = JSON.stringify([process.execPath, PROGRAM, 'tools', 'read', join(folder, 'journal')]);
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 10000
max_tool_calls = 10000
max_identical_calls = 64
[[agents]]
name = "coder"
token = { file = "coder" }
[[agents]]
name = "other"
token = { file = "other" }
[[people]]
name = "ada"
roles = ["operator"]
token = { file = "admin" }
[[servers]]
name = "tools"
command = ${command}
[[policies]]
name = "read"
action = "allow"
when = { tool_name = "read" }
`,
  );
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const daemon of daemons.splice(0)) await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Daemon> {
  const daemon = await startDaemon(configuration);
  daemons.push(daemon);
  return daemon;
}

async function connect(daemon: Daemon, token: string): Promise<Client> {
  const client = await connectHttp(daemon.url, token);
  clients.push(client);
  return client;
}

let calls = 0;
async function call(client: Client): Promise<string> {
  const result = await client.callTool({ name: 'read', arguments: { n: ++calls } });
  return (result._meta?.['aegis/denial'] as { code: string } | undefined)?.code ?? 'ran';
}

const run = (...args: string[]) => aegis([...args, '--config', configuration]);

const switched = () =>
  eventsIn(join(folder, '.aegis/aegis.db'))
    .filter(({ type }) => type === 'KILL_SWITCHED')
    .map(({ payload: { scope, name, killed, door, why } }) => [scope, name, killed, door, why]);

describe('the kill switch', () => {
  it('stops an agent in every process of the ledger, and no other one, and lets it go on', async () => {
    const [one, two] = [await start(), await start()];
    const [here, there, other] = [
      await connect(one, CODER),
      await connect(two, CODER),
      await connect(two, OTHER),
    ];
    expect([await call(here), await call(there), await call(other)]).toEqual(['ran', 'ran', 'ran']);
    expect(await run('kill', 'agent', 'coder', '--why', 'it misbehaves')).toMatchObject({
      code: 0,
      stdout: 'agent coder is stopped\n',
    });
    await expect.poll(() => call(here), SLOW).toBe('KILLED');
    await expect.poll(() => call(there), SLOW).toBe('KILLED');
    expect(await call(other)).toBe('ran');
    expect(await call(await connect(one, CODER))).toBe('KILLED');
    expect(await run('kill', 'list')).toMatchObject({
      code: 8,
      stdout: expect.stringMatching(/^agent coder {2}since \d{4}-.*: it misbehaves\n$/),
    });
    expect((await run('kill', 'agent', 'coder')).stdout).toBe('agent coder was stopped already\n');
    expect(await run('revive', 'agent', 'coder')).toMatchObject({
      code: 0,
      stdout: 'agent coder may go on\n',
    });
    expect((await run('kill', 'list')).code).toBe(0);
    await expect.poll(async () => call(await connect(two, CODER)), SLOW).toBe('ran');
    expect(switched()).toEqual([
      ['agent', 'coder', true, 'cli', 'it misbehaves'],
      ['agent', 'coder', false, 'cli', undefined],
    ]);
    expect((await run('ledger', 'verify')).code).toBe(0);
  });

  it('lets no call run in any process that comes a second after the command has returned', async () => {
    const [one, two] = [await start(), await start()];
    const callers = await Promise.all([one, two, one, two].map((daemon) => connect(daemon, CODER)));
    const outcomes: { readonly askedAt: number; readonly code: string }[] = [];
    const over = new AbortController();
    const loads = callers.map(async (client) => {
      while (!over.signal.aborted) {
        const askedAt = Date.now();
        // A session that was ended refuses the client altogether.
        const code = await call(client).catch(() => 'refused');
        outcomes.push({ askedAt, code });
        if (code !== 'ran') await sleep(20);
      }
    });
    await sleep(300);
    expect((await run('kill', 'all', '--why', 'an alarm')).code).toBe(0);
    const stoppedAt = Date.now();
    await sleep(2_500);
    over.abort();
    await Promise.all(loads);
    const later = outcomes.filter(({ askedAt }) => askedAt >= stoppedAt + 1_000);
    expect(outcomes.filter(({ code }) => code === 'ran').length).toBeGreaterThan(callers.length);
    expect(later.length).toBeGreaterThan(callers.length);
    expect(later.filter(({ code }) => code === 'ran')).toEqual([]);
    const allowed = eventsIn(join(folder, '.aegis/aegis.db')).filter(
      ({ type, at }) => type === 'TOOL_CALL_ALLOWED' && at >= stoppedAt + 1_000,
    );
    expect(allowed).toEqual([]);
  });

  it('holds in a process that starts later, over standard input and output too', async () => {
    await run('kill', 'all');
    rmSync(join(folder, '.aegis/killed'));
    expect(await call(await connect(await start(), CODER))).toBe('KILLED');
    const stdio = await connectStdio(configuration);
    clients.push(stdio);
    expect(await call(stdio)).toBe('KILLED');
    await run('revive', 'all');
    await expect.poll(async () => call(await connect(daemons[0] as Daemon, CODER)), SLOW).toBe('ran');
  });

  it('works by its file alone, and a file that cannot be read stops everything', async () => {
    const client = await connect(await start(), CODER);
    expect(await call(client)).toBe('ran');
    writeFileSync(join(folder, '.aegis/killed'), 'tenant default # while we look\n');
    await expect.poll(() => call(client), SLOW).toBe('KILLED');
    writeFileSync(join(folder, '.aegis/killed'), 'tenant elsewhere\n');
    await expect.poll(async () => call(await connect(daemons[0] as Daemon, CODER)), SLOW).toBe('ran');
    writeFileSync(join(folder, '.aegis/killed'), 'everybody out\n');
    await expect.poll(async () => call(await connect(daemons[0] as Daemon, CODER)), SLOW).toBe('KILLED');
  });

  it('needs no configuration that is in order: what cannot be recorded holds by the file', async () => {
    const client = await connect(await start(), CODER);
    writeFileSync(configuration, `${await readFile(configuration, 'utf8')}[[half`);
    const killed = await run('kill', 'agent', 'coder');
    expect(killed).toMatchObject({ code: 1, stdout: 'agent coder is stopped\n' });
    expect(killed.stderr).toContain('the ledger could not record it');
    await expect.poll(() => call(client), SLOW).toBe('KILLED');
    expect((await run('revive', 'agent', 'coder')).code).not.toBe(0);
    expect(existsSync(join(folder, '.aegis/killed'))).toBe(true);
  });

  it('is turned through the API by whom the role lets, at once', async () => {
    const daemon = await start();
    const client = await connect(daemon, CODER);
    const api = (method: string, token: string, body?: object) =>
      fetch(daemon.url.replace('/mcp', '/v1/kills'), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const stop = { scope: 'agent', name: 'coder', stopped: true, why: 'an alarm' };
    expect((await api('POST', CODER, stop)).status).toBe(403);
    expect((await api('POST', ADMIN, { scope: 'agent', stopped: true })).status).toBe(400);
    expect(await (await api('POST', ADMIN, stop)).json()).toEqual({ changed: true });
    expect(await call(client)).toBe('KILLED');
    expect(await (await api('GET', ADMIN)).json()).toMatchObject({
      kills: [{ scope: 'agent', name: 'coder', by: 'ada', why: 'an alarm' }],
    });
    expect(await (await api('POST', ADMIN, { ...stop, stopped: false })).json()).toEqual({ changed: true });
    expect(await call(await connect(daemon, CODER))).toBe('ran');
    expect(switched().map(([, , killed, door]) => [killed, door])).toEqual([
      [true, 'http'],
      [false, 'http'],
    ]);
  });
});
