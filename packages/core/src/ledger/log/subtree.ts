import type { Digest } from '../../model/hash.ts';
import { HASH_BYTES, hashRow } from './hash.ts';

/** The leaves of a tree from `start` to `end`, exclusive. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: the 2^height leaves from index * 2^height on. */
export interface CompleteSubtree {
  readonly height: number;
  readonly index: number;
}

/** The largest power of two below `n`, which is at least 2: where RFC 6962 splits `n` leaves. */
export function splitPoint(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

/**
 * Root over `count` hashes that stand one after the other, from the one at `first` (RFC 6962, section
 * 2.1, with the hashes in the place of leaf hashes).
 */
export function rootOfHashes(hashes: Uint8Array, first: number, count: number, digest: Digest): Uint8Array {
  // Level by level, in a copy; a last node without a sibling goes up as it is.
  const { hashes: level, hashPair } = hashRow(count, digest);
  level.set(hashes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES));
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    for (let i = 0; i + 1 < width; i += 2) hashPair(i, i / 2);
    if (width % 2 === 1) {
      const last = (width - 1) * HASH_BYTES;
      level.copyWithin(last / 2, last, last + HASH_BYTES);
    }
  }
  return level.subarray(0, HASH_BYTES);
}

/**
 * The complete subtrees that make up a range, from left to right, each smaller than the one before.
 * `start` must be a multiple of the first one's size, as it is in all ranges of a proof.
 */
export function completeSubtrees({ start, end }: LeafRange): CompleteSubtree[] {
  const subtrees: CompleteSubtree[] = [];
  for (let at = start; at < end; ) {
    let height = 0;
    while (2 ** (height + 1) <= end - at) height += 1;
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}
