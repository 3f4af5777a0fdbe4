import { AegisError, HASH_BYTES, leafHasher } from '@aegis/core';
import type { Pool } from 'pg';
import { digest } from '../../platform.ts';
import { exact } from './rows.ts';
import { numbers, type Query, type Statement } from './statement.ts';
import { inTransaction } from './transaction.ts';
import { growLog, lockTrees } from './tree-growth.ts';

/** Events in one transaction. */
const BATCH_EVENTS = 4096;

const SEALED: Statement = {
  name: 'sealed',
  text: `SELECT (SELECT position FROM aegis.log WHERE id = 1) AS head,
    (SELECT coalesce(max(through), 0) FROM aegis.tree) AS through`,
};

// Consecutive positions of one tenant come as one row.
const UNSEALED: Statement = {
  name: 'unsealed',
  text: `WITH entry AS (
      SELECT position, tenant, hash FROM aegis.event LEFT JOIN aegis.session USING (sid)
      WHERE position > $1 AND position <= $2
    ), run AS (
      SELECT entry.*, position - row_number() OVER (PARTITION BY tenant ORDER BY position) AS island FROM entry
    )
    SELECT tenant, min(position) AS first, count(*) AS count, string_agg(hash, ''::bytea ORDER BY position) AS hashes
    FROM run GROUP BY tenant, island ORDER BY 2`,
};

const ADD_LEAVES: Statement = {
  name: 'add_leaves',
  text: `INSERT INTO aegis.leaf (position, tree, leaf, count)
    SELECT position, $1, leaf, count FROM unnest($2::bigint[], $3::bigint[], $4::bigint[])
      AS run (position, leaf, count)`,
};

interface Run {
  readonly tenant: string;
  /** Position of its first event. */
  readonly first: number;
  readonly hashes: readonly Uint8Array[];
}

/** Moves everything that is committed now into the tree of its tenant. */
export async function sealAll(pool: Pool): Promise<void> {
  while (await inTransaction(pool, sealBatch));
}

/** Answers whether there is more. */
async function sealBatch(query: Query): Promise<boolean> {
  await lockTrees(query);
  // Under the lock: what another process has sealed meanwhile does not enter twice.
  const [row] = await query(SEALED);
  const [through, head] = [exact(row?.['through']), exact(row?.['head'])];
  if (through >= head) return false;
  const end = Math.min(head, through + BATCH_EVENTS);
  const runs = (await query(UNSEALED, through, end)).map((found) => ({
    tenant: String(found['tenant'] ?? ''),
    first: exact(found['first']),
    hashes: hashesIn(found['hashes'] as Buffer, Number(found['count'])),
  }));
  checkComplete(runs, through, end);
  for (const tenant of new Set(runs.map((run) => run.tenant))) {
    await growBy(
      query,
      tenant,
      runs.filter((run) => run.tenant === tenant),
    );
  }
  return end < head;
}

async function growBy(query: Query, tenant: string, runs: readonly Run[]): Promise<void> {
  const leaves = runs.flatMap(({ hashes }) => hashes.map(leafHasher(digest)));
  const last = runs.at(-1);
  const { id, size } = await growLog(
    query,
    tenant,
    leaves,
    (last?.first ?? 1) + (last?.hashes.length ?? 0) - 1,
  );
  let leaf = size - leaves.length;
  const starts = runs.map(({ hashes }) => {
    const start = leaf;
    leaf += hashes.length;
    return start;
  });
  await query(
    ADD_LEAVES,
    id,
    numbers(runs.map(({ first }) => first)),
    numbers(starts),
    numbers(runs.map(({ hashes }) => hashes.length)),
  );
}

/** INVARIANT: leaves stand in the order of the positions; what is missing is never passed over. */
function checkComplete(runs: readonly Run[], through: number, end: number): void {
  let next = through + 1;
  for (const { tenant, first, hashes } of runs) {
    if (first !== next || tenant === '') throw missing(next);
    next += hashes.length;
  }
  if (next <= end) throw missing(next);
}

function missing(position: number): AegisError {
  return new AegisError('CHAIN_BROKEN', `position ${position} cannot be sealed: its entry is missing`);
}

function hashesIn(bytes: Buffer, count: number): readonly Uint8Array[] {
  if (bytes.length !== count * HASH_BYTES) {
    throw new AegisError('CHAIN_BROKEN', 'an entry cannot be sealed: its hash has another length');
  }
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
