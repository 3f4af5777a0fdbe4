import type { StatementSync } from 'node:sqlite';
import { growTree, hashesAt } from '@aegis/core';
import { digest } from '../../platform.ts';
import type { SqliteConnection } from './connection.ts';
import { type TreeRow, TreeRows } from './tree-rows.ts';

/** Grows the trees, inside a transaction. */
export class TreeWriter {
  readonly rows: TreeRows;
  readonly #add: StatementSync;
  readonly #grow: StatementSync;
  readonly #addTile: StatementSync;
  readonly #growTile: StatementSync;

  constructor({ db }: SqliteConnection) {
    this.rows = new TreeRows(db);
    this.#add = db.prepare('INSERT INTO tree (log, size, through) VALUES (?, 0, 0)');
    this.#grow = db.prepare('UPDATE tree SET size = ?, through = ? WHERE id = ?');
    this.#addTile = db.prepare('INSERT INTO tile (hashes, tree, level, n) VALUES (?, ?, ?, ?)');
    this.#growTile = db.prepare('UPDATE tile SET hashes = ? WHERE tree = ? AND level = ? AND n = ?');
  }

  /**
   * Appends leaf hashes to a log, which is made when there is none. `through`: position of the newest
   * event among them. Throws `CHAIN_BROKEN` when the tiles at its edge are not as they must be.
   */
  grow(log: string, leaves: readonly Uint8Array[], through: number): TreeRow {
    const before = this.rows.of(log) ?? this.#made(log);
    const edge = this.rows.edge(before);
    const grown = growTree(before.size, edge, leaves, digest);
    const keep = (level: number, n: number, hashes: Uint8Array): void => {
      const begun = edge[level]?.length ?? 0;
      const isEdge = begun > 0 && n === hashesAt(level + 1, before.size);
      if (!isEdge) this.#addTile.run(hashes, before.id, level, n);
      else if (hashes.length > begun) this.#growTile.run(hashes, before.id, level, n);
    };
    for (const { level, n, hashes } of grown.full) keep(level, n, hashes);
    for (const [level, hashes] of grown.edge.entries()) {
      if (hashes.length > 0) keep(level, hashesAt(level + 1, grown.size), hashes);
    }
    this.#grow.run(grown.size, through, before.id);
    return { ...before, size: grown.size, through };
  }

  #made(log: string): TreeRow {
    return { id: Number(this.#add.run(log).lastInsertRowid), log, size: 0, through: 0 };
  }
}
