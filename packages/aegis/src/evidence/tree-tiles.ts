import { AegisError, type TileReader, tilePath } from '@aegis/core';
import type { TreeView } from '../ledger-ports.ts';

/** The tiles of one log. Fails with `CHAIN_BROKEN` where one is missing. */
export function tilesOf(trees: Pick<TreeView, 'tile'>, log: string): TileReader {
  return {
    async tile(level, n, width) {
      const hashes = await trees.tile(log, level, n);
      if (hashes !== undefined) return hashes;
      throw new AegisError('CHAIN_BROKEN', `the log \`${log}\` lacks \`${tilePath(level, n, width)}\``);
    },
  };
}
