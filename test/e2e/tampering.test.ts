import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectStdio } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

interface Row {
  readonly position: number;
  readonly seq: number;
  readonly body: string;
}

let workspace: Workspace;
let original: Row[] = [];
let copies = 0;

beforeAll(async () => {
  workspace = await createWorkspace();
  const client = await connectStdio(workspace.configuration);
  for (const path of ['task.md', 'gold-rules.md', 'task.md']) {
    await client.callTool({ name: 'read_text_file', arguments: { path } });
  }
  await client.callTool({ name: 'execute', arguments: { sql: 'drop table customers' } });
  await client.close();
  const db = new DatabaseSync(workspace.ledger, { readOnly: true });
  original = rows(db);
  db.close();
});

afterAll(() => workspace.remove());

/** Verifies a copy of the ledger into which somebody with write access has reached. */
async function afterTampering(tamper: (db: DatabaseSync) => void) {
  const folder = join(workspace.folder, `copy-${++copies}`);
  mkdirSync(folder);
  const ledger = join(folder, 'aegis.db');
  copyFileSync(workspace.ledger, ledger);
  const db = new DatabaseSync(ledger, { enableForeignKeyConstraints: false });
  const triggers = db.prepare("select name, sql from sqlite_schema where type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  expect(triggers.length).toBeGreaterThan(0);
  for (const { name } of triggers) db.exec(`drop trigger "${name}"`);
  tamper(db);
  // Whoever covers the traces puts back what would have been in the way.
  for (const { sql } of triggers) db.exec(sql);
  db.close();
  const configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, '[store]\ndsn = "file:aegis.db"\n');
  const { code, stdout } = await aegis(['verify-ledger', '--config', configuration, '--json']);
  const { intact, findings } = JSON.parse(stdout) as {
    intact: boolean;
    findings: { kind: string; seq?: number; position?: number; message: string }[];
  };
  return { code, intact, findings, kinds: findings.map(({ kind }) => kind) };
}

const rows = (db: DatabaseSync): Row[] =>
  db.prepare('select position, seq, body from event order by position').all() as unknown as Row[];

describe('verify-ledger tells what was done to the file, and where', () => {
  it('nothing: intact', async () => {
    const { code, intact } = await afterTampering(() => {});
    expect({ code, intact }).toEqual({ code: 0, intact: true });
  });

  it('a payload was edited', async () => {
    const { code, findings } = await afterTampering((db) => {
      db.exec(`update event set body = replace(body, 'TOOL_CALL_DENIED', 'TOOL_CALL_ALLOWED')`);
    });
    const denied = original.find(({ body }) => body.includes('"TOOL_CALL_DENIED"'));
    expect(code).toBe(6);
    expect(findings[0]).toMatchObject({
      kind: 'hash-mismatch',
      position: denied?.position,
      seq: denied?.seq,
    });
  });

  it('a row was deleted from the middle', async () => {
    const { code, findings } = await afterTampering((db) => db.exec('delete from event where position = 7'));
    expect(code).toBe(6);
    expect(
      findings.some(({ position, seq }) => position === 7 || position === 8 || seq === 7 || seq === 6),
    ).toBe(true);
  });

  it('the newest row was deleted', async () => {
    const { code, kinds } = await afterTampering((db) =>
      db.exec('delete from event where position = (select max(position) from event)'),
    );
    expect(code).toBe(6);
    expect(kinds).toContain('cut-tail');
  });

  it('a forged row was inserted', async () => {
    let inserted = 0;
    const { code, findings } = await afterTampering((db) => {
      const last = rows(db).at(-1);
      const forged = (last?.body ?? '').replace(/"seq":\d+/, `"seq":${(last?.seq ?? 0) + 1}`);
      const hash = createHash('sha256').update(forged).digest();
      inserted = (last?.position ?? 0) + 1;
      db.prepare(
        'insert into event select position + 1, sid, seq + 1, position, ?, ? from event where position = (select max(position) from event)',
      ).run(hash, forged);
    });
    expect(code).toBe(6);
    expect(findings.some(({ position }) => position === inserted)).toBe(true);
  });

  it('two rows were swapped', async () => {
    const { code, findings } = await afterTampering((db) => {
      db.exec(`
        create temp table kept as select * from event where position in (4, 5);
        update event set (hash, body) = (select hash, body from kept where position = 5) where position = 4;
        update event set (hash, body) = (select hash, body from kept where position = 4) where position = 5;
      `);
    });
    expect(code).toBe(6);
    expect(findings[0]).toMatchObject({ position: 4 });
  });

  it('the file itself refuses updates and deletions', () => {
    const db = new DatabaseSync(workspace.ledger);
    expect(() => db.exec('update event set seq = 9')).toThrow(/append-only/);
    expect(() => db.exec('delete from event')).toThrow(/append-only/);
    db.close();
  });
});
