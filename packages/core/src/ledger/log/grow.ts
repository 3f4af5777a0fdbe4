import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { EMPTY_ROOT, HASH_BYTES } from './hash.ts';
import { rootOfHashes } from './subtree.ts';
import { hashesAt, TILE_BYTES, TILE_HASHES } from './tile.ts';

/** A tile that will never change again. */
export interface FullTile {
  readonly level: number;
  readonly n: number;
  /** `TILE_HASHES` hashes, one after the other. */
  readonly hashes: Uint8Array;
}

/** A tree after it has grown. */
export interface Growth {
  readonly size: number;
  /** The hashes of the partial tile at the right edge of each level, from level 0; empty where there is none. */
  readonly edge: readonly Uint8Array[];
  /** The tiles that became full on the way. */
  readonly full: readonly FullTile[];
}

/**
 * Appends leaf hashes to a tree of which only the right edge is at hand. Costs one node hash a leaf. `leaves`: each one
 * leaf hash, or several that stand one after the other.
 *
 * Throws `CHAIN_BROKEN` when the edge is not that of a tree of `size` leaves, and `INTERNAL` when bytes among `leaves`
 * are no leaf hashes.
 */
export function growTree(
  size: number,
  edge: readonly Uint8Array[],
  leaves: readonly Uint8Array[],
  digest: Digest,
): Growth {
  checkEdge(size, edge);
  const full: FullTile[] = [];
  const open = edge.map((hashes, level) => openTile(hashesAt(level + 1, size), hashes));

  const append = (level: number, hashes: Uint8Array): void => {
    for (let from = 0; from < hashes.length; ) {
      const tile = (open[level] ??= openTile(0));
      const part = hashes.subarray(from, from + TILE_BYTES - tile.length);
      tile.hashes.set(part, tile.length);
      tile.length += part.length;
      from += part.length;
      if (tile.length < TILE_BYTES) return;
      full.push({ level, n: tile.n, hashes: tile.hashes });
      open[level] = openTile(tile.n + 1);
      append(level + 1, rootOfHashes(tile.hashes, 0, TILE_HASHES, digest));
    }
  };
  let grown = size;
  for (const hashes of leaves) {
    if (hashes.length === 0 || hashes.length % HASH_BYTES !== 0) {
      throw new AegisError('INTERNAL', `no leaf hashes: ${hashes.length} bytes`);
    }
    append(0, hashes);
    grown += hashes.length / HASH_BYTES;
  }
  return {
    size: grown,
    edge: open.map(({ hashes, length }) => hashes.slice(0, length)),
    full,
  };
}

/**
 * Root of a tree (RFC 6962, section 2.1), from its right edge alone.
 *
 * Throws `CHAIN_BROKEN` when the edge is not that of a tree of `size` leaves.
 */
export function rootOf(size: number, edge: readonly Uint8Array[], digest: Digest): Uint8Array {
  checkEdge(size, edge);
  let root: Uint8Array | undefined;
  for (const hashes of edge) {
    // What the levels below hold beyond this tile is its last and incomplete entry.
    const entries = root === undefined ? hashes : joined(hashes, root);
    if (entries.length > 0) root = rootOfHashes(entries, 0, entries.length / HASH_BYTES, digest);
  }
  return new Uint8Array(root ?? EMPTY_ROOT);
}

interface OpenTile {
  readonly n: number;
  readonly hashes: Uint8Array;
  /** Bytes written. */
  length: number;
}

function openTile(n: number, begun?: Uint8Array): OpenTile {
  const hashes = new Uint8Array(TILE_BYTES);
  if (begun !== undefined) hashes.set(begun);
  return { n, hashes, length: begun?.length ?? 0 };
}

function checkEdge(size: number, edge: readonly Uint8Array[]): void {
  const fits =
    Number.isSafeInteger(size) &&
    hashesAt(edge.length, size) === 0 &&
    edge.every(
      ({ length }, level) =>
        hashesAt(level, size) > 0 && length === (hashesAt(level, size) % TILE_HASHES) * HASH_BYTES,
    );
  if (!fits) throw new AegisError('CHAIN_BROKEN', `the edge is not that of a tree of ${size} leaves`);
}

function joined(hashes: Uint8Array, last: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(hashes.length + last.length);
  bytes.set(hashes);
  bytes.set(last, hashes.length);
  return bytes;
}
