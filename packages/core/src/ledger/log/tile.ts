import { HASH_BYTES } from './hash.ts';

/** Levels of the tree that one level of tiles spans (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** Hashes in a full tile. */
export const TILE_HASHES = 2 ** TILE_HEIGHT;

/** Length of a full tile, in bytes. */
export const TILE_BYTES = TILE_HASHES * HASH_BYTES;

/** Where a tile stands in a tree, and how many hashes it has there. */
export interface TileCoordinate {
  /** At level 0 stand leaf hashes; at level L the roots of complete subtrees of 256^L leaves. */
  readonly level: number;
  /** Index within the level. */
  readonly n: number;
  /** `TILE_HASHES`, or fewer at the right edge of the tree. */
  readonly width: number;
}

/** Path of a tile (C2SP tlog-tiles): `tile/0/x001/234`, with `.p/` and the width when it is partial. */
export function tilePath(level: number, n: number, width = TILE_HASHES): string {
  let path = threeDigits(n);
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${threeDigits(rest)}/${path}`;
  }
  return `tile/${level}/${path}${width < TILE_HASHES ? `.p/${width}` : ''}`;
}

/** All tiles of a tree of `size` leaves, level by level and from left to right. */
export function* tilesOf(size: number): Generator<TileCoordinate> {
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const tiles = Math.ceil(hashesAt(level, size) / TILE_HASHES);
    for (let n = 0; n < tiles; n++) yield { level, n, width: tileWidth(level, n, size) };
  }
}

/** How many hashes a tile has in a tree of `size` leaves; 0 when it is not there yet. */
export function tileWidth(level: number, n: number, size: number): number {
  return Math.max(0, Math.min(TILE_HASHES, hashesAt(level, size) - n * TILE_HASHES));
}

/** How many complete subtrees of 256^level leaves a tree of `size` leaves has. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_HASHES ** level);
}

function threeDigits(n: number): string {
  return String(n % 1000).padStart(3, '0');
}
