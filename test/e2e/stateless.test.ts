// Clients of the era without sessions, before servers of either era: the product as a user runs it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type McpSubscription, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as SessionClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as SessionTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, openEndpoint } from '../servers/conformance/endpoint.ts';
import { aegis, type Daemon, executable, root, startDaemon, textOf } from './aegis.ts';
import { eventsIn, openCallsIn } from './ledger.ts';
import { exchangeRaw, post } from './raw-http.ts';

const MANIFEST = `server: reference
client_requests: [elicitation/create, roots/list]
`;

interface Setup {
  readonly folder: string;
  readonly configuration: string;
  readonly ledger: string;
}

/** A folder with a configuration; the one server of it is spoken to as `keys` says. */
function setUp(keys: Readonly<Record<string, unknown>>): Setup {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-stateless-'));
  const configuration = join(folder, 'aegis.toml');
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(join(folder, 'reference.yaml'), MANIFEST);
  writeFileSync(
    configuration,
    `
[daemon]
addr = "127.0.0.1:0"
anonymous = "visitor"

[store]
dsn = "file:aegis.db"

[limits]
max_steps = 200
max_tool_calls = 10

[[servers]]
name = "reference"
manifest = "reference.yaml"
${lines.join('\n')}

[[policies]]
name = "no-sampling"
match = "sampling/*"
action = "deny"

[[policies]]
name = "no-images"
action = "deny"
when = { tool_name = "test_image_content" }

[[policies]]
name = "everything-else"
action = "allow"
`,
  );
  return { folder, configuration, ledger: join(folder, 'aegis.db') };
}

function stateless(name = 'alice'): Client {
  const client = new Client(
    { name: 'stateless', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    },
  );
  client.setRequestHandler('elicitation/create', () => ({
    action: 'accept',
    content: { name, color: 'green' },
  }));
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///srv/home', name: 'home' }] }));
  client.setRequestHandler('sampling/createMessage', () => ({
    role: 'assistant',
    model: 'none',
    content: { type: 'text', text: 'sampled' },
  }));
  return client;
}

async function connect(url: string, run?: string): Promise<Client> {
  const client = stateless();
  const requestInit = run === undefined ? {} : { requestInit: { headers: { 'Aegis-Run': run } } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), requestInit));
  return client;
}

const call = (client: Client, name: string, args: Record<string, unknown> = {}) =>
  client.callTool({ name, arguments: args });

/** The servers behind Aegis, in both eras and over both transports. */
const BEHIND = [
  ['a server of the same era over HTTP', { era: 'modern' }, 'http'],
  ['a server with sessions over HTTP', { era: 'legacy', isolation: 'session' }, 'http'],
  ['a child of the same era', { era: 'modern' }, 'stdio'],
  ['a child with sessions', { era: 'legacy', isolation: 'session' }, 'stdio'],
] as const;

describe.each(BEHIND)('a client without sessions before %s', (_, keys, transport) => {
  let reference: Endpoint;
  let setup: Setup;
  let daemon: Daemon;
  let client: Client;

  beforeAll(async () => {
    reference = await openEndpoint();
    const command = [process.execPath, join(root, 'test/servers/conformance/main.ts')];
    setup = setUp({ ...keys, ...(transport === 'http' ? { url: reference.url } : { command }) });
    daemon = await startDaemon(setup.configuration);
    client = await connect(daemon.url);
  });
  afterAll(async () => {
    await client.close();
    await daemon.stop();
    await reference.close();
    rmSync(setup.folder, { recursive: true, force: true });
  });

  it('learns what is offered, without what policy hides', async () => {
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { subscribe: true },
    });
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain('test_simple_text');
    expect(names).not.toContain('test_image_content');
  });

  it('calls a tool, reads a resource, gets a prompt', async () => {
    expect(textOf(await call(client, 'test_simple_text'))).not.toBe('');
    expect((await client.readResource({ uri: 'test://static-text' })).contents).toHaveLength(1);
    expect((await client.getPrompt({ name: 'test_simple_prompt' })).messages).not.toEqual([]);
  });

  it('is asked by the server, and its answer arrives', async () => {
    expect(textOf(await call(client, 'test_input_required_result_elicitation'))).toBe('Hello, alice!');
    expect(textOf(await call(client, 'test_input_required_result_multi_round'))).toBe('alice likes green');
    expect(textOf(await call(client, 'test_input_required_result_list_roots'))).toContain('file:///srv/home');
  });

  it('is not asked what policy forbids', async () => {
    const outcome = await call(client, 'test_input_required_result_sampling').then(
      textOf,
      (error: Error) => error.message,
    );
    expect(outcome).not.toContain('sampled');
  });

  // A child with sessions is another process for each run, and what changes in it changes for nobody else.
  const shares = transport !== 'stdio' || keys.era !== 'legacy';

  it(`${shares ? 'hears' : 'does not hear'} of changes that it listens to`, async () => {
    let changes = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      changes++;
    });
    const subscription: McpSubscription = await client.listen({ toolsListChanged: true });
    expect(subscription.honoredFilter).toEqual({ toolsListChanged: true });
    await call(client, 'test_trigger_tool_change');
    await call(client, 'test_simple_text');
    await expect.poll(() => changes > 0, { timeout: 5_000 }).toBe(shares);
    await subscription.close();
  });

  it('leaves evidence in which every call has an outcome', async () => {
    await expect.poll(() => openCallsIn(setup.ledger)).toEqual([]);
    const { code } = await aegis(['verify-ledger', '--config', setup.configuration]);
    expect(code).toBe(0);
    const asked = eventsIn(setup.ledger).filter(
      ({ type, payload }) => type === 'ACCESS_PROPOSED' && payload['method'] === 'elicitation/create',
    );
    expect(asked).toHaveLength(3);
  });
});

