import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, type Daemon, startDaemon } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const SESSIONS = 100;
const CALLS = 50;
const BUDGET = 40;
const TOKEN = 'parallel-test-token';
const MODERN = '2026-07-28';

let folder: string;
let daemon: Daemon;
let pool: Pool;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-parallel-'));
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  writeFileSync(join(folder, '.aegis/token'), TOKEN, { mode: 0o600 });
  const server = fileURLToPath(new URL('./journal-server.ts', import.meta.url));
  const command = [process.execPath, server, join(folder, 'journal')];
  writeFileSync(
    join(folder, 'aegis.toml'),
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 1000
max_tool_calls = ${BUDGET}
[[agents]]
name = "parallel"
token = { file = ".aegis/token" }
[[servers]]
name = "journal"
command = ${JSON.stringify(command)}
[[policies]]
name = "write"
action = "allow"
when = { tool_name = "write" }
`,
  );
  daemon = await startDaemon(join(folder, 'aegis.toml'));
  pool = new Pool(new URL(daemon.url).origin, { connections: 64 });
});

afterAll(async () => {
  await pool.close();
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post(message: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await pool.request({
    method: 'POST',
    path: '/mcp',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
  return { headers: response.headers, text: await response.body.text() };
}

/** A session of the sessionful era: opened by `initialize`, named by a header. */
async function openSession(): Promise<(n: number) => Promise<string>> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'parallel', version: '1' },
  };
  const { headers: opened } = await post({ id: 0, method: 'initialize', params });
  const headers = {
    'mcp-session-id': String(opened['mcp-session-id']),
    'mcp-protocol-version': '2025-11-25',
  };
  await post({ method: 'notifications/initialized' }, headers);
  return async (n) => {
    const call = { id: n, method: 'tools/call', params: { name: 'write', arguments: { n } } };
    return (await post(call, headers)).text;
  };
}

/** A run of the stateless era: nothing is opened, every request names the run. */
async function openRun(run: string): Promise<(n: number) => Promise<string>> {
  const headers = { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'write' };
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return async (n) => {
    const params = { name: 'write', arguments: { n }, _meta };
    return (await post({ id: n, method: 'tools/call', params }, { ...headers, 'aegis-run': run })).text;
  };
}

describe('100 parallel sessions of 50 calls, half of them runs without a session', () => {
  it('spend each exactly its own budget, and leave chains that verify', async () => {
    const sessions = await Promise.all(
      Array.from({ length: SESSIONS }, (_, index) =>
        index % 2 === 0 ? openSession() : openRun(`run-${index}`),
      ),
    );
    const executed = await Promise.all(
      sessions.map(async (call, index) => {
        const answers = await Promise.all(
          Array.from({ length: CALLS }, (_, n) => call(index * 1000 + n + 1)),
        );
        expect(answers.filter((text) => text.includes('BUDGET_EXCEEDED'))).toHaveLength(CALLS - BUDGET);
        return answers.filter((text) => text.includes('written')).length;
      }),
    );
    expect(executed).toEqual(Array.from({ length: SESSIONS }, () => BUDGET));

    const numbers = readFileSync(join(folder, 'journal'), 'utf8').trim().split('\n').map(Number);
    const perSession = Map.groupBy(numbers, (n) => Math.floor(n / 1000));
    expect([...perSession.values()].map((ran) => new Set(ran).size)).toEqual(executed);

    const proposed = eventsIn(join(folder, '.aegis/aegis.db')).filter(
      ({ type }) => type === 'TOOL_CALL_PROPOSED',
    );
    const decisions = Map.groupBy(proposed, ({ session }) => session);
    expect([...decisions.values()].map(({ length }) => length)).toEqual(executed.map(() => CALLS));

    const { code, stdout } = await aegis(['verify-ledger', '--config', join(folder, 'aegis.toml')]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });
});
