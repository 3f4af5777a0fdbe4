import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectHttp, connectStdio, type Daemon, startDaemon, textOf } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** The transport of 2024-11-05, which the library still has. */
async function connectSse(url: string, token: string): Promise<Client> {
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  const Authorization = `Bearer ${token}`;
  const withToken: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Authorization', Authorization);
    return fetch(input, { ...init, headers });
  };
  await client.connect(new SSEClientTransport(new URL(url), { fetch: withToken }));
  return client;
}

describe.each(['stdio', 'http', 'sse'] as const)('a stock client over %s', (door) => {
  let workspace: Workspace;
  let daemon: Daemon | undefined;
  let client: Client;
  const seen: unknown[] = [];

  const call = async (name: string, args: Record<string, unknown> = {}): Promise<unknown> => {
    const result = await client.callTool({ name, arguments: args });
    seen.push(result);
    return result;
  };
  const denial = (result: unknown): unknown =>
    (result as { _meta?: Record<string, unknown> })._meta?.['aegis/denial'];

  beforeAll(async () => {
    workspace = await createWorkspace();
    if (door === 'stdio') {
      client = await connectStdio(workspace.configuration);
      return;
    }
    daemon = await startDaemon(workspace.configuration);
    client =
      door === 'http'
        ? await connectHttp(daemon.url, workspace.agentToken)
        : await connectSse(daemon.url.replace(/mcp$/, 'sse'), workspace.agentToken);
  });

  afterAll(async () => {
    await client.close();
    await daemon?.stop();
    workspace.remove();
  });

  it('lists the tools of all three servers that policy leaves', async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['read_text_file', 'query', 'execute', 'promote', 'validate_object']),
    );
    expect(names).not.toContain('move_file');
    seen.push(tools);
  });

  it('reads a document through the filesystem server', async () => {
    expect(textOf(await call('read_text_file', { path: 'task.md' }))).toMatch(/customer/i);
  });

  it('cannot read outside the workspace, however the path is written', async () => {
    for (const path of [
      '/etc/passwd',
      '../aegis.toml',
      'docs/../../.aegis/secrets/database-token',
      'file:///etc/passwd',
    ]) {
      expect(denial(await call('read_text_file', { path }))).toMatchObject({ code: 'FS_DENY' });
    }
    expect(denial(await call('read_text_file', { path: '..%2f..%2fetc/passwd' }))).toMatchObject({
      code: 'GUARD_PATH',
    });
  });

  it('queries the database, and is denied a DROP with a remedy', async () => {
    expect(await call('query', { sql: 'select count(*) as n from customers' })).not.toMatchObject({
      isError: true,
    });
    const dropped = await call('execute', { sql: 'drop table customers' });
    expect(dropped).toMatchObject({ isError: true });
    expect(denial(dropped)).toMatchObject({
      rule: 'no-destructive-ops',
      decision_id: expect.stringMatching(/^call_/),
    });
    expect(textOf(dropped)).toContain('no-destructive-ops');
  });

  it('sees personal data masked', async () => {
    const exported = JSON.stringify(await call('export_table', { table: 'customers' }));
    expect(exported).toContain('[masked:email]');
    expect(exported).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
  });

  it('promotes only what was validated and has not changed since', async () => {
    const key = 'silver/report.csv';
    const put = (text: string): Promise<unknown> => call('put_object', { key, text });
    await put('id,total\n1,10\n');
    expect(denial(await call('promote', { key }))).toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await call('validate_object', { key })).toMatchObject({ structuredContent: { valid: true } });
    await put('id,total\n1,10\n2,20\n');
    expect(denial(await call('promote', { key }))).toMatchObject({ code: 'PRECONDITION_FAILED' });
    await call('validate_object', { key });
    expect(await call('promote', { key })).not.toMatchObject({ isError: true });
  });

  it('calls a tool that does not exist, and one that policy hides, and learns the same', async () => {
    const unknown = denial(await call('no_such_tool'));
    const hidden = denial(await call('move_file', { source: 'a', destination: 'b' }));
    expect(unknown).toMatchObject({ code: 'TOOL_UNKNOWN' });
    expect(hidden).toMatchObject({ code: 'TOOL_UNKNOWN' });
  });

  it('never sees the credential of a server', () => {
    expect(JSON.stringify(seen)).not.toContain(workspace.databaseToken);
    expect(daemon?.output() ?? '').not.toContain(workspace.databaseToken);
    expect(daemon?.output() ?? '').not.toContain(workspace.agentToken);
    expect(readFileSync(workspace.ledger).includes(workspace.databaseToken)).toBe(false);
  });

  it('leaves a ledger that verifies, with one decision and one outcome for every call', async () => {
    const { code, stdout } = await aegis(['verify-ledger', '--config', workspace.configuration, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ intact: true, findings: [] });
  });
});

describe('the HTTP door', () => {
  it('serves one server alone, under its own names and the same policy', async () => {
    const workspace = await createWorkspace();
    const daemon = await startDaemon(workspace.configuration);
    try {
      const client = await connectHttp(daemon.url.replace(/mcp$/, 's/files/mcp'), workspace.agentToken);
      const names = (await client.listTools()).tools.map(({ name }) => name);
      expect(names).toContain('read_text_file');
      expect(names).not.toContain('query');
      expect(names).not.toContain('move_file');
      const denied = await client.callTool({ name: 'read_text_file', arguments: { path: '/etc/passwd' } });
      expect(denied).toMatchObject({ isError: true, _meta: { 'aegis/denial': { code: 'FS_DENY' } } });
      await client.close();
      await expect(
        connectHttp(daemon.url.replace(/mcp$/, 's/nobody/mcp'), workspace.agentToken),
      ).rejects.toThrow();
    } finally {
      await daemon.stop();
      workspace.remove();
    }
  });

  it('lets nobody in without the token', async () => {
    const workspace = await createWorkspace();
    const daemon = await startDaemon(workspace.configuration);
    try {
      for (const token of ['', 'wrong', workspace.databaseToken]) {
        await expect(connectHttp(daemon.url, token)).rejects.toThrow();
      }
      const health = await fetch(daemon.url.replace('/mcp', '/healthz'));
      expect(health.status).toBe(200);
    } finally {
      expect(await daemon.stop()).toBe(0);
      workspace.remove();
    }
  });
});