describe('one endpoint', () => {
  let reference: Endpoint;
  let setup: Setup;
  let daemon: Daemon;

  beforeAll(async () => {
    reference = await openEndpoint();
    setup = setUp({ url: reference.url });
    daemon = await startDaemon(setup.configuration);
  });
  afterAll(async () => {
    await daemon.stop();
    await reference.close();
    rmSync(setup.folder, { recursive: true, force: true });
  });

  it('serves both eras side by side', async () => {
    const modern = await connect(daemon.url, 'side-by-side');
    const legacy = new SessionClient({ name: 'sessions', version: '1.0.0' });
    const transport = new SessionTransport(new URL(daemon.url));
    // The library's own types disagree with each other under `exactOptionalPropertyTypes`.
    await legacy.connect(transport as Parameters<SessionClient['connect']>[0]);
    const texts = await Promise.all([
      call(modern, 'test_simple_text').then(textOf),
      legacy.callTool({ name: 'test_simple_text', arguments: {} }).then(textOf),
    ]);
    expect(new Set(texts).size).toBe(1);
    await modern.close();
    await legacy.close();
  });

  it('lets one hundred first requests of a run spend its budget once', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect(daemon.url, 'crowd')));
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        call(clients[at % clients.length] as Client, 'test_simple_text', { at }),
      ),
    );
    expect(results.filter(({ isError }) => isError !== true)).toHaveLength(10);
    const denied = eventsIn(setup.ledger).filter(({ payload }) => payload['code'] === 'BUDGET_EXCEEDED');
    expect(denied).toHaveLength(90);
    expect(new Set(denied.map(({ session }) => session)).size).toBe(1);
    const other = await connect(daemon.url, 'another-run');
    expect((await call(other, 'test_simple_text')).isError).not.toBe(true);
    for (const client of [...clients, other]) await client.close();
  });

  it('answers a smuggled header with 400, whatever stands before it', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'test_image_content',
        arguments: {},
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
    const headers = {
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'test_simple_text',
    };
    const lie = await exchangeRaw(daemon.url, post(body, headers));
    expect(lie.statuses).toEqual([400]);
    expect(lie.text).toContain('-32020');
    // The body alone says that it is of this era: it must not be taken for one with sessions.
    const bare = await exchangeRaw(daemon.url, post(body, {}));
    expect(bare.statuses).toEqual([400]);
    expect(bare.text).toContain('-32020');
    const get = await exchangeRaw(daemon.url, post('', headers).replace('POST', 'GET'));
    expect(get.statuses).toEqual([405]);
  });
});

it('a client without sessions is served over standard input and output, questions and all', async () => {
  const reference = await openEndpoint();
  const setup = setUp({ url: reference.url });
  const client = stateless('bob');
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [executable, 'mcp', '--config', setup.configuration],
      stderr: 'ignore',
    }),
  );
  expect(textOf(await call(client, 'test_input_required_result_elicitation'))).toBe('Hello, bob!');
  const subscription = await client.listen({ toolsListChanged: true });
  let changes = 0;
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    changes++;
  });
  await call(client, 'test_trigger_tool_change');
  await expect.poll(() => changes, { timeout: 5_000 }).toBeGreaterThan(0);
  await subscription.close();
  await client.close();
  await expect.poll(() => openCallsIn(setup.ledger)).toEqual([]);
  await reference.close();
  rmSync(setup.folder, { recursive: true, force: true });
});
