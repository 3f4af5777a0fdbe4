import { AegisError } from '@aegis/core';
import type { Pool } from 'pg';
import type { LeaseStore, SessionPlace } from '../../ledger-ports.ts';
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
  };
}
