import type { LedgerStore } from '../../../packages/aegis/src/ledger-ports.ts';
import { openPostgresStore } from '../../../packages/aegis/src/store/postgres.ts';
import { openSqliteStore } from '../../../packages/aegis/src/store/sqlite.ts';

/** The product's store behind `file:` or `postgres:`. */
export async function openStore(dsn: string): Promise<LedgerStore> {
  return dsn.startsWith('file:') ? openSqliteStore(dsn.slice('file:'.length)) : openPostgresStore(dsn);
}
