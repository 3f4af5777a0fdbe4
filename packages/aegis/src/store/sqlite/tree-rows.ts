import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HASH_BYTES, TILE_HASHES } from '@aegis/core';
import { bytesIn, exact } from './rows.ts';

/** A log's row. */
export interface TreeRow {
  readonly id: number;
  readonly log: string;
  readonly size: number;
  readonly through: number;
}

/** Reads how far the logs have grown, and their tiles. */
export class TreeRows {
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #tile: StatementSync;

  constructor(db: DatabaseSync) {
    const select = `SELECT id, log, ${exact('size')} AS size, ${exact('through')} AS through FROM tree`;
    this.#all = db.prepare(`${select} ORDER BY log`);
    this.#one = db.prepare(`${select} WHERE log = ?`);
    this.#tile = db.prepare('SELECT hashes FROM tile WHERE tree = ? AND level = ? AND n = ?');
  }

  all(): readonly TreeRow[] {
    return this.#all.all() as unknown as TreeRow[];
  }

  of(log: string): TreeRow | undefined {
    return this.#one.get(log) as TreeRow | undefined;
  }

  tile(tree: number, level: number, n: number): Uint8Array | undefined {
    return bytesIn(this.#tile.get(tree, level, n), 'hashes');
  }

  /**
   * The partial tile at the right edge of each level, in a tree of this size. A tile that has grown since
   * gives what it had; one that is gone gives nothing, which no tree has for its edge.
   */
  edge({ id, size }: TreeRow): Uint8Array[] {
    const edge: Uint8Array[] = [];
    for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_HASHES)) {
      const bytes = (hashes % TILE_HASHES) * HASH_BYTES;
      const tile = bytes === 0 ? undefined : this.tile(id, edge.length, Math.floor(hashes / TILE_HASHES));
      edge.push(tile?.slice(0, bytes) ?? new Uint8Array());
    }
    return edge;
  }
}
