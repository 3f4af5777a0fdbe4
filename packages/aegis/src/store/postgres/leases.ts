import { AegisError } from '@aegis/core';
import type { Pool } from 'pg';
import { type LeaseStore, type SessionPlace, WISH_MS } from '../../ledger-ports.ts';
import type { Bound } from './inserts.ts';
import type { Query, Statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

/** How long a process owns the sessions that it starts before its first renewal. */
const FIRST_LEASE_MS = 60_000;

/** Whoever holds this writes alone: positions are given, and sessions change their owners, under it. */
export const LOCK_LOG: Statement = {
  name: 'lock_log',
  text: 'SELECT position FROM aegis.log WHERE id = 1 FOR UPDATE',
};

const BEGIN: Statement = {
  name: 'begin_lease',
  text: 'INSERT INTO aegis.lease (writer, until_ms) VALUES ($1, $2) ON CONFLICT (writer) DO NOTHING',
};

const RENEW: Statement = {
  name: 'renew_lease',
  text: `INSERT INTO aegis.lease (writer, until_ms) VALUES ($1, $2)
    ON CONFLICT (writer) DO UPDATE SET until_ms = excluded.until_ms`,
};

const RELEASE: Statement = { name: 'release_lease', text: 'DELETE FROM aegis.lease WHERE writer = $1' };

const PRUNE: Statement = {
  name: 'prune_leases',
  text: `DELETE FROM aegis.lease WHERE until_ms < $1 AND writer <> $2
    AND NOT EXISTS (SELECT FROM aegis.session WHERE owner = writer)`,
};

const TAKE_OVER: Statement = {
  name: 'take_over',
  text: `UPDATE aegis.session SET owner = $1
    WHERE owner IS NOT NULL AND owner <> $1
      AND NOT EXISTS (SELECT FROM aegis.lease WHERE writer = owner AND until_ms >= $2)
    RETURNING tenant, session`,
};

const OWNER: Statement = {
  name: 'owner_of',
  text: `SELECT owner, EXISTS (SELECT FROM aegis.lease WHERE writer = owner AND until_ms >= $3) AS lives
    FROM aegis.session WHERE tenant = $1 AND session = $2`,
};

const TAKE: Statement = {
  name: 'take_session',
  text: 'UPDATE aegis.session SET owner = $1 WHERE tenant = $2 AND session = $3',
};

// Who asked first has it, unless it has not said so for a while.
const WISH: Statement = {
  name: 'wish',
  text: `INSERT INTO aegis.wish AS known (tenant, session, writer, at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant, session) DO UPDATE SET writer = excluded.writer, at_ms = excluded.at_ms
    WHERE known.writer = excluded.writer OR known.at_ms < excluded.at_ms - ${WISH_MS}`,
};

const WANTED: Statement = {
  name: 'wanted',
  text: `SELECT tenant, session FROM aegis.wish JOIN aegis.session USING (tenant, session)
    WHERE owner = $1 AND at_ms >= $2`,
};

const GIVE: Statement = {
  name: 'give',
  text: `UPDATE aegis.session SET owner = wish.writer FROM aegis.wish
    WHERE session.tenant = wish.tenant AND session.session = wish.session
      AND session.tenant = $1 AND session.session = $2 AND session.owner = $3`,
};

const GRANTED: Statement = {
  name: 'granted',
  text: 'DELETE FROM aegis.wish WHERE tenant = $1 AND session = $2',
};

/** Gives a process a lease when it has none, in the transaction that gives it a session. */
export function beginLease(writer: string, nowMs: number): Bound {
  return { statement: BEGIN, values: [writer, nowMs + FIRST_LEASE_MS] };
}

/** Who owns the sessions, and until when. */
export function openLeases(pool: Pool, writer: string): LeaseStore {
  const begin = async (query: Query, nowMs: number): Promise<void> => {
    const { statement, values } = beginLease(writer, nowMs);
    await query(statement, ...values);
  };
  return {
    writer,
    async renew(nowMs, untilMs) {
      if (untilMs <= nowMs) throw new AegisError('INTERNAL', 'a lease ends after it begins');
      await inTransaction(pool, async (query) => {
        await query(RENEW, writer, untilMs);
        await query(PRUNE, nowMs, writer);
      });
    },
    async release() {
      await inTransaction(pool, (query) => query(RELEASE, writer));
    },
    async takeOver(nowMs): Promise<readonly SessionPlace[]> {
      return inTransaction(pool, async (query) => {
        // A batch that is being written was judged by the owners of before, and is waited for.
        await query(LOCK_LOG);
        const places = await query(TAKE_OVER, writer, nowMs);
        if (places.length > 0) await begin(query, nowMs);
        return places.map(({ tenant, session }) => ({ tenant: String(tenant), session: String(session) }));
      });
    },
    async want({ tenant, session }, nowMs) {
      return inTransaction(pool, async (query) => {
        const holding = async (): Promise<'own' | 'ended' | 'lives' | 'gone'> => {
          const [row] = await query(OWNER, tenant, session, nowMs);
          if (typeof row?.['owner'] !== 'string') return 'ended';
          if (row['owner'] === writer) return 'own';
          return row['lives'] === true ? 'lives' : 'gone';
        };
        const before = await holding();
        if (before === 'lives') {
          await query(WISH, tenant, session, writer, nowMs);
          return 'wished';
        }
        if (before !== 'gone') return before;
        // A batch that is being written was judged by the owner of before, and is waited for.
        await query(LOCK_LOG);
        const now = await holding();
        if (now !== 'gone') return now === 'lives' ? 'wished' : now;
        await query(TAKE, writer, tenant, session);
        await query(GRANTED, tenant, session);
        await begin(query, nowMs);
        return 'taken';
      });
    },
    async wanted(sinceMs) {
      const { rows } = await pool.query({ ...WANTED, values: [writer, sinceMs] });
      return rows.map(({ tenant, session }) => ({ tenant: String(tenant), session: String(session) }));
    },
    async give({ tenant, session }) {
      await inTransaction(pool, async (query) => {
        await query(LOCK_LOG);
        await query(GIVE, tenant, session, writer);
        await query(GRANTED, tenant, session);
      });
    },
  };
}
