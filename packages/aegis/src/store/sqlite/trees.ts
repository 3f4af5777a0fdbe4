import type { DatabaseSync } from 'node:sqlite';
import type { TreeStore } from '../../ledger-ports.ts';
import { SqliteCheckpoints } from './checkpoints.ts';
import type { Flush } from '../group-commit.ts';
import type { SqliteConnection } from './connection.ts';
import { reading } from './reading.ts';
import type { RecentEvents } from './recent-events.ts';
import { SqliteSealer } from './sealer.ts';
import { TreeReader } from './tree-reader.ts';
import { TreeWriter } from './tree-writer.ts';

/**
 * The Merkle logs: grown over the writing connection, read over another one. With `flush`, what is written is flushed
 * beside the work, and not within its commit.
 */
export function openTrees(
  connection: SqliteConnection,
  recent: RecentEvents,
  readable: DatabaseSync,
  flush: Flush | undefined,
): TreeStore {
  const { db } = connection;
  const reader = new TreeReader(readable);
  const writer = new TreeWriter(connection);
  const sealer = new SqliteSealer(connection, writer, recent, flush);
  const checkpoints = new SqliteCheckpoints(connection, writer, flush);
  const named = db.prepare('SELECT name FROM installation');
  const name = db.prepare('INSERT INTO installation (id, name) VALUES (1, ?)');
  const installation = (): string | undefined => named.get()?.['name'] as string | undefined;

  return {
    named: () => reader.named(),
    sealed: (log) => reader.sealed(log),
    logs: () => reader.logs(),
    tile: (log, level, n) => reader.tile(log, level, n),
    leafOf: (position) => reader.leafOf(position),
    checkpoint: (log, size) => reader.checkpoint(log, size),
    checkpoints: (log) => reader.checkpoints(log),
    installationLeaves: (first) => reader.installationLeaves(first),
    async installation(made) {
      const known = reading(installation);
      if (known !== undefined) return known;
      return connection.transaction(() => {
        // Another process may have made it meanwhile.
        if (installation() === undefined) name.run(made);
        return installation() ?? made;
      });
    },
    async seal() {
      await sealer.seal();
      return reader.logs();
    },
    addCheckpoint: (checkpoint, leafData) => checkpoints.add(checkpoint, leafData),
  };
}
