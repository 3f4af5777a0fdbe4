import { growTree } from '../../../src/ledger/log/grow.ts';
import { leafHash } from '../../../src/ledger/log/hash.ts';
import { tilePath } from '../../../src/ledger/log/tile.ts';
import type { TileReader } from '../../../src/ledger/log/tile-reader.ts';
import { digest } from './digest.ts';

/** Leaf data that differ. */
export const dataOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`leaf ${i}`));

export const leavesOf = (count: number): Uint8Array[] => dataOf(count).map((data) => leafHash(data, digest));

/** The tiles of a tree as a store would keep them: those that are full, and the edge. */
export class TileShelf implements TileReader {
  readonly tiles = new Map<string, Uint8Array>();
  /** The paths that were read, in order. */
  readonly read: string[] = [];
  size = 0;
  edge: readonly Uint8Array[] = [];

  constructor(leaves: readonly Uint8Array[] = []) {
    this.grow(leaves);
  }

  grow(leaves: readonly Uint8Array[]): void {
    const grown = growTree(this.size, this.edge, leaves, digest);
    this.size = grown.size;
    this.edge = grown.edge;
    for (const { level, n, hashes } of grown.full) this.tiles.set(tilePath(level, n), hashes);
    for (const [level, hashes] of grown.edge.entries()) {
      const n = Math.floor(this.size / 256 ** (level + 1));
      if (hashes.length > 0) this.tiles.set(tilePath(level, n), hashes);
    }
  }

  tile(level: number, n: number, width: number): Uint8Array {
    this.read.push(tilePath(level, n, width));
    const hashes = this.tiles.get(tilePath(level, n));
    if (hashes === undefined) throw new Error(`no tile ${tilePath(level, n)}`);
    return hashes;
  }
}
