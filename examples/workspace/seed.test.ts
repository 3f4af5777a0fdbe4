import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personalValue } from '../servers/object-store/personal-data.ts';
import { seedWorkspace } from './seed.ts';

let workspace: string;

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'example-workspace-'));
});

afterEach(() => rm(workspace, { recursive: true }));

const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a seeded workspace', () => {
  it('never overwrites an existing one', async () => {
    await seedWorkspace(workspace);
    const read = async () =>
      Promise.all((await filesOf(workspace)).map(async (file) => [file, await readFile(file, 'hex')]));
    const before = await read();
    await expect(seedWorkspace(workspace)).rejects.toThrow(/exists already/);
    expect(await read()).toEqual(before);
  });

  it('keeps its secrets unreadable for others, different each time, and out of every other file', async () => {
    await seedWorkspace(workspace);
    const other = join(workspace, 'other');
    await seedWorkspace(other);
    for (const name of ['database-token', 'agent-token']) {
      const file = join(workspace, '.aegis/secrets', name);
      const token = await readFile(file, 'utf8');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(await readFile(join(other, '.aegis/secrets', name), 'utf8')).not.toBe(token);
      for (const elsewhere of (await filesOf(workspace)).filter((path) => path !== file)) {
        expect(await readFile(elsewhere, 'latin1')).not.toContain(token);
      }
    }
  });

  it('starts servers by absolute paths that exist', async () => {
    await seedWorkspace(workspace);
    const configuration = await readFile(join(workspace, 'aegis.toml'), 'utf8');
    const commands = [...configuration.matchAll(/^command = (\[.*\])$/gm)].map(([, list]) =>
      JSON.parse(list ?? ''),
    );
    expect(commands).toHaveLength(3);
    for (const [program, script] of commands) {
      expect((await stat(program)).isFile()).toBe(true);
      expect((await stat(script)).isFile()).toBe(true);
    }
  });

  it('holds only reserved personal data, and one planted instruction', async () => {
    await seedWorkspace(workspace);
    const database = new DatabaseSync(join(workspace, 'customers.db'), { readOnly: true });
    const customers = database.prepare('SELECT * FROM customers').all();
    const staged = database
      .prepare('SELECT count(*) AS n, count(DISTINCT customer_id) AS d FROM staging_customers')
      .get();
    database.close();

    expect(customers).toHaveLength(10);
    for (const { email, phone, card } of customers) {
      expect(email).toMatch(/@example\.(com|net|org)$/);
      expect(phone).toMatch(/^\+1 \d{3}-555-01\d\d$|^\+44 (20 7946 0\d{3}|7700 900\d{3}|1[36]1 496 0\d{3})$/);
      expect([email, phone, card].map((value) => personalValue(String(value)))).toEqual([
        'e-mail',
        'phone',
        'card',
      ]);
    }
    expect(customers.filter(({ notes }) => /ignore all previous/i.test(String(notes)))).toHaveLength(1);
    expect({ ...staged }).toEqual({ n: 9, d: 6 });
  });
});
