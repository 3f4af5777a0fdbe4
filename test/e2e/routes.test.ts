import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectHttp, type Daemon, startDaemon } from './aegis.ts';
import { serveAnswering } from './answering-server.ts';
import { eventsIn } from './ledger.ts';

const TOKEN = 'routes-test-token';

const PREAMBLE = `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 1000
max_tool_calls = 1000
max_identical_calls = 64
timeout_ms = 2000
[[agents]]
name = "caller"
token = { file = ".aegis/token" }
`;

interface Folder {
  readonly path: string;
  readonly journal: string;
  readonly ledger: string;
}

function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'aegis-routes-'));
  mkdirSync(join(path, '.aegis'), { mode: 0o700 });
  writeFileSync(join(path, '.aegis/token'), TOKEN, { mode: 0o600 });
  return { path, journal: join(path, 'journal'), ledger: join(path, '.aegis/aegis.db') };
}

function configure({ path }: Folder, name: string, text: string): string {
  const file = join(path, name);
  writeFileSync(file, PREAMBLE + text);
  return file;
}

/** What was really run since the last time, in order of name. */
function ran({ journal }: Folder): string[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  writeFileSync(journal, '');
  return lines.filter((line) => line !== '').toSorted();
}

/** Of every call, by server: what was asked, how many decisions it had, and how it ended. */
function callsIn({
  ledger,
}: Folder): readonly { server: string; tool: string; decisions: number; ends: string[] }[] {
  const calls = new Map<unknown, { server: string; tool: string; decisions: number; ends: string[] }>();
  for (const { type, payload } of eventsIn(ledger)) {
    const id = payload['call_id'];
    if (type === 'TOOL_CALL_PROPOSED') {
      const [server, tool] = [String(payload['server']), String(payload['tool_name'])];
      calls.set(id, { server, tool, decisions: 0, ends: [] });
    }
    const call = calls.get(id);
    if (type === 'POLICY_DECISION' && call !== undefined) call.decisions++;
    if (type === 'TOOL_RESULT') call?.ends.push(String(payload['outcome']));
    if (type === 'TOOL_CALL_DENIED') call?.ends.push('denied');
  }
  return [...calls.values()];
}

const text = (value: string) => ({ type: 'text', text: value });

