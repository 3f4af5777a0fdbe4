import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, denialOf, type RawClient } from '../e2e/raw-stdio.ts';
import { createWorkspace, type Workspace } from '../e2e/workspace.ts';

let workspace: Workspace;
let client: RawClient;

beforeAll(async () => {
  workspace = await createWorkspace();
  client = await connectRaw(workspace.configuration);
});

afterAll(async () => {
  await client.close();
  workspace.remove();
});

function count(): number {
  const db = new DatabaseSync(join(workspace.folder, 'customers.db'), { readOnly: true });
  const row = db.prepare("select count(*) as n from customers where name <> ''").get();
  db.close();
  return Number(row?.['n']);
}

async function execute(sql: string): Promise<string | undefined> {
  return denialOf(await client.call('execute', { sql }))?.code;
}

describe('a table is not emptied by a statement that looks as if it chose', () => {
  it.each([
    'DELETE FROM customers WHERE 1',
    'DELETE FROM customers WHERE rowid = rowid',
    'DELETE FROM customers WHERE customers.id = id',
    'DELETE FROM customers WHERE id > 0 OR 1',
    'DELETE FROM customers WHERE coalesce(1, id)',
    "DELETE FROM customers WHERE id GLOB '*'",
    "DELETE FROM customers WHERE name REGEXP '.*'",
    'DELETE FROM customers WHERE EXISTS (SELECT 1 FROM staging_customers WHERE row_id = 1)',
    'DELETE FROM customers WHERE EXISTS (SELECT 1 FROM main.staging_customers WHERE row_id > 0)',
    'DELETE FROM customers WHERE (SELECT count(*) FROM staging_customers WHERE row_id > 0) > 0',
    'DELETE FROM customers WHERE EXISTS (SELECT 1 FROM customers a JOIN customers b ON a.id = b.id)',
    'DELETE FROM customers WHERE EXISTS (SELECT 1 FROM customers WHERE customers.id = 1001)',
    "UPDATE customers SET name = '' WHERE EXISTS (SELECT 1 FROM staging_customers WHERE plan <> 'x')",
    'CREATE TRIGGER t AFTER INSERT ON staging_customers BEGIN DELETE FROM customers; END',
    'WITH chosen AS (SELECT 1 AS x WHERE x = 1) DELETE FROM customers',
    'DELETE /* WHERE id = 1 */ FROM customers -- WHERE id = 1',
    'SELECT 1; DELETE FROM customers',
    'PRAGMA writable_schema = 1',
  ])('%s', async (sql) => {
    const before = count();
    expect(await execute(sql)).toBeDefined();
    expect(count()).toBe(before);
  });

  it.each([
    'DELETE FROM staging_customers WHERE EXISTS (SELECT 1 FROM staging_customers AS other WHERE other.customer_id = staging_customers.customer_id AND other.row_id < staging_customers.row_id)',
    'DELETE FROM staging_customers WHERE NOT EXISTS (SELECT 1 FROM customers c JOIN customers d ON c.id = d.id AND c.id = staging_customers.customer_id)',
    'UPDATE customers SET email = lower(email) WHERE email <> lower(email)',
  ])('and one that chooses is let through: %s', async (sql) => {
    expect(await execute(sql)).toBeUndefined();
  });
});
