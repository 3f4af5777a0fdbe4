import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MisownedSession, StoredProcess } from '../../ledger-ports.ts';
import { exactOrNull } from './rows.ts';

/** Reads to which processes the sessions belong. */
export class OwnerRows {
  readonly #processes: StatementSync;
  readonly #misowned: StatementSync;

  constructor(db: DatabaseSync) {
    this.#processes = db.prepare(
      `WITH own AS (SELECT owner, count(*) AS sessions FROM session WHERE owner IS NOT NULL GROUP BY owner)
       SELECT coalesce(owner, writer) AS writer, ${exactOrNull('until_ms')} AS until_ms, ifnull(sessions, 0) AS sessions
       FROM own FULL JOIN lease ON writer = owner ORDER BY 1`,
    );
    // The entries of an archived session are gone: it has ended.
    this.#misowned = db.prepare(
      `SELECT tenant, session, owner FROM session LEFT JOIN event ON position = newest
       WHERE (owner IS NULL) <> (body IS NULL OR body GLOB '{"event_type":"TERMINATION",*')
       ORDER BY session.sid LIMIT ?`,
    );
  }

  processes(): readonly StoredProcess[] {
    return this.#processes.all().map((row) => ({
      writer: String(row['writer']),
      untilMs: row['until_ms'] === null ? undefined : Number(row['until_ms']),
      sessions: Number(row['sessions']),
    }));
  }

  misowned(limit: number): readonly MisownedSession[] {
    return this.#misowned.all(limit).map(({ tenant, session, owner }) => ({
      tenant: String(tenant),
      session: String(session),
      owner: owner === null ? undefined : String(owner),
    }));
  }
}
