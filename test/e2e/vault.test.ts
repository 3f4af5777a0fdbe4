// Credentials of the vault: they reach what needs them, and nothing else, whatever servers do with them.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectHttp, type Daemon, type Finished, startDaemon, textOf } from './aegis.ts';
import { serveLeaking } from './vault-server.ts';
import { lookedThrough, spellingsOf } from './vault-spellings.ts';

const secret = (start: string): string => `${start}_${randomBytes(18).toString('base64url')}7a`;

const VALUES = {
  CHILD_TOKEN: secret('chi1d'),
  REMOTE_TOKEN: `Bearer ${secret('rem0te')}`,
  AGENT_TOKEN: secret('ag3nt'),
  HOOK_KEY: secret('h00k'),
  HOOK_TOKEN: secret('tok3n'),
};
const KEY = randomBytes(32).toString('base64');
/** What is looked for: of a header its credential, without the scheme. */
const NEEDLES = new Map(Object.entries(VALUES).map(([name, value]) => [name, value.replace('Bearer ', '')]));

const posts: { readonly token: string; readonly body: string }[] = [];
let folder: string;
let configuration: string;
let remote: Server;
let receiver: Server;
let daemon: Daemon;
let client: Client;
/** Everything that the agent was told. */
const seen: string[] = [];

function run(...args: readonly string[]): Promise<Finished> {
  return aegis([...args, '--config', configuration], { environment: { VAULT_KEY: KEY, HOME: folder } });
}

/** Puts values into the vault by way of a file, which is not there afterwards. Gives what the command said. */
async function keep(values: Readonly<Record<string, string>>): Promise<string> {
  const file = join(tmpdir(), `aegis-values-${randomBytes(6).toString('hex')}`);
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  try {
    return (await run('secret', 'import-env', ...Object.keys(values), '--file', file)).stdout;
  } finally {
    rmSync(file);
  }
}

async function call(name: string, args: Record<string, unknown>): Promise<string> {
  const result = await client.callTool({ name, arguments: args }).catch(String);
  seen.push(JSON.stringify(result));
  return textOf(result);
}

const port = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  remote = await serveLeaking();
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posts.push({ token: String(request.headers['x-api-key']), body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  folder = mkdtempSync(join(tmpdir(), 'aegis-vault-e2e-'));
  configuration = join(folder, 'aegis.toml');
  const child = fileURLToPath(new URL('vault-server.ts', import.meta.url));
  writeFileSync(
    configuration,
    `
[daemon]
addr = "127.0.0.1:0"

[vault]
key = { env = "VAULT_KEY" }

[[servers]]
name = "child"
command = ["${process.execPath}", "${child}"]
env = { API_TOKEN = { secret = "CHILD_TOKEN" } }

[[servers]]
name = "remote"
url = "http://127.0.0.1:${port(remote)}/mcp"
headers = { Authorization = { secret = "REMOTE_TOKEN" } }

[[agents]]
name = "local"
token = { secret = "AGENT_TOKEN" }

[[policies]]
name = "all"
action = "audit"

[guards]
definitions = "off"

[limits]
max_steps = 10000
max_tool_calls = 10000
max_identical_calls = 64

[[telemetry.followers]]
name = "hook"
format = "ndjson"
with_payloads = true
url = "http://127.0.0.1:${port(receiver)}/"
secret = { secret = "HOOK_KEY" }
headers = { X-Api-Key = { secret = "HOOK_TOKEN" } }
`,
  );
  await keep(VALUES);
  daemon = await startDaemon(configuration, { VAULT_KEY: KEY, HOME: folder });
  client = await connectHttp(daemon.url, VALUES.AGENT_TOKEN);
}, 60_000);

