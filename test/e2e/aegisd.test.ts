import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './aegis.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-daemon-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts `aegisd`; `heard` waits until a text was said, or the end. */
function aegisd(...flags: readonly string[]) {
  const child = spawn(process.execPath, [`${root}packages/aegis/bin/aegisd.js`, ...flags], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let shown = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return {
    ended,
    said: () => said,
    shown: () => shown,
    heard: async (pattern: RegExp) => {
      await expect.poll(() => pattern.test(said) || child.exitCode !== null, { timeout: 20_000 }).toBe(true);
      return pattern.exec(said) ?? [];
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

const LISTENING = /listening on (http:\S+), MCP at (http:[^\s"]+)/;
const LOCAL = ['--addr', '127.0.0.1:0'];

it('aegisd serves without any configuration, and ends when it is told to', async () => {
  const daemon = aegisd(...LOCAL, '--dsn', 'file:own.db');
  const [, url] = await daemon.heard(LISTENING);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(existsSync(join(folder, 'own.db'))).toBe(true);
  expect(await daemon.stop()).toBe(0);
  expect(daemon.shown()).toBe('');
});

it('the second door of aegisd has MCP and nothing else', async () => {
  const daemon = aegisd(...LOCAL, '--mcp-addr', '127.0.0.1:0');
  const [, url, mcp = ''] = await daemon.heard(LISTENING);
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  expect((await fetch(mcp, { method: 'POST', headers, body })).headers.get('content-type')).toContain('json');
  expect(mcp.startsWith(url ?? '')).toBe(false);
  expect((await fetch(new URL('/v1/sessions', mcp))).status).toBe(404);
  expect((await fetch(`${url}/v1/sessions`)).status).not.toBe(404);
  expect(await daemon.stop()).toBe(0);
});

it('aegisd that cannot open its second door opens none', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const daemon = aegisd(...LOCAL, '--mcp-addr', `127.0.0.1:${port}`);
  expect(await daemon.ended).not.toBe(0);
  other.close();
  expect(daemon.said()).toContain('Open the MCP endpoint: failed');
});

it.each([
  [['--addr', ':8080'], '--addr:1:1: `0.0.0.0` is not a loopback address'],
  [['--mcp-addr', ':8081'], '--mcp-addr:1:1: `0.0.0.0` is not a loopback address'],
  [['--trust-mode', 'maybe'], '--trust-mode:1:1: `trust_mode`: expected one of `dev`, `prod`'],
  [['--rate-limit', 'many'], '`--rate-limit many` is no number of calls'],
  [['--telemetry-path', 'x', '--telemetry-disabled'], 'means nothing beside `--telemetry-disabled`'],
  [['--dsn', 'mysql://here'], '--dsn:1:1: `mysql://here` is not a store'],
  [['--manifest', 'none.json'], 'cannot read'],
])('aegisd refuses %j by its name', async (flags, expected) => {
  const daemon = aegisd(...LOCAL.filter(() => !flags.includes('--addr')), ...flags);
  expect(await daemon.ended).toBe(5);
  expect(daemon.said()).toContain(expected);
});

it('what flags say holds after the file was changed', async () => {
  const file = join(folder, 'aegis.yaml');
  writeFileSync(file, "rate_limit: 100\nlog: { level: info, format: json }\naddr: '127.0.0.1:1'\n");
  const daemon = aegisd(...LOCAL, '--rate-limit', '1', '--telemetry-path', 'spans.ndjson');
  const [, url] = await daemon.heard(LISTENING);
  const post = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { session } = (await post('/v1/sessions', {})) as { session: string };
  const read = (id: number) =>
    post('/v1/actions', { session, type: 'read', target: 'notes', params: { id } });
  expect(await read(1)).toMatchObject({ status: 'allowed' });
  writeFileSync(
    file,
    "rate_limit: 50\nlog: { level: info, format: json }\naddr: '127.0.0.1:1'\nlimits: { max_steps: 90 }\n",
  );
  await daemon.heard(/the policy was changed/);
  expect(await read(2)).toMatchObject({ denial: { code: 'RATE_LIMITED' } });
  await expect
    .poll(() => readFileSync(join(folder, 'spans.ndjson'), 'utf8'), { timeout: 10_000 })
    .toContain('RATE_LIMITED');
  expect(await daemon.stop()).toBe(0);
  for (const line of daemon.said().trim().split('\n')) {
    expect(Object.keys(JSON.parse(line))).toEqual(['time', 'level', 'message']);
  }
});
