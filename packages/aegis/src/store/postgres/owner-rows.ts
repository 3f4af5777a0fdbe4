import type { MisownedSession, StoredProcess } from '../../ledger-ports.ts';
import { exact } from './rows.ts';
import type { Query, Statement } from './statement.ts';

const PROCESSES: Statement = {
  name: 'processes',
  text: `WITH own AS (SELECT owner, count(*) AS sessions FROM aegis.session WHERE owner IS NOT NULL GROUP BY owner)
    SELECT coalesce(owner, writer) AS writer, until_ms, coalesce(sessions, 0) AS sessions
    FROM own FULL JOIN aegis.lease ON writer = owner ORDER BY 1`,
};

/** The canonical form of an envelope begins with its type. */
const ENDED = Buffer.from('{"event_type":"TERMINATION",');

// The entries of an archived session are gone: it has ended.
const MISOWNED: Statement = {
  name: 'misowned',
  text: `SELECT tenant, session, owner FROM aegis.session
      LEFT JOIN LATERAL (SELECT body FROM aegis.event WHERE position = newest) AS last ON true
    WHERE (owner IS NULL) <> (body IS NULL OR substr(body, 1, ${ENDED.length}) = $1)
    ORDER BY session.sid LIMIT $2`,
};

/** All that have a lease or a session. */
export async function readProcesses(query: Query): Promise<readonly StoredProcess[]> {
  return (await query(PROCESSES)).map((row) => ({
    writer: String(row['writer']),
    untilMs: row['until_ms'] === null ? undefined : exact(row['until_ms']),
    sessions: exact(row['sessions']),
  }));
}

/** Sessions that have ended and belong to a process, or have not and belong to none. */
export async function readMisowned(query: Query, limit: number): Promise<readonly MisownedSession[]> {
  return (await query(MISOWNED, ENDED, limit)).map(({ tenant, session, owner }) => ({
    tenant: String(tenant),
    session: String(session),
    owner: owner === null ? undefined : String(owner),
  }));
}
