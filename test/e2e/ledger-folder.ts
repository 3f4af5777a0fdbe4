import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll } from 'vitest';
import { openSqliteStore } from '../../packages/aegis/src/store/sqlite.ts';
import { note, SessionWriter, started, toolCall } from '../../packages/aegis/test/store/session-writer.ts';
import { aegis, type Finished } from './aegis.ts';

/** Of the file: a ledger with three sessions, and the key that its checkpoints are signed with. */
export let folder: string;
export let key: string;

/** Makes a ledger for all tests of the file. */
export function ledgerInFolder(): void {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aegis-ledger-e2e-'));
    mkdirSync(at('.aegis'), { mode: 0o700 });
    writeFileSync(at('aegis.toml'), '');
    const store = openSqliteStore(at('.aegis/aegis.db'));
    for (const session of ['ses_a', 'ses_b', 'ses_c']) {
      const writer = new SessionWriter(session, 'default');
      await store.append(
        writer.seal(started, ...toolCall('call_1', `/home/ada/${session}`), note('one more')),
      );
      if (session !== 'ses_c') {
        await store.append(writer.seal({ type: 'TERMINATION', payload: { cause: 'closed' } }));
      }
    }
    await store.close();
    const shown = await run('checkpoint', '--json');
    key = (JSON.parse(shown.stdout) as { keys: string[] }).keys.at(-1) ?? '';
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

export const run = (...args: string[]): Promise<Finished> => aegis(['ledger', ...args], { cwd: folder });
export const at = (name: string): string => join(folder, name);

/** How many values the ledger holds. */
export const values = (): number => {
  const db = new DatabaseSync(at('.aegis/aegis.db'), { readOnly: true });
  const count = Number(db.prepare('select count(*) as n from blob').get()?.['n']);
  db.close();
  return count;
};
