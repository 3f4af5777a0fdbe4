import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { PermitBlock, PermitRequest, PermitStore } from '../../ledger-ports.ts';
import { blockSize, leaseEndsAfter, partOf, spentAt } from '../permits.ts';
import type { Query, Statement } from './statement.ts';
import { inTransaction } from './transaction.ts';

/** Whoever holds it leases permits of one place alone. The seed tells these locks from others: "AEGR". */
const LOCK: Statement = {
  name: 'lock_permits',
  text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 1095059282))',
};

const NOW: Statement = {
  name: 'permit_clock',
  text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
};

// Rows that another process is about to remove are left to it.
const PRUNE: readonly Statement[] = ['permit_block', 'permit_part'].map((table) => ({
  name: `prune_${table}`,
  text: `DELETE FROM aegis.${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM aegis.${table} WHERE ends_ms <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED))`,
}));

const TAKEN: Statement = {
  name: 'permits_taken',
  text: `SELECT coalesce(sum(permits), 0)::int AS permits, coalesce(min(ends_ms), 0) AS ends_ms FROM (
      SELECT permits, ends_ms FROM aegis.permit_block WHERE place = $1 AND ends_ms > $2
      UNION ALL SELECT permits, ends_ms FROM aegis.permit_part
        WHERE place = $1 AND ends_ms > $2 AND permits > 0) AS taken`,
};

const ADD: Statement = {
  name: 'lease_permits',
  text: 'INSERT INTO aegis.permit_block (id, place, permits, ends_ms) VALUES ($1, $2, $3, $4)',
};

const REMOVE: Statement = {
  name: 'remove_permits',
  text: 'DELETE FROM aegis.permit_block WHERE id = $1 RETURNING id',
};

const SPEND: Statement = {
  name: 'spend_permits',
  text: `INSERT INTO aegis.permit_part (place, part, permits, ends_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (place, part) DO UPDATE
      SET permits = permit_part.permits + excluded.permits,
        ends_ms = greatest(permit_part.ends_ms, excluded.ends_ms)`,
};

/** The permits of all processes on a database, on the clock of its server. */
export function openPermits(pool: Pool): PermitStore {
  return {
    lease(requests) {
      return inTransaction(pool, async (query) => {
        const now = await locked(query, requests);
        const blocks: PermitBlock[] = [];
        for (const request of requests) blocks.push(await leaseOne(query, request, now));
        return blocks;
      });
    },
    settle(blocks) {
      return inTransaction(pool, async (query) => {
        const now = await locked(query, blocks);
        for (const { id, place, windowMs, spent, ageMs } of blocks) {
          const removed = await query(REMOVE, id);
          if (removed.length === 0 || spent === 0) continue;
          const atMs = spentAt(now, ageMs);
          await query(SPEND, place, partOf(atMs, windowMs), spent, atMs + windowMs);
        }
        for (const prune of PRUNE) await query(prune, now);
      });
    },
  };
}

/** Has the places to itself until the end of the transaction, in one order for all processes; gives the time. */
async function locked(query: Query, places: readonly { readonly place: string }[]): Promise<number> {
  for (const place of [...new Set(places.map((one) => one.place))].toSorted()) await query(LOCK, place);
  const [row] = await query(NOW);
  return Number(row?.['ms']);
}

async function leaseOne(
  query: Query,
  { place, most, windowMs, wanted }: PermitRequest,
  now: number,
): Promise<PermitBlock> {
  const [taken] = await query(TAKEN, place, now);
  const id = randomUUID();
  const permits = blockSize(most - Number(taken?.['permits']), wanted);
  if (permits === 0) return { id, permits, waitMs: Math.max(1, Number(taken?.['ends_ms']) - now) };
  await query(ADD, id, place, permits, now + leaseEndsAfter(windowMs));
  return { id, permits, waitMs: 0 };
}
