// Tool calls as tasks (MCP 2025-11-25), between the official client and a published server that demands them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sdkV1 } from './clients/sdk-v1.ts';
import { columnsIn } from './columns.ts';
import { type Gateway, openGateway } from './gateway.ts';

const AGENT = 'sdk-v1-over-http';

const folder = mkdtempSync(join(tmpdir(), 'aegis-tasks-'));
let gateway: Gateway;

beforeAll(async () => {
  const columns = columnsIn(folder, 'http://127.0.0.1:9/mcp').filter(({ name }) => name === 'everything');
  gateway = await openGateway(folder, [sdkV1('http')], columns);
});

afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(): Promise<Client> {
  const target = gateway.url(AGENT, '/s/everything/mcp');
  if (target.kind !== 'url') throw new Error('no URL');
  const transport = new StreamableHTTPClientTransport(new URL(target.url), {
    requestInit: { headers: { Authorization: `Bearer ${target.token}` } },
  });
  const client = new Client({ name: 'tasks', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  await client.connect(transport as Transport);
  return client;
}

/** What a client hears of a call, from its beginning to its end. */
async function callAsTask(client: Client, args: Record<string, unknown>): Promise<readonly string[]> {
  await client.listTools();
  const heard: string[] = [];
  const call = { name: 'simulate-research-query', arguments: args };
  for await (const message of client.experimental.tasks.callToolStream(call)) {
    const { type } = message;
    if (type === 'taskStatus') heard.push(message.task.status);
    else if (type === 'result') heard.push(JSON.stringify(message.result.content));
    else heard.push(type === 'error' ? message.error.message : type);
  }
  return heard;
}

describe('a call that only a task may make', () => {
  it('is made, and gives its result', async () => {
    const client = await connect();
    const heard = await callAsTask(client, { topic: 'bees' });
    expect(heard[0]).toBe('taskCreated');
    expect(heard.at(-2)).toBe('completed');
    expect(heard.at(-1)).toContain('bees');
    await client.close();
  });

  it('asks the client on its way', async () => {
    const client = await connect();
    const asked: string[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { interpretation: 'technical' } };
    });
    const heard = await callAsTask(client, { topic: 'python', ambiguous: true });
    expect(asked).toHaveLength(1);
    expect(heard).toContain('input_required');
    expect(heard.at(-1)).toContain('python');
    await client.close();
  });
});