// Needs two loopback addresses of its own, and the ports as printed.
describe.runIf(process.platform === 'linux')('the routes that the gateway tutorial prints', () => {
  const printed = `
[[policies]]
name   = "block-system-writes"
match  = "tools/call"
action = "deny"
when   = { tool_name = "filesystem_write", path = "/etc/*" }

[[policies]]
name   = "audit-memory-ops"
match  = "tools/call"
action = "audit"
when   = { tool_name = "memory_*" }
log    = true

# Route memory operations to MNEMON
[[routes]]
prefix   = "memory_*"
upstream = "http://mnemon:8080"

# Route planning operations to the planner
[[routes]]
prefix   = "plan_*"
upstream = "http://planner:8081"

# Route hybrid operations through both
[[routes]]
prefix   = "hybrid_*"
upstream = ["http://mnemon:8080", "http://planner:8081"]

[[policies]]
name   = "allow-the-others"
action = "allow"
`;
  let folder: Folder;
  let servers: Server[];
  let daemon: Daemon;
  let client: Client;

  beforeAll(async () => {
    folder = createFolder();
    const { journal } = folder;
    const mnemon = ['memory_store', 'hybrid_think', 'hybrid_recall', 'plan_steal', 'delete_all'];
    const planner = ['plan_make', 'hybrid_think', 'memory_store', 'delete_all'];
    servers = await Promise.all([
      serveAnswering('mnemon', mnemon, { journal, host: '127.0.0.2', port: 8080 }),
      serveAnswering('planner', planner, { journal, host: '127.0.0.3', port: 8081 }),
    ]);
    const names = fileURLToPath(new URL('./host-names.ts', import.meta.url));
    daemon = await startDaemon(configure(folder, 'gateway.toml', printed), {
      NODE_OPTIONS: `--import=${names}`,
      HOST_NAMES: JSON.stringify({ mnemon: '127.0.0.2', planner: '127.0.0.3' }),
    });
    client = await connectHttp(daemon.url, TOKEN);
  });

  afterAll(async () => {
    await client.close();
    await daemon.stop();
    for (const server of servers) server.close();
    rmSync(folder.path, { recursive: true, force: true });
  });

  it('are all that clients see of the servers', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name, description }) => [name, description])).toEqual([
      ['hybrid_recall', 'hybrid_recall of mnemon'],
      ['hybrid_think', 'hybrid_think of mnemon'],
      ['memory_store', 'memory_store of mnemon'],
      ['plan_make', 'plan_make of planner'],
    ]);
  });

  it('bring each operation to its server', async () => {
    expect(await client.callTool({ name: 'memory_store', arguments: {} })).toMatchObject({
      structuredContent: { by: 'mnemon' },
    });
    expect(await client.callTool({ name: 'plan_make', arguments: {} })).toMatchObject({
      structuredContent: { by: 'planner' },
    });
    expect(ran(folder)).toEqual(['mnemon memory_store', 'planner plan_make']);
  });

  it('bring a hybrid operation to both, each with a decision and an outcome of its own', async () => {
    const before = callsIn(folder).length;
    expect(await client.callTool({ name: 'hybrid_think', arguments: {} })).toMatchObject({
      content: [text('hybrid_think of mnemon'), text('hybrid_think of planner')],
      structuredContent: { 'mnemon-8080': { by: 'mnemon' }, 'planner-8081': { by: 'planner' } },
    });
    expect(ran(folder)).toEqual(['mnemon hybrid_think', 'planner hybrid_think']);
    expect(callsIn(folder).slice(before)).toEqual([
      { server: 'mnemon-8080', tool: 'hybrid_think', decisions: 1, ends: ['executed'] },
      { server: 'planner-8081', tool: 'hybrid_think', decisions: 1, ends: ['executed'] },
    ]);
  });

  it('bring nothing to a server that is not routed to it', async () => {
    for (const name of [
      'delete_all',
      'mnemon-8080__delete_all',
      'plan_steal',
      'planner-8081__memory_store',
    ]) {
      expect(await client.callTool({ name, arguments: {} })).toMatchObject({
        isError: true,
        _meta: { 'aegis/denial': { code: 'TOOL_UNKNOWN' } },
      });
    }
    expect(ran(folder)).toEqual([]);
  });
});

