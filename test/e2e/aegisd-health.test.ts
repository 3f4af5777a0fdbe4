// What `/readyz` says of a daemon whose parts fail, and what becomes of a call that is under way when the daemon is stopped.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aegis, connectHttp, root } from './aegis.ts';

/** A server whose tool `hold` says in a file that it was called, and never answers; `end` ends it for good. */
const SERVER = `
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
if (existsSync('ended')) process.exit(1);
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } });
  } else if (method === 'tools/list') {
    answer(id, { tools: ['hold', 'end'].map((name) => ({ name, inputSchema: { type: 'object' } })) });
  } else if (method === 'tools/call') {
    writeFileSync(params.name === 'end' ? 'ended' : 'held', '');
    if (params.name === 'end') process.exit(1);
  } else if (id !== undefined) answer(id, {});
});
`;

let folder: string;
let configuration: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-health-'));
  configuration = join(folder, 'aegis.toml');
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'token'), 'the-token', { mode: 0o600 });
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[[agents]]
name = "bot"
token = { file = "token" }
[[servers]]
name = "only"
command = ["${process.execPath}", "server.mjs"]
[[policies]]
name = "all"
action = "allow"
`,
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function started() {
  const child = spawn(process.execPath, [`${root}packages/aegis/bin/aegisd.js`, '--config', configuration], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const listening = /listening on (http:\S+), MCP at (http:\S+)/;
  await expect.poll(() => listening.test(said) || child.exitCode !== null, { timeout: 20_000 }).toBe(true);
  const [, url = '', mcp = ''] = listening.exec(said) ?? [];
  return {
    mcp,
    /** The status of `/readyz`, and the parts of which it says a problem. */
    readyz: async (): Promise<[number, string[]]> => {
      const response = await fetch(`${url}/readyz`);
      const { checks } = (await response.json()) as { checks: { name: string; problem?: string }[] };
      return [response.status, checks.filter(({ problem }) => problem !== undefined).map(({ name }) => name)];
    },
    act: async () => {
      const post = (path: string, body: object) =>
        fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: 'Bearer the-token' },
          body: JSON.stringify(body),
        });
      return (await post('/v1/sessions', {})).status;
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

it('a ledger that cannot be written, and one that can again, are both told', async () => {
  const daemon = await started();
  expect(await daemon.readyz()).toEqual([200, []]);
  const other = new DatabaseSync(join(folder, '.aegis', 'aegis.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(await daemon.act()).toBe(503);
  expect(await daemon.readyz()).toEqual([503, ['ledger']]);
  other.exec('ROLLBACK');
  other.close();
  expect(await daemon.act()).toBe(201);
  await expect.poll(daemon.readyz, { timeout: 30_000 }).toEqual([200, []]);
  expect(await daemon.stop()).toBe(0);
}, 60_000);

it('a server that has ended and does not start again is named, until it is back', async () => {
  const daemon = await started();
  const client = await connectHttp(daemon.mcp, 'the-token');
  await client.callTool({ name: 'end' });
  // It is not there any more when it is asked for something the next time.
  await client.callTool({ name: 'hold' });
  expect(await daemon.readyz()).toEqual([503, ['server only']]);
  // And nobody has to ask it for anything before it is known to be back.
  rmSync(join(folder, 'ended'));
  await expect.poll(daemon.readyz, { timeout: 40_000, interval: 500 }).toEqual([200, []]);
  await client.close();
  expect(await daemon.stop()).toBe(0);
}, 60_000);

it('a call that is under way is answered and recorded as one that failed, and never as unknown', async () => {
  const daemon = await started();
  const client = await connectHttp(daemon.mcp, 'the-token');
  const calling = client.callTool({ name: 'hold' }).then(
    (result) => JSON.stringify(result),
    (error: unknown) => String(error),
  );
  await expect.poll(() => existsSync(join(folder, 'held')), { timeout: 20_000 }).toBe(true);
  expect(await daemon.stop()).toBe(0);
  const answer = await calling;
  expect(answer).toContain('UPSTREAM_FAILED');
  expect(answer).not.toContain('there is no tool');
  await client.close().catch(() => {});
  const { stdout } = await aegis(['events', '--last', '10', '--config', configuration]);
  expect(stdout).toMatch(/TOOL_CALL_EXECUTED +upstream=cancelled/);
  expect(stdout).toMatch(/TOOL_RESULT +code=UPSTREAM_FAILED/);
  expect((await aegis(['verify-ledger', '--config', configuration])).code).toBe(0);
}, 60_000);
