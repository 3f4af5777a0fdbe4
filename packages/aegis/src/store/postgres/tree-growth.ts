import { growTree, HASH_BYTES, TILE_HASHES } from '@aegis/core';
import { digest } from '../../platform.ts';
import type { Query, Statement } from './statement.ts';
import { edgeOf, type TreeRow, treeNamed } from './tree-rows.ts';

/** Whoever holds this grows trees alone. Appends do not wait for it. */
const LOCK_TREES: Statement = {
  name: 'lock_trees',
  text: `SELECT id FROM aegis.tree WHERE log = '' FOR UPDATE`,
};

const ADD_TREE: Statement = {
  name: 'add_tree',
  text: 'INSERT INTO aegis.tree (size, through, log) VALUES (0, 0, $1) RETURNING id',
};

const GROW_TREE: Statement = {
  name: 'grow_tree',
  text: 'UPDATE aegis.tree SET size = $2, through = $3 WHERE id = $1',
};

const ADD_HASHES: Statement = {
  name: 'add_hashes',
  text: 'INSERT INTO aegis.tile (tree, level, n, first, hashes) VALUES ($1, $2, $3, $4, $5)',
};

/** To the end of the transaction. */
export async function lockTrees(query: Query): Promise<void> {
  await query(LOCK_TREES);
}

/**
 * Appends leaf hashes to a log, which is made when there is none, under the lock of the trees. `through`:
 * position of the newest event among them. Throws `CHAIN_BROKEN` when the tiles at its edge are not as they must be.
 */
export async function growLog(
  query: Query,
  log: string,
  leaves: readonly Uint8Array[],
  through: number,
): Promise<TreeRow> {
  const before = (await treeNamed(query, log)) ?? (await made(query, log));
  const edge = await edgeOf(query, before);
  const grown = growTree(before.size, edge, leaves, digest);
  const keep = async (level: number, n: number, hashes: Uint8Array): Promise<void> => {
    const begun = n === tileAtEdge(level, before.size) ? (edge[level]?.length ?? 0) : 0;
    if (hashes.length === begun) return;
    await query(ADD_HASHES, before.id, level, n, begun / HASH_BYTES, hashes.subarray(begun));
  };
  for (const { level, n, hashes } of grown.full) await keep(level, n, hashes);
  for (const [level, hashes] of grown.edge.entries())
    await keep(level, tileAtEdge(level, grown.size), hashes);
  await query(GROW_TREE, before.id, grown.size, through);
  return { ...before, size: grown.size, through };
}

function tileAtEdge(level: number, size: number): number {
  return Math.floor(size / TILE_HASHES ** (level + 1));
}

async function made(query: Query, log: string): Promise<TreeRow> {
  const [row] = await query(ADD_TREE, log);
  return { id: Number(row?.['id']), log, size: 0, through: 0 };
}
