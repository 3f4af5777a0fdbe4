import type { Pool } from 'pg';
import type { TreeStore } from '../../ledger-ports.ts';
import { keepCheckpoint } from './checkpoints.ts';
import { sealAll } from './sealer.ts';
import { readingFrom, type Statement } from './statement.ts';
import { inTransaction } from './transaction.ts';
import { readTrees } from './tree-reader.ts';

const NAME: Statement = {
  name: 'name_installation',
  text: 'INSERT INTO aegis.installation (id, name) VALUES (1, $1) ON CONFLICT (id) DO NOTHING',
};

/** The Merkle logs, over any connection of a pool. */
export function openTrees(pool: Pool): TreeStore {
  const read = readingFrom(pool);
  const reader = readTrees(read);
  return {
    ...reader,
    async installation(made) {
      const known = await reader.named();
      if (known !== undefined) return known;
      return inTransaction(pool, async (query) => {
        // Another process may have named it meanwhile.
        await query(NAME, made);
        return (await readTrees(query).named()) ?? made;
      });
    },
    async seal() {
      await sealAll(pool);
      return reader.logs();
    },
    async addCheckpoint(checkpoint, leafData) {
      await inTransaction(pool, (query) => keepCheckpoint(query, checkpoint, leafData));
    },
  };
}
