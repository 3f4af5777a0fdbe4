import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connectThroughAegis } from '../demo/connection.ts';
import { seedWorkspace } from './seed.ts';

let workspace: string;
let connection: Connection;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'example-policy-'));
  await seedWorkspace(workspace);
  connection = await connectThroughAegis(workspace);
});

afterAll(async () => {
  await connection?.close();
  await rm(workspace, { recursive: true, force: true });
});

const csv = 'id\n1\n';

describe("the workspace's configuration", () => {
  it.each([
    ['files', 'read_text_file', { path: 'task.md' }],
    ['files', 'read_multiple_files', { paths: ['task.md', 'gold-rules.md'] }],
    ['files', 'list_directory', { path: '.' }],
    ['files', 'write_file', { path: 'notes/a.md', content: 'x' }],
    ['database', 'query', { sql: 'SELECT id FROM customers' }],
    ['database', 'execute', { sql: "UPDATE customers SET plan = 'starter' WHERE id = 1001" }],
    ['objects', 'get_object', { key: 'bronze/customers-2024-02.csv' }],
    ['objects', 'put_object', { key: 'silver/new.csv', text: csv }],
  ])('lets %s %s %j through', async (server, tool, args) => {
    expect(await connection.call(server, tool, args)).toMatchObject({ denial: undefined, failed: false });
  });

  it.each([
    ['files', 'read_text_file', { path: '../.aegis/secrets/database-token' }, 'FS_DENY'],
    ['files', 'read_multiple_files', { paths: ['task.md', '../aegis.toml'] }, 'FS_DENY'],
    ['files', 'write_file', { path: 'task.md', content: 'x' }, 'FS_DENY'],
    ['database', 'query', { sql: 'DROP TABLE customers' }, 'PERMISSION_UNDECLARED'],
    ['database', 'execute', { sql: 'DELETE FROM customers' }, 'POLICY_DENY no-destructive-ops'],
    ['objects', 'put_object', { key: 'gold/new.csv', text: csv }, 'POLICY_DENY gold-only-by-promotion'],
    ['objects', 'put_object', { key: 'public/new.csv', text: csv }, 'POLICY_DENY nothing-goes-public'],
    ['objects', 'put_object', { key: 'bronze/new.csv', text: csv }, 'DEFAULT_DENY'],
    ['objects', 'promote', { key: 'silver/plans.csv' }, 'PRECONDITION_FAILED'],
  ])('denies %s %s %j with %s', async (server, tool, args, expected) => {
    const { denial } = await connection.call(server, tool, args);
    expect([denial?.code, denial?.rule].filter(Boolean).join(' ')).toBe(expected);
  });

  it('does not even show a tool that no rule lets through', async () => {
    await expect(connection.call('files', 'move_file', { source: 'a', destination: 'b' })).rejects.toThrow(
      /no tool `move_file`/,
    );
  });
});
