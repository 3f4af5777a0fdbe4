import { HASH_BYTES, TILE_HASHES } from '@aegis/core';
import type { Query } from './statement.ts';

/** Bits by which the number of a hash is shifted to that of its tile. */
const TILE_BITS = Math.log2(TILE_HASHES);

/** The highest level of which a log can have tiles: it has fewer than 2^53 leaves. */
const HIGHEST_LEVEL = 6;

/** Each gives, in words, rows that no row written by this program would be. */
const STRAYS: readonly string[] = [
  `SELECT 'row ' || id || ' of \`log\`: it has one row' AS what FROM aegis.log WHERE id <> 1`,
  `SELECT 'row ' || id || ' of \`installation\`: it has one row' AS what FROM aegis.installation WHERE id <> 1`,
  `SELECT '\`tree\` of \`' || log || '\`: it has no leaf' AS what FROM aegis.tree
   WHERE size < 0 OR (size = 0 AND (log <> '' OR through <> 0))`,
  `SELECT 'tile ' || level || '/' || n || ' of tree ' || coalesce(tile.tree::text, '') || ': there is no such tile in a tree of '
     || coalesce(size, 0) || ' leaves' AS what
   FROM aegis.tile LEFT JOIN aegis.tree ON tree.id = tile.tree
   WHERE tree.id IS NULL OR level NOT BETWEEN 0 AND ${HIGHEST_LEVEL} OR n < 0
     OR n > ((size >> (${TILE_BITS} * least(greatest(level, 0), ${HIGHEST_LEVEL}))) - 1) >> ${TILE_BITS}`,
  `SELECT 'tile ' || level || '/' || n || ' of tree ' || tree || ': its piece from hash ' || first || ' on is not where it ends'
     AS what
   FROM (
     SELECT tree, level, n, first, coalesce(sum(octet_length(hashes)) OVER (
       PARTITION BY tree, level, n ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
     FROM aegis.tile
   ) AS piece
   WHERE first * ${HASH_BYTES}::bigint <> before`,
  `SELECT '\`leaf\` from position ' || position || ' on: there is no tree ' || tree AS what
   FROM aegis.leaf LEFT JOIN aegis.tree ON tree.id = tree WHERE tree.id IS NULL`,
  `SELECT 'checkpoint ' || checkpoint.id || ': there is no tree ' || tree AS what
   FROM aegis.checkpoint LEFT JOIN aegis.tree ON tree.id = tree WHERE tree.id IS NULL`,
  `SELECT 'checkpoint ' || id || ': it is kept under the origin \`' || origin || '\`, and its note has another one' AS what
   FROM aegis.checkpoint WHERE origin <> split_part(text, E'\\n', 1)`,
  `SELECT 'checkpoint ' || checkpoint.id || ' of \`' || log || '\`: it is no leaf of the log of the installation' AS what
   FROM aegis.checkpoint JOIN aegis.tree ON tree.id = tree
   WHERE log <> '' AND NOT EXISTS (
     SELECT FROM aegis.installation_leaf WHERE installation_leaf.checkpoint = checkpoint.id)`,
  `SELECT 'signature ' || signature.id || ': there is no checkpoint ' || checkpoint AS what
   FROM aegis.signature LEFT JOIN aegis.checkpoint ON checkpoint.id = checkpoint WHERE checkpoint.id IS NULL`,
  `SELECT 'pin \`' || key || '\`: it is kept under the hash of another one' AS what
   FROM aegis.pin WHERE key_hash <> sha256(convert_to(key, 'UTF8'))`,
  `SELECT 'range of positions from ' || coalesce(first::text, relname) || ' on: it is not that of its table' AS what
   FROM aegis.event_range FULL JOIN (
     SELECT relname, pg_get_expr(relpartbound, pg_class.oid) AS bound
     FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'aegis.event'::regclass
   ) AS part ON relname = 'event_' || first
   WHERE bound IS DISTINCT FROM format('FOR VALUES FROM (%L) TO (%L)', first, beyond)`,
];

/** Rows that belong to nothing, or say another thing than the one that they are of: in words, at most so many. */
export async function readStrays(query: Query, limit: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [i, text] of STRAYS.entries()) {
    const rows = await query({ name: `strays_${i}`, text: `${text} LIMIT $1` }, limit - found.length);
    found.push(...rows.map(({ what }) => String(what)));
  }
  return found;
}
