import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SessionPlace, StoredSnapshot } from '../../ledger-ports.ts';
import type { SqliteConnection } from './connection.ts';
import { reading } from './reading.ts';

/** Keeps one snapshot of a session, the newest. */
export class SqliteSnapshots {
  readonly #connection: SqliteConnection;
  readonly #put: StatementSync;
  readonly #get: StatementSync;

  constructor(connection: SqliteConnection, readable: DatabaseSync) {
    this.#connection = connection;
    this.#put = connection.db.prepare(
      `INSERT INTO snapshot (sid, seq, hash, body)
         SELECT sid, :seq, :hash, :body FROM session WHERE tenant = :tenant AND session = :session
       ON CONFLICT (sid) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, body = excluded.body
         WHERE excluded.seq > seq`,
    );
    this.#get = readable.prepare(
      `SELECT seq, hash, snapshot.body FROM snapshot JOIN session USING (sid)
       WHERE tenant = ? AND session = ?`,
    );
  }

  put({ tenant, session, seq, hash, body }: StoredSnapshot): void {
    // A snapshot is no evidence: it may be lost with the power, and is checked when it is used.
    this.#connection.unflushed(() => this.#put.run({ tenant, session, seq, hash, body }));
  }

  get({ tenant, session }: SessionPlace): StoredSnapshot | undefined {
    const row = reading(() => this.#get.get(tenant, session));
    if (row === undefined) return undefined;
    const { seq, hash, body } = row;
    return { tenant, session, seq: Number(seq), hash: String(hash), body: String(body) };
  }
}
