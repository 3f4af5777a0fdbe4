import type { Pool, PoolClient } from 'pg';
import { storeError } from './failure.ts';
import type { Query } from './statement.ts';

/** Does `work` in one transaction; when it throws, nothing of it is kept. Throws `STORE_UNAVAILABLE`. */
export async function inTransaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  let client: PoolClient | undefined;
  let failure: Error | undefined;
  try {
    const held = (client = await pool.connect());
    // A limit on the COMMIT would end its wait for a synchronous standby, and report success.
    await held.query('BEGIN; SET LOCAL statement_timeout = 0');
    const result = await work(
      async (statement, ...values) => (await held.query({ ...statement, values: [...values] })).rows,
    );
    await held.query('COMMIT');
    return result;
  } catch (error) {
    failure = error as Error;
    throw storeError('the ledger cannot be written', error);
  } finally {
    // A connection on which something failed is not used again: the server ends its transaction with it.
    client?.release(failure);
  }
}
