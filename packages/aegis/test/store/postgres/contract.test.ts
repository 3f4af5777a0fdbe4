import { openPostgresStore } from '../../../src/store/postgres.ts';
import { ledgerContract } from '../contract.ts';
import { describePostgres } from './cluster.ts';

await describePostgres('PostgreSQL', (cluster) => {
  const dsns = new Map<string, Promise<string>>();
  ledgerContract('PostgreSQL', async ({ ledger, ...options }) => {
    const dsn = dsns.get(ledger) ?? cluster.database();
    dsns.set(ledger, dsn);
    return openPostgresStore(await dsn, options);
  });
});
