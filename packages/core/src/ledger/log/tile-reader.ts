import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { HASH_BYTES, nodeHasher } from './hash.ts';
import { type CompleteSubtree, completeSubtrees, type LeafRange, rootOfHashes } from './subtree.ts';
import { TILE_HASHES, TILE_HEIGHT, tilePath, tileWidth } from './tile.ts';

/** Where the tiles of one log are read. */
export interface TileReader {
  /** The hashes of a tile, one after the other: at least `width` of them, also when it has grown since. */
  tile(level: number, n: number, width: number): Uint8Array | Promise<Uint8Array>;
}

/** Reads tiles of a tree of `size` leaves, each once. `CHAIN_BROKEN` when one is too short. */
export type ReadTile = (level: number, n: number) => Promise<Uint8Array>;

export function readingOnce(reader: TileReader, size: number): ReadTile {
  const begun = new Map<string, Promise<Uint8Array>>();
  const read: ReadTile = async (level, n) => {
    const width = tileWidth(level, n, size);
    const hashes = await reader.tile(level, n, width);
    if (hashes.length >= width * HASH_BYTES) return hashes;
    const found = Math.floor(hashes.length / HASH_BYTES);
    throw new AegisError('CHAIN_BROKEN', `\`${tilePath(level, n, width)}\` has only ${found} hashes`);
  };
  return (level, n) => {
    const key = `${level}/${n}`;
    const hashes = begun.get(key) ?? read(level, n);
    begun.set(key, hashes);
    return hashes;
  };
}

/** Roots over ranges of leaves, each aligned as the ranges of a proof are. */
export function rangeRoots(
  ranges: readonly LeafRange[],
  read: ReadTile,
  digest: Digest,
): Promise<Uint8Array[]> {
  const node = nodeHasher(digest);
  const rootIn = async (subtree: CompleteSubtree): Promise<Uint8Array> => {
    const { level, n, first, count } = placeOf(subtree);
    return rootOfHashes(await read(level, n), first, count, digest);
  };
  return Promise.all(
    ranges.map(async (range) => {
      const roots = await Promise.all(completeSubtrees(range).map(rootIn));
      return new Uint8Array(roots.reduceRight((right, left) => node(left, right)));
    }),
  );
}

/** Every complete subtree is a part of one tile, at the level nearest below its root. */
function placeOf({ height, index }: CompleteSubtree) {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const at = index * count;
  return { level, n: Math.floor(at / TILE_HASHES), first: at % TILE_HASHES, count };
}
