import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite.ts';

// A process of its own that makes ledgers at appointed times, so that several processes make the
// same one at once. What fails is said on the standard error.
const [folder = '', at = '0', count = '0'] = process.argv.slice(2);
const INTERVAL_MS = 40;

for (let i = 0; i < Number(count); i++) {
  const moment = Number(at) + i * INTERVAL_MS;
  while (Date.now() < moment);
  await openSqliteStore(join(folder, `ledger-${i}`, 'aegis.db')).close();
}
