import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectStdio, textOf } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let client: Client;

beforeAll(async () => {
  workspace = await createWorkspace();
  writeFileSync(
    join(workspace.folder, 'aegis-manifest.json'),
    JSON.stringify({
      schema: 'aegis.dev/manifest/v0.1',
      name: 'reader',
      version: '1.0.0',
      publisher: 'acme',
      permissions: {
        tools: ['files.read_*', 'query'],
        fs: { read_roots: ['files'] },
        budgets: { max_tool_calls: 3 },
      },
    }),
  );
  const text = readFileSync(workspace.configuration, 'utf8');
  writeFileSync(
    workspace.configuration,
    text.replace('[stdio]', '[stdio]\nmanifest = "aegis-manifest.json"'),
  );
  client = await connectStdio(workspace.configuration);
});

afterAll(async () => {
  await client.close();
  workspace.remove();
});

const denial = async (name: string, args: Record<string, unknown>): Promise<unknown> => {
  const result = await client.callTool({ name, arguments: args });
  return (result._meta?.['aegis/denial'] as { code?: string } | undefined)?.code ?? textOf(result);
};

describe('an agent with a manifest of its own, before a stock client', () => {
  it('sees the tools that it lists and no others, whatever the policy allows', async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain('read_text_file');
    expect(names).not.toContain('promote');
  });

  it('is denied another tool, a server whose credential it does not name, and the fourth call', async () => {
    expect(await denial('read_text_file', { path: 'task.md' })).toMatch(/customer/i);
    expect(await denial('promote', { key: 'silver/customers.csv' })).toBe('TOOL_UNKNOWN');
    expect(await denial('query', { sql: 'select 1' })).toBe('PERMISSION_UNDECLARED');
    expect(await denial('read_text_file', { path: '../../etc/passwd' })).toBe('FS_DENY');
    await denial('read_text_file', { path: 'task.md' });
    await denial('read_text_file', { path: 'task.md' });
    expect(await denial('read_text_file', { path: 'task.md' })).toBe('BUDGET_EXCEEDED');
  });

  it('is explained with its manifest', async () => {
    const { code, stdout } = await aegis([
      'policy',
      'explain',
      'objects',
      'promote',
      '{"key": "silver/customers.csv"}',
      '--config',
      workspace.configuration,
    ]);
    expect([code, stdout]).toEqual([3, expect.stringContaining('does not list the tool `promote`')]);
  });

  it('is not served at all with a manifest that is not what was signed', async () => {
    const file = join(workspace.folder, 'aegis-manifest.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('"1.0.0"', '"1.0.0","extra":1'));
    const { code, stderr } = await aegis(['policy', 'check', '--config', workspace.configuration]);
    expect([code, stderr]).toEqual([5, expect.stringContaining('unknown key `extra`')]);
    writeFileSync(file, good);
  });
});
