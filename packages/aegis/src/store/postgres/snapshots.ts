import type { Pool } from 'pg';
import type { StoredSnapshot } from '../../ledger-ports.ts';
import type { Statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

const PUT: Statement = {
  name: 'put_snapshot',
  text: `INSERT INTO aegis.snapshot (sid, seq, hash, body)
      SELECT sid, $3, $4, $5 FROM aegis.session WHERE tenant = $1 AND session = $2
    ON CONFLICT (sid) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, body = excluded.body
      WHERE excluded.seq > snapshot.seq`,
};

/** Keeps a snapshot in place of an older one of the same session. */
export async function putSnapshot(pool: Pool, snapshot: StoredSnapshot): Promise<void> {
  const { tenant, session, seq, hash, body } = snapshot;
  await inTransaction(pool, (query) => query(PUT, tenant, session, seq, hash, body));
}
