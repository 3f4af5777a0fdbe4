import { HASH_BYTES, hashesAt, rootOf, TILE_HASHES } from '@aegis/core';
import type { TreeView } from '../ledger-ports.ts';
import { digest } from '../platform.ts';

/** Root of a log when it had so many leaves, from its tiles; undefined when a tile is gone. */
export async function rootAt(trees: TreeView, log: string, size: number): Promise<Uint8Array | undefined> {
  const edge: Uint8Array[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const bytes = (hashesAt(level, size) % TILE_HASHES) * HASH_BYTES;
    const hashes =
      bytes === 0
        ? new Uint8Array()
        : await trees.tile(log, level, Math.floor(hashesAt(level, size) / TILE_HASHES));
    if (hashes === undefined || hashes.length < bytes) return undefined;
    edge.push(hashes.subarray(0, bytes));
  }
  return rootOf(size, edge, digest);
}
