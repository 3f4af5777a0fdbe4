import { AegisError, HASH_BYTES, hashesAt, TILE_HASHES, tilePath, tilesOf, tileWidth } from '@aegis/core';
import type { BundleSink } from './file-sink.ts';
import type { BundleSource } from './source.ts';

/**
 * Writes the tiles of a log of `size` leaves that prove some of its leaves: all, or by the numbers of
 * their tiles; and those that show what its root was at an older size.
 */
export async function writeTiles(
  sink: BundleSink,
  { trees, tenant }: BundleSource,
  size: number,
  leafTiles: 'all' | ReadonlySet<number>,
  older: number | undefined,
): Promise<void> {
  const coordinates = leafTiles === 'all' ? tilesOf(size) : needed(size, leafTiles, older);
  for (const { level, n, width } of coordinates) {
    const hashes = await trees.tile(tenant, level, n);
    const path = tilePath(level, n, width);
    if (hashes === undefined || hashes.length < width * HASH_BYTES) {
      throw new AegisError('CHAIN_BROKEN', `the log of tenant \`${tenant}\` lacks \`${path}\``, {
        help: '`aegis ledger fsck` says more',
      });
    }
    await sink.write(path, hashes.subarray(0, width * HASH_BYTES));
  }
}

function* needed(
  size: number,
  leafTiles: ReadonlySet<number>,
  older: number | undefined,
): Generator<{ readonly level: number; readonly n: number; readonly width: number }> {
  let below = new Set<number>(leafTiles);
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const numbers = new Set(below);
    const partial = Math.floor(hashesAt(level, size) / TILE_HASHES);
    if (hashesAt(level, size) % TILE_HASHES > 0) numbers.add(partial);
    if (older !== undefined && hashesAt(level, older) % TILE_HASHES > 0) {
      numbers.add(Math.floor(hashesAt(level, older) / TILE_HASHES));
    }
    below = new Set();
    for (const n of numbers) {
      yield { level, n, width: tileWidth(level, n, size) };
      if (n < partial) below.add(Math.floor(n / TILE_HASHES));
    }
  }
}
