import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describePostgres, sql } from '../../packages/aegis/test/store/postgres/cluster.ts';
import { aegis, connectHttp, startDaemon } from './aegis.ts';

await describePostgres('a gateway over a ledger in PostgreSQL', (cluster) => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-postgres-'));
  const configuration = join(folder, 'aegis.toml');
  const environment = { LEDGER_PASSWORD: 'secret-of-writer' };
  let writer: string;
  let superuser: string;

  beforeAll(async () => {
    const roles = await cluster.roles();
    superuser = roles.dsn;
    const without = (dsn: string): string => dsn.replace(/:secret-of-[a-z]+@/, '@');
    writer = without(roles.writer);
    mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
    writeFileSync(join(folder, '.aegis/token'), 'postgres-test-token', { mode: 0o600 });
    writeFileSync(join(folder, '.aegis/owner'), 'secret-of-owner\n', { mode: 0o600 });
    const server = fileURLToPath(new URL('./journal-server.ts', import.meta.url));
    const command = [process.execPath, server, join(folder, 'journal')];
    writeFileSync(
      configuration,
      `[daemon]
addr = "127.0.0.1:0"
[store]
dsn = "${writer}"
password = { env = "LEDGER_PASSWORD" }
owner = { dsn = "${without(roles.owner)}", password = { file = ".aegis/owner" } }
durability = "full"
[[agents]]
name = "remote"
token = { file = ".aegis/token" }
[[servers]]
name = "journal"
command = ${JSON.stringify(command)}
[[policies]]
name = "write"
action = "allow"
when = { tool_name = "write" }
`,
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('records, seals and verifies, as a role that can append and nothing else', {
    timeout: 60_000,
  }, async () => {
    const daemon = await startDaemon(configuration, environment);
    const client = await connectHttp(daemon.url, 'postgres-test-token');
    expect(await client.callTool({ name: 'write', arguments: { n: 1 } })).not.toMatchObject({
      isError: true,
    });
    await client.close();
    expect(await daemon.stop()).toBe(0);
    expect(daemon.output()).toContain(writer);
    expect(daemon.output()).not.toContain('secret-of');

    const verified = await aegis(['verify-ledger', '--config', configuration, '--json'], { environment });
    expect(verified).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true });
    const [{ body } = {}] = await sql(
      superuser,
      "SELECT convert_from(body, 'UTF8') AS body FROM aegis.event ORDER BY position LIMIT 1",
    );
    expect(JSON.parse(String(body))).toMatchObject({
      event_type: 'SESSION_STARTED',
      payload: { durability: 'full' },
    });
    const [{ signed } = {}] = await sql(superuser, 'SELECT count(*) AS signed FROM aegis.checkpoint');
    expect(Number(signed)).toBeGreaterThan(1);
    const dsn = writer.replace('@', ':secret-of-writer@');
    await expect(sql(dsn, 'DELETE FROM aegis.event')).rejects.toThrow(/permission denied/);
  });

  it('says which secret is missing', async () => {
    const failed = await aegis(['verify-ledger', '--config', configuration]);
    expect(failed).toMatchObject({ code: 5, stderr: expect.stringContaining('LEDGER_PASSWORD') });
  });
});
