import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { changeSecrets, listSecrets } from '../../src/daemon/secret-changes.ts';
import { put } from '../vault/place.ts';
import { describePostgres, dsnWith, sql } from '../store/postgres/cluster.ts';

await describePostgres('the password of the store', (cluster) => {
  it('is put into the vault, and rotated, in whichever order it is changed in the database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aegis-password-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { dsn, owner } = await cluster.roles();
    const { username } = new URL(owner);
    const plain = dsnWith(owner, { password: '' });
    const text = `[vault]\nkey = { env = "K" }\n[store]\ndsn = "${plain}"\npassword = { secret = "PG" }\n`;
    writeFileSync(join(folder, 'aegis.toml'), text);
    const { configuration, diagnostics } = await loadConfiguration(join(folder, 'aegis.toml'));
    if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
    const environment = { K: Buffer.alloc(32, 7).toString('base64') };
    const keep = (value: string) => changeSecrets(configuration, environment, [put('PG', value)], 'ada');

    await keep('secret-of-owner');
    await sql(dsn, `ALTER ROLE ${username} PASSWORD 'second'`);
    await keep('second');
    await keep('third');
    await sql(dsn, `ALTER ROLE ${username} PASSWORD 'third'`);
    await keep('third');
    expect(await listSecrets(configuration)).toMatchObject([{ name: 'PG', version: 4 }]);
    await expect(keep('wrong').then(() => keep('wrong again'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});