afterAll(async () => {
  await client?.close();
  await daemon?.stop();
  remote?.closeAllConnections();
  remote?.close();
  receiver?.closeAllConnections();
  receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a credential of the vault', () => {
  it('reaches the server, the service and the receiver that it is for', async () => {
    expect(await call('child__length', {})).toBe('ends in 7a');
    expect(await call('remote__length', {})).toBe('ends in 7a');
    await expect.poll(() => posts.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(new Set(posts.map(({ token }) => token))).toEqual(new Set([VALUES.HOOK_TOKEN]));
  });

  it('is nowhere in what an agent is told, whatever a server answers', async () => {
    seen.push(JSON.stringify([await client.listTools(), client.getInstructions()]));
    for (const server of ['child', 'remote']) {
      for (const how of ['text', 'structured', 'error', 'thrown']) {
        for (const spelling of Object.keys(spellingsOf('x')))
          await call(`${server}__leak`, { spelling, how });
      }
    }
    expect(seen.length).toBeGreaterThan(80);
    for (const text of seen) {
      const found = lookedThrough(text);
      for (const [name, needle] of NEEDLES) expect(found(needle), `${name} in ${text}`).toEqual([]);
    }
    // Something else was told: what is not there was taken out, and not lost with the rest.
    expect(seen.filter((text) => text.includes('and no other')).length).toBeGreaterThan(40);
  }, 60_000);

  it('is nowhere in what the daemon says, shows, records, exports and posts, nor on the disk', async () => {
    const out = join(folder, 'export.ndjson');
    const shown = await Promise.all([
      run('config', 'show', '--origin'),
      run('secret', 'list', '--json'),
      run('secret', 'show-metadata', 'CHILD_TOKEN'),
      run('list-services'),
      run('events', '--last', '10000', '--json'),
      run('export', '--format', 'ndjson', '--with-payloads', '--out', out),
      run('doctor'),
    ]);
    const texts = [
      daemon.output(),
      ...shown.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      ...posts.map(({ body }) => body),
      ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((file) => statSync(file).isFile())
        .map((file) => readFileSync(file, 'latin1')),
    ];
    expect(readFileSync(out, 'utf8')).toContain('child');
    for (const text of texts) {
      const found = lookedThrough(text);
      for (const [name, needle] of NEEDLES) expect(found(needle), name).toEqual([]);
    }
    // What looks would have seen.
    for (const spelling of Object.values(spellingsOf(VALUES.CHILD_TOKEN))) {
      const found = lookedThrough(`it is ${spelling} and no other`);
      expect(found(VALUES.CHILD_TOKEN).length).toBeGreaterThan(0);
    }
  }, 60_000);

  it('is on record with each use: its name, its version and for what', async () => {
    const { stdout } = await run('events', '--last', '10000', '--type', 'SECRET_USED', '--json');
    const used = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).envelope.payload);
    expect(used).toEqual(
      expect.arrayContaining([
        { secret: 'CHILD_TOKEN', version: 1, use: 'server `child`' },
        { secret: 'REMOTE_TOKEN', version: 1, use: 'server `remote`' },
        { secret: 'AGENT_TOKEN', version: 1, use: 'the token of agent `local`' },
        { secret: 'HOOK_KEY', version: 1, use: 'follower `hook`' },
      ]),
    );
  });

  it('that was rotated is given to its server without a restart, and is on record', async () => {
    const next = { CHILD_TOKEN: `${secret('chi1d')}b2`, REMOTE_TOKEN: `Bearer ${secret('rem0te')}b2` };
    expect(await keep(next)).toBe('replaced CHILD_TOKEN, version 2\nreplaced REMOTE_TOKEN, version 2\n');
    for (const server of ['child', 'remote']) {
      await expect.poll(() => call(`${server}__length`, {}), { timeout: 15_000 }).toBe('ends in b2');
    }
    expect(await call('child__leak', { spelling: 'verbatim', how: 'text' })).not.toContain(next.CHILD_TOKEN);
    const { stdout } = await run('events', '--last', '10000', '--type', 'SECRET_USED');
    expect(stdout).toMatch(/secret=CHILD_TOKEN version=2 use=server `child`/);
    expect(stdout).toMatch(/secret=REMOTE_TOKEN version=2 use=server `remote`/);
  }, 60_000);

  it('of an agent that was rotated counts at once, and the one before no more', async () => {
    const next = `${secret('ag3nt')}b2`;
    await keep({ AGENT_TOKEN: next });
    const shown = async (token: string): Promise<number> => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      return (await fetch(daemon.url, { method: 'POST', headers, body: '{}' })).status;
    };
    await expect.poll(() => shown(next), { timeout: 15_000 }).not.toBe(401);
    expect(await shown(VALUES.AGENT_TOKEN)).toBe(401);
    await client.close();
    client = await connectHttp(daemon.url, next);
  }, 60_000);

  it('that posts are sent with and that was rotated goes with the next ones', async () => {
    const next = `${secret('tok3n')}b2`;
    await keep({ HOOK_TOKEN: next });
    await expect
      .poll(
        async () => {
          await call('remote__length', {});
          return posts.at(-1)?.token;
        },
        { timeout: 15_000 },
      )
      .toBe(next);
  }, 60_000);

  it('that was taken out is given to nobody any more', async () => {
    expect((await run('secret', 'remove', 'CHILD_TOKEN', '--yes')).code).toBe(0);
    await expect.poll(() => call('child__length', {}), { timeout: 15_000 }).not.toMatch(/ends in/);
    expect(await call('remote__length', {})).toBe('ends in b2');
  }, 60_000);
});

describe('a start', () => {
  it('with a secret that is not in the vault is refused, and says where it is named', async () => {
    const { code, stderr } = await run('start');
    expect(code).toBe(5);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'error: not every secret is in the vault',
      `  where: ${join(folder, '.aegis/vault')}`,
      '  why: `servers[0].env.API_TOKEN` names the secret `CHILD_TOKEN`',
      `  help: aegis secret add CHILD_TOKEN --config ${configuration}`,
    ]);
  });

  it.each([
    ['without its key', undefined, 'it is not set'],
    ['with another key', randomBytes(32).toString('base64'), 'does not open it'],
    ['with a key that is none', 'hunter2hunter2', 'does not hold a key of 32 bytes in base64'],
  ])('on a vault %s is refused in four lines', async (_, key, why) => {
    const environment = { HOME: folder, ...(key === undefined ? {} : { VAULT_KEY: key }) };
    const { code, stderr } = await aegis(['start', '--config', configuration], { environment });
    expect([code, stderr.trimEnd().split('\n').length]).toEqual([5, 4]);
    expect(stderr).toContain(why);
    expect(stderr).toMatch(/^error: .*\n {2}where: .*\n {2}why: .*\n {2}help: .*\n$/);
    if (key !== undefined) expect(stderr).not.toContain(key);
  });
});
