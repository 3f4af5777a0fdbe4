import { HASH_BYTES, TILE_HASHES } from '@aegis/core';
import { exact } from './rows.ts';
import type { Query, Row, Statement } from './statement.ts';

/** A log's row. */
export interface TreeRow {
  readonly id: number;
  readonly log: string;
  readonly size: number;
  readonly through: number;
}

const TREES: Statement = {
  name: 'trees',
  text: 'SELECT id, log, size, through FROM aegis.tree WHERE size > 0 ORDER BY log',
};

const TREE: Statement = {
  name: 'tree',
  text: 'SELECT id, log, size, through FROM aegis.tree WHERE log = $1',
};

const TILE: Statement = {
  name: 'tile',
  text: `SELECT string_agg(hashes, ''::bytea ORDER BY first) AS hashes FROM aegis.tile
    WHERE tree = $1 AND level = $2 AND n = $3`,
};

// One tile a level: the one at the right edge of a tree of this size, if it has begun.
const EDGE: Statement = {
  name: 'edge',
  text: `SELECT level, string_agg(hashes, ''::bytea ORDER BY first) AS hashes FROM aegis.tile
    WHERE tree = $1 AND (level, n) IN (
      SELECT level, $2::bigint >> (8 * (level + 1)) FROM generate_series(0, 6) AS level)
    GROUP BY level`,
};

export async function allTrees(query: Query): Promise<readonly TreeRow[]> {
  return (await query(TREES)).map(treeOf);
}

export async function treeNamed(query: Query, log: string): Promise<TreeRow | undefined> {
  const [row] = await query(TREE, log);
  return row && treeOf(row);
}

export async function tileOf(
  query: Query,
  tree: number,
  level: number,
  n: number,
): Promise<Buffer | undefined> {
  const [row] = await query(TILE, tree, level, n);
  return (row?.['hashes'] as Buffer | null) ?? undefined;
}

/**
 * The partial tile at the right edge of each level, in a tree of this size. A tile that has grown since
 * gives what it had; one that is gone gives nothing, which no tree has for its edge.
 */
export async function edgeOf(query: Query, { id, size }: TreeRow): Promise<Uint8Array[]> {
  const rows = size === 0 ? [] : await query(EDGE, id, size);
  const tiles = new Map(rows.map(({ level, hashes }) => [Number(level), hashes as Buffer]));
  const edge: Uint8Array[] = [];
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_HASHES)) {
    const bytes = (hashes % TILE_HASHES) * HASH_BYTES;
    edge.push(new Uint8Array(tiles.get(edge.length)?.subarray(0, bytes) ?? []));
  }
  return edge;
}

function treeOf(row: Row): TreeRow {
  return {
    id: Number(row['id']),
    log: String(row['log']),
    size: exact(row['size']),
    through: exact(row['through']),
  };
}
