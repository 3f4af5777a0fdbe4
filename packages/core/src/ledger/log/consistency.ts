import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { EMPTY_ROOT, equalHashes, HASH_BYTES, nodeHasher } from './hash.ts';
import { siblingSides } from './sibling.ts';
import { type LeafRange, splitPoint } from './subtree.ts';
import { rangeRoots, readingOnce, type TileReader } from './tile-reader.ts';

/**
 * Shows that the tree of `to` leaves begins with the tree of `from` leaves (RFC 6962, section 2.1.2).
 * Empty when `from` is 0, for nothing begins everything, and when the sizes are equal.
 *
 * Throws `INPUT_INVALID` when `from` is larger than `to`, and `CHAIN_BROKEN` when a tile is too short.
 */
export async function consistencyProof(
  from: number,
  to: number,
  reader: TileReader,
  digest: Digest,
): Promise<Uint8Array[]> {
  if (!areSizes(from, to)) {
    throw new AegisError('INPUT_INVALID', `a tree of ${to} leaves does not extend one of ${from}`);
  }
  if (from === 0) return [];
  return rangeRoots(addedTo(from, { start: 0, end: to }, true), readingOnce(reader, to), digest);
}

/**
 * Whether a proof shows that the tree with the root `toRoot` begins with the tree with the root `fromRoot`
 * (RFC 9162, section 2.1.4.2). Never throws.
 */
export function verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  to: number,
  toRoot: Uint8Array,
  proof: readonly Uint8Array[],
  digest: Digest,
): boolean {
  if (!areSizes(from, to) || ![fromRoot, toRoot, ...proof].every(({ length }) => length === HASH_BYTES)) {
    return false;
  }
  if (from === 0 && !equalHashes(fromRoot, EMPTY_ROOT)) return false;
  if (from === to) return proof.length === 0 && equalHashes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0;

  // The largest complete subtree at the right edge of the old tree is a node of both trees.
  let index = from - 1;
  let last = to - 1;
  while (index % 2 === 1) {
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  // When it is the whole old tree, its root begins the proof unsaid.
  const [shared, ...siblings] = index === 0 ? [fromRoot, ...proof] : proof;
  const sides = siblingSides(index, last);
  if (shared === undefined || siblings.length !== sides.length) return false;
  const node = nodeHasher(digest);
  let oldHash = shared;
  let newHash = shared;
  for (const [i, sibling] of siblings.entries()) {
    if (sides[i] === 'left') {
      oldHash = node(sibling, oldHash);
      newHash = node(sibling, newHash);
    } else {
      newHash = node(newHash, sibling);
    }
  }
  return equalHashes(oldHash, fromRoot) && equalHashes(newHash, toRoot);
}

function areSizes(from: number, to: number): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to;
}

/** SUBPROOF of RFC 6962: `known` while the range is the whole old tree, whose root the verifier has. */
function addedTo(from: number, { start, end }: LeafRange, known: boolean): LeafRange[] {
  if (from === end) return known ? [] : [{ start, end }];
  const split = start + splitPoint(end - start);
  const [left, right] = [
    { start, end: split },
    { start: split, end },
  ];
  return from <= split ? [...addedTo(from, left, known), right] : [...addedTo(from, right, false), left];
}
