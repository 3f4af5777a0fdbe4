// What the suite cannot see of the reference server: it only speaks HTTP, and never waits for a change.
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, openEndpoint } from './endpoint.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

function open(transport: 'stdio' | 'http'): Transport {
  return transport === 'stdio'
    ? new StdioClientTransport({ command: process.execPath, args: [main] })
    : new StreamableHTTPClientTransport(new URL(endpoint.url));
}

describe.each([
  ['stdio', '2025-11-25', 'legacy'],
  ['stdio', '2026-07-28', { pin: '2026-07-28' }],
  ['http', '2025-11-25', 'legacy'],
  ['http', '2026-07-28', { pin: '2026-07-28' }],
] as const)('the reference server over %s in %s', (transport, revision, mode) => {
  let client: Client;
  const changes: string[] = [];

  beforeAll(async () => {
    client = new Client(
      { name: 'test', version: '1.0.0' },
      {
        capabilities: { elicitation: {} },
        versionNegotiation: { mode },
        listChanged: {
          tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes.push('tools') },
          prompts: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes.push('prompts') },
        },
      },
    );
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { username: 'alice', email: 'alice@example.org' },
    }));
    await client.connect(open(transport));
  });
  afterAll(() => client.close());

  it('speaks the revision', () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
  });

  it('asks the user, and uses the answer', async () => {
    const result = await client.callTool({ name: 'test_elicitation', arguments: { message: 'Who?' } });
    expect(result.content).toMatchObject([{ text: expect.stringContaining('alice@example.org') as string }]);
  });

  it('tells of a list that has changed, and shows it', async () => {
    const names = async () => (await client.listTools()).tools.map(({ name }) => name);
    const before = await names();
    await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
    await expect.poll(() => changes).toEqual(['tools']);
    expect((await names()).length).not.toBe(before.length);
    await client.callTool({ name: 'test_trigger_prompt_change', arguments: {} });
    await expect.poll(() => changes).toEqual(['tools', 'prompts']);
  });
});
