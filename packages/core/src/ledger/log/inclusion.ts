import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { equalHashes, HASH_BYTES, nodeHasher } from './hash.ts';
import { siblingSides } from './sibling.ts';
import { type LeafRange, splitPoint } from './subtree.ts';
import { TILE_HASHES } from './tile.ts';
import { rangeRoots, readingOnce, type TileReader } from './tile-reader.ts';

/**
 * Shows that a leaf is in the tree of `size` leaves: the hashes beside its path, from the leaf up (RFC
 * 6962, section 2.1.1).
 *
 * Throws `INPUT_INVALID` when the tree has no such leaf, and `CHAIN_BROKEN` when a tile is too short.
 */
export async function inclusionProof(
  leaf: number,
  size: number,
  reader: TileReader,
  digest: Digest,
): Promise<Uint8Array[]> {
  checkLeaf(leaf, size);
  return rangeRoots(besidePath(leaf, { start: 0, end: size }), readingOnce(reader, size), digest);
}

/** The hash of a leaf in the tree of `size` leaves; throws as `inclusionProof` does. */
export async function leafHashAt(leaf: number, size: number, reader: TileReader): Promise<Uint8Array> {
  checkLeaf(leaf, size);
  const hashes = await readingOnce(reader, size)(0, Math.floor(leaf / TILE_HASHES));
  const at = (leaf % TILE_HASHES) * HASH_BYTES;
  return new Uint8Array(hashes.subarray(at, at + HASH_BYTES));
}

/**
 * Whether a proof shows that the tree with this root has this leaf hash at this place (RFC 9162, section
 * 2.1.3.2). Never throws. A root says nothing of its size: the size must come from where the root came.
 */
export function verifyInclusion(
  leafHash: Uint8Array,
  leaf: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
  digest: Digest,
): boolean {
  if (!isLeaf(leaf, size) || ![leafHash, ...proof].every(({ length }) => length === HASH_BYTES)) return false;
  const sides = siblingSides(leaf, size - 1);
  if (proof.length !== sides.length) return false;
  const node = nodeHasher(digest);
  const found = proof.reduce(
    (hash, sibling, i) => (sides[i] === 'left' ? node(sibling, hash) : node(hash, sibling)),
    leafHash,
  );
  return equalHashes(found, root);
}

function isLeaf(leaf: number, size: number): boolean {
  return Number.isSafeInteger(leaf) && Number.isSafeInteger(size) && leaf >= 0 && leaf < size;
}

function checkLeaf(leaf: number, size: number): void {
  if (!isLeaf(leaf, size)) {
    throw new AegisError('INPUT_INVALID', `a tree of ${size} leaves has no leaf ${leaf}`);
  }
}

/** The ranges that hang beside the path to a leaf, from the leaf up. */
function besidePath(leaf: number, { start, end }: LeafRange): LeafRange[] {
  if (end - start === 1) return [];
  const split = start + splitPoint(end - start);
  const [left, right] = [
    { start, end: split },
    { start: split, end },
  ];
  return leaf < split ? [...besidePath(leaf, left), right] : [...besidePath(leaf, right), left];
}
