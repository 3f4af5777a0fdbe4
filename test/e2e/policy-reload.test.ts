import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectHttp, connectStdio, type Daemon, startDaemon } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const TOKEN = 'reload-token-reload-token-reload-token';
const PROGRAM = fileURLToPath(new URL('./answering-server.ts', import.meta.url));
const SLOW = { timeout: 20_000, interval: 100 };

let folder: string;
let configuration: string;
let policy: string;
let daemon: Daemon | undefined;
let client: Client | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-reload-'));
  configuration = join(folder, 'aegis.toml');
  policy = join(folder, 'policy.toml');
  writeFileSync(join(folder, 'token'), TOKEN, { mode: 0o600 });
  writeFileSync(configuration, configured());
  writeFileSync(policy, rule('allow', 'read'));
});

afterEach(async () => {
  await client?.close();
  await daemon?.stop();
  client = daemon = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function configured(more = '', calls = 100): string {
  const command = JSON.stringify([process.execPath, PROGRAM, 'tools', 'read,write', join(folder, 'journal')]);
  return `policy = ["policy.toml"]
[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 10000
max_identical_calls = 64
max_wall_time_ms = 600000
max_tool_calls = ${calls}
[[agents]]
name = "coder"
token = { file = "token" }
[[servers]]
name = "tools"
command = ${command}
${more}`;
}

function rule(action: string, tool: string): string {
  return `[[policies]]\nname = "${action}-${tool}"\naction = "${action}"\nwhen = { tool_name = "${tool}" }\n`;
}

async function start(): Promise<Client> {
  daemon = await startDaemon(configuration);
  client = await connectHttp(daemon.url, TOKEN);
  return client;
}

async function call(name: string): Promise<string> {
  const result = await client?.callTool({ name, arguments: {} });
  const denial = result?._meta?.['aegis/denial'] as { code: string } | undefined;
  return denial?.code ?? 'ran';
}

const ledger = () => eventsIn(join(folder, '.aegis/aegis.db'));
const activations = () =>
  ledger()
    .filter(({ type }) => type === 'POLICY_ACTIVATED')
    .map(({ payload }) => payload);

async function readiness(): Promise<{ status: number; checks: { name: string; note?: string }[] }> {
  const response = await fetch((daemon?.url ?? '').replace(/\/mcp$/, '/readyz'));
  const { checks } = (await response.json()) as { checks: { name: string; note?: string }[] };
  return { status: response.status, checks };
}

const policyNote = async () => (await readiness()).checks.find(({ name }) => name === 'policy')?.note;

describe('a policy that changes while it is in force', () => {
  it('is taken as a whole, in the session that is open, and stands in the next decision', async () => {
    await start();
    expect([await call('read'), await call('write')]).toEqual(['ran', 'TOOL_UNKNOWN']);
    const announced = new Promise((done) => {
      client?.setNotificationHandler(ToolListChangedNotificationSchema, done);
    });
    writeFileSync(policy, rule('allow', 'write'));
    await expect.poll(() => call('write'), SLOW).toBe('ran');
    expect(await call('read')).toBe('TOOL_UNKNOWN');
    await announced;
    expect((await client?.listTools())?.tools.map(({ name }) => name)).toEqual(['write']);
    const [first, second, ...others] = activations();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: 'start', known: false, by: 'aegis' });
    expect(second).toMatchObject({ cause: 'reload', known: false, previous: first?.['fingerprint'] });
    const digests = ledger()
      .filter(({ type }) => type === 'POLICY_DECISION')
      .map(({ payload }) => payload['policy_digest']);
    expect(digests.at(0)).toBe(first?.['policy_digest']);
    expect(digests.at(-1)).toBe(second?.['policy_digest']);
    expect((await aegis(['ledger', 'verify', '--config', configuration])).code).toBe(0);
  });

  it('stays as it was when the change is wrong, says so everywhere, and goes on with the next good one', async () => {
    await start();
    writeFileSync(policy, `${rule('allow', 'write')}[[policies]]\nname = "half`);
    await expect.poll(policyNote, SLOW).toContain('was not taken');
    expect((await readiness()).status).toBe(200);
    expect([await call('read'), await call('write')]).toEqual(['ran', 'TOOL_UNKNOWN']);
    expect(daemon?.output()).toMatch(
      /aegis: the policy has \d+ error[^]*policy\.toml:6:\d+[^]*stays in force/,
    );
    const errors = ledger().filter(({ type }) => type === 'ERROR_RAISED');
    expect(errors.map(({ payload }) => payload['code'])).toEqual(['POLICY_INVALID']);
    // As editors write: the whole file beside it, then in its place.
    writeFileSync(join(folder, '.policy.swp'), rule('allow', 'write'));
    renameSync(join(folder, '.policy.swp'), policy);
    await expect.poll(() => call('write'), SLOW).toBe('ran');
    expect(await policyNote()).toBeUndefined();
  });

  it('is read at once on SIGHUP, which ends nothing', async () => {
    await start();
    writeFileSync(policy, rule('deny', 'read'));
    daemon?.child.kill('SIGHUP');
    await expect.poll(() => call('read'), SLOW).toBe('TOOL_UNKNOWN');
  });

  it('takes limits of the configuration, and says what of it waits for a restart', async () => {
    await start();
    writeFileSync(configuration, configured('[[servers]]\nname = "more"\ncommand = ["true"]\n', 1));
    await expect.poll(() => daemon?.output(), SLOW).toContain('a change of [[servers]] waits for a restart');
    expect([await call('read'), await call('read')]).toEqual(['ran', 'BUDGET_EXCEEDED']);
  });

  it('says of a change of rules alone that nothing waits for a restart', async () => {
    writeFileSync(join(folder, 'tools.yaml'), 'server: tools\ntools: { read: { capabilities: [] } }\n');
    writeFileSync(
      configuration,
      configured('').replace('name = "tools"', 'name = "tools"\nmanifest = "tools.yaml"'),
    );
    await start();
    writeFileSync(policy, rule('deny', 'read'));
    await expect.poll(() => daemon?.output(), SLOW).toContain('the policy was changed');
    await expect.poll(() => call('read'), SLOW).toBe('TOOL_UNKNOWN');
    expect(daemon?.output()).not.toContain('waits for a restart');
  });

  it('has layers, whose files are followed like any other and whose rules are called after them', async () => {
    const layer = '[[layers]]\nname = "team"\nagents = ["cod*"]\npolicy = ["team.toml"]\n';
    writeFileSync(configuration, configured(layer));
    writeFileSync(join(folder, 'team.toml'), rule('allow', 'write'));
    await start();
    expect([await call('read'), await call('write')]).toEqual(['ran', 'ran']);
    writeFileSync(join(folder, 'team.toml'), rule('deny', 'read'));
    await expect.poll(() => call('read'), SLOW).toBe('TOOL_UNKNOWN');
    const denied = ledger().filter(({ type }) => type === 'TOOL_CALL_DENIED');
    expect(denied.at(-1)?.payload['rule']).toBe('team/deny-read');
    const { stdout } = await aegis([
      'policy',
      'explain',
      'tools',
      'read',
      '--agent',
      'coder',
      '--config',
      configuration,
    ]);
    expect(stdout).toMatch(
      /layers\n {2}\(the policy\) +allow +allow-read\n {2}team +deny +team\/deny-read\n/,
    );
  });

  it('needs the signature of a trusted key in prod, however it was started', async () => {
    writeFileSync(configuration, `trust_mode = "prod"\n${configured()}`);
    await start();
    expect(await call('read')).toBe('TOOL_UNKNOWN');
    writeFileSync(policy, rule('allow', 'write'));
    await expect.poll(policyNote, SLOW).toContain('was not taken');
    expect(daemon?.output()).toContain('the policy is not signed');
    expect(activations()).toHaveLength(1);
  });

  it('is followed by `aegis mcp` too, and recorded once for processes that come and go', async () => {
    client = await connectStdio(configuration);
    expect([await call('read'), await call('write')]).toEqual(['ran', 'TOOL_UNKNOWN']);
    writeFileSync(policy, rule('allow', 'write'));
    await expect.poll(() => call('write'), SLOW).toBe('ran');
    await client.close();
    client = await connectStdio(configuration);
    expect(await call('write')).toBe('ran');
    writeFileSync(policy, rule('allow', 'read'));
    await expect.poll(() => call('read'), SLOW).toBe('ran');
    expect(activations().map(({ cause, known }) => [cause, known])).toEqual([
      ['start', false],
      ['reload', false],
      ['reload', true],
    ]);
    expect(readFileSync(policy, 'utf8')).toBe(rule('allow', 'read'));
  });
});
