import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type Connection, connectDirectly } from '../demo/connection.ts';
import { seedWorkspace } from '../workspace/seed.ts';

let workspace: string;
let connection: Connection;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'example-servers-'));
  await seedWorkspace(workspace);
  connection = await connectDirectly(workspace);
});

afterAll(async () => {
  await connection?.close();
  await rm(workspace, { recursive: true });
});

describe('the example servers over stdio', () => {
  it('answer in text and in structured content, both the same', async () => {
    const calls = [
      ['database', 'list_tables', {}],
      ['database', 'query', { sql: 'SELECT id FROM customers' }],
      ['database', 'execute', { sql: 'UPDATE customers SET plan = plan WHERE id = 1001' }],
      ['database', 'export_table', { table: 'customers', columns: ['id', 'plan'] }],
      ['objects', 'list_objects', { prefix: 'silver/' }],
      ['objects', 'get_object', { key: 'silver/plans.csv' }],
      ['objects', 'put_object', { key: 'silver/new.csv', text: 'id\n1\n' }],
      ['objects', 'stat_object', { key: 'silver/new.csv' }],
      ['objects', 'validate_object', { key: 'silver/new.csv' }],
      ['objects', 'promote', { key: 'silver/new.csv' }],
    ] as const;
    for (const [server, tool, args] of calls) {
      const { failed, text, structured } = await connection.call(server, tool, args);
      expect({ tool, failed, text: JSON.parse(text) }).toEqual({ tool, failed: false, text: structured });
      expect(Object.keys(structured).length).toBeGreaterThan(0);
    }
  });

  it('report what went wrong as a failed tool call and go on', async () => {
    expect(await connection.call('database', 'query', { sql: 'SELEC' })).toMatchObject({ failed: true });
    expect(await connection.call('objects', 'get_object', { key: '../../etc/passwd' })).toMatchObject({
      failed: true,
    });
    expect(await connection.call('database', 'query', { sql: 'SELECT 1 AS one' })).toMatchObject({
      failed: false,
    });
  });

  it.each([
    ['without a token', {}],
    ['with a wrong token', { DATABASE_TOKEN: 'wrong' }],
  ])('the database server does not start %s', async (_, env) => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(import.meta.dirname, 'database/main.ts'), join(workspace, 'customers.db')],
      env,
      stderr: 'pipe',
    });
    let said = '';
    transport.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    await expect(new Client({ name: 'test', version: '1' }).connect(transport)).rejects.toThrow(/closed/);
    expect(said).toMatch(/^access denied/);
  });
});