describe('routes to several servers', () => {
  let folder: Folder;
  let daemon: Daemon;
  let client: Client;

  const stdioServers = (tools: string): string =>
    ['one', 'two']
      .map((name) => {
        const script = fileURLToPath(new URL('./answering-server.ts', import.meta.url));
        const command = [process.execPath, script, name, tools, folder.journal];
        return `[[servers]]\nname = "${name}"\ncommand = ${JSON.stringify(command)}\n`;
      })
      .join('');

  beforeAll(async () => {
    folder = createFolder();
    const configuration = configure(
      folder,
      'aegis.toml',
      `${stdioServers('find,search,ask,save_x,hush')}
[[routes]]
tool = "search"
upstream = ["one", "two"]
order = "first-success"
[[routes]]
tool = "ask"
upstream = ["two", "one"]
[[routes]]
prefix = "save_*"
upstream = ["one", "two"]
failure = "strict"
[[routes]]
tool = "hush"
upstream = ["one", "two"]
[[policies]]
name = "nothing-secret-to-one"
action = "deny"
when = { server = "one", "args.topic" = "secret" }
[[policies]]
name = "no-hush-for-two"
action = "deny"
when = { server = "two", tool_name = "hush" }
[[policies]]
name = "the-rest"
action = "allow"
`,
    );
    daemon = await startDaemon(configuration);
    client = await connectHttp(daemon.url, TOKEN);
  });

  afterAll(async () => {
    await client.close();
    await daemon.stop();
    rmSync(folder.path, { recursive: true, force: true });
  });

  let before = 0;
  beforeEach(() => {
    before = callsIn(folder).length;
    ran(folder);
  });
  const recorded = () => callsIn(folder).slice(before);
  const call = (name: string, args: Record<string, string> = {}) =>
    client.callTool({ name, arguments: args });

  it('appear once under the routed name, while other tools of one name stay apart', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'ask',
      'hush',
      'one__find',
      'save_x',
      'search',
      'two__find',
    ]);
    expect(await call('two__find')).toMatchObject({ structuredContent: { by: 'two' } });
    expect(ran(folder)).toEqual(['two find']);
  });

  it('stop at the first success', async () => {
    expect(await call('search')).toMatchObject({ structuredContent: { by: 'one' } });
    expect(ran(folder)).toEqual(['one search']);
    expect(recorded()).toEqual([{ server: 'one', tool: 'search', decisions: 1, ends: ['executed'] }]);
  });

  it.each([
    ['a failure', { fails: 'one' }, ['one search', 'two search'], 'executed'],
    ['a denial', { topic: 'secret' }, ['two search'], 'denied'],
    ['a timeout', { hangs: 'one' }, ['one search', 'two search'], 'failed'],
  ])('go on to the next server after %s', async (_, args, expected, end) => {
    expect(await call('search', args)).toMatchObject({ structuredContent: { by: 'two' } });
    expect(ran(folder)).toEqual(expected);
    expect(recorded()).toEqual([
      { server: 'one', tool: 'search', decisions: 1, ends: [end] },
      { server: 'two', tool: 'search', decisions: 1, ends: ['executed'] },
    ]);
  });

  it('run nothing on a server that policy denies, and say so beside what the other answered', async () => {
    const result = await call('ask', { topic: 'secret' });
    expect(ran(folder)).toEqual(['two ask']);
    expect(result).not.toHaveProperty('isError');
    expect(result).toMatchObject({
      content: [text('ask of two'), { text: expect.stringContaining('server `one`: Denied by Aegis: ') }],
      structuredContent: { two: { by: 'two' } },
      _meta: {
        'aegis/route': {
          members: [
            { server: 'two', outcome: 'succeeded' },
            {
              server: 'one',
              outcome: 'failed',
              denial: { code: 'POLICY_DENY', rule: 'nothing-secret-to-one' },
            },
          ],
        },
      },
    });
    expect(recorded().map(({ server, ends }) => [server, ends])).toEqual([
      ['two', ['executed']],
      ['one', ['denied']],
    ]);
  });

  it('keep what one server answered when the other does not answer in time', async () => {
    expect(await call('ask', { hangs: 'two' })).toMatchObject({
      content: [{ text: expect.stringContaining('TIMEOUT') }, text('ask of one')],
      structuredContent: { one: { by: 'one' } },
    });
  });

  it('are an error when one fails and the route is strict', async () => {
    expect(await call('save_x', { fails: 'two' })).toMatchObject({
      isError: true,
      content: [text('save_x of one'), text('two failed')],
    });
    expect(await call('save_x')).not.toHaveProperty('isError');
  });

  it('tell nothing of a server that policy hides, and record what it was denied', async () => {
    const result = await call('hush');
    expect(result).toMatchObject({
      content: [text('hush of one')],
      structuredContent: { one: { by: 'one' } },
    });
    expect(JSON.stringify(result)).not.toContain('two');
    expect(ran(folder)).toEqual(['one hush']);
    expect(recorded().map(({ server, decisions, ends }) => [server, decisions, ends])).toEqual([
      ['one', 1, ['executed']],
      ['two', 1, ['denied']],
    ]);
  });

  it('leave a ledger that verifies', async () => {
    const { code, stderr } = await aegis(['verify-ledger', '--config', join(folder.path, 'aegis.toml')]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it('that conflict are refused at the start, all at once', async () => {
    const configuration = configure(
      folder,
      'conflict.toml',
      `${stdioServers('x')}[[routes]]
prefix = "x*"
upstream = "one"
[[routes]]
prefix = "x*"
upstream = "tow"
`,
    );
    const { code, stderr } = await aegis(['start', '--config', configuration]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/conflict\.toml:\d+:10: `x\*` has a route already/);
    expect(stderr).toMatch(/conflict\.toml:\d+:12: there is no server `tow`/);
    expect(stderr).toContain('did you mean `two`?');
  });
});
