import type { Digest } from '../../model/hash.ts';

/** Length of a SHA-256 digest, in bytes. */
export const HASH_BYTES = 32;

/** Root of a tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Uint8Array = new Uint8Array([
  0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae,
  0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

// SECURITY: leaves and nodes are hashed under different prefixes, so that no node passes as a leaf.
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;
const NODE_INPUT = 1 + 2 * HASH_BYTES;

/** Hash of a leaf: SHA-256(0x00 || data) (RFC 6962, section 2.1). */
export function leafHash(data: Uint8Array, digest: Digest): Uint8Array {
  const input = new Uint8Array(1 + data.length);
  input[0] = LEAF_PREFIX;
  input.set(data, 1);
  return digest(input);
}

/** `leafHash` for many leaves whose data are hashes: one buffer serves them all. */
export function leafHasher(digest: Digest): (hash: Uint8Array) => Uint8Array {
  const input = new Uint8Array(1 + HASH_BYTES);
  input[0] = LEAF_PREFIX;
  return (hash) => {
    if (hash.length !== HASH_BYTES) return leafHash(hash, digest);
    input.set(hash, 1);
    return digest(input);
  };
}

/** Where the data of a leaf that is a hash are written, to be hashed many times over. */
export interface LeafSlot {
  /** What the next leaf is. */
  readonly data: Uint8Array;
  /** Writes its `leafHash` into bytes that the caller has, from `at` on. */
  readonly hashInto: (out: Uint8Array, at: number) => void;
}

/** A slot for leaves whose data are hashes: one buffer serves them all. */
export function leafSlot(digest: Digest): LeafSlot {
  const input = new Uint8Array(1 + HASH_BYTES);
  input[0] = LEAF_PREFIX;
  return {
    data: input.subarray(1),
    hashInto: (out, at) => digestInto(digest, input, out, at),
  };
}

/** `leafHasher` that writes into bytes that the caller has, from `at` on. */
export function leafWriter(digest: Digest): (hash: Uint8Array, out: Uint8Array, at: number) => void {
  const slot = leafSlot(digest);
  return (hash, out, at) => {
    if (hash.length !== HASH_BYTES) return out.set(leafHash(hash, digest), at);
    slot.data.set(hash);
    slot.hashInto(out, at);
  };
}

/** Hash of a node over two hashes: SHA-256(0x01 || left || right) (RFC 6962, section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array, digest: Digest): Uint8Array {
  return nodeHasher(digest)(left, right);
}

export type NodeHasher = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** `nodeHash` for many nodes: one buffer serves them all. */
export function nodeHasher(digest: Digest): NodeHasher {
  const input = new Uint8Array(NODE_INPUT);
  input[0] = NODE_PREFIX;
  return (left, right) => {
    input.set(left, 1);
    input.set(right, 1 + HASH_BYTES);
    return digest(input);
  };
}

/** Hashes that stand one after the other, behind room for what a node is hashed over. */
export interface HashRow {
  readonly hashes: Uint8Array;
  /** Writes `nodeHash` over the hashes at `index` and `index + 1` over the one at `to`. */
  readonly hashPair: (index: number, to: number) => void;
}

/** A row of `count` hashes, all zero: pairs are moved within its bytes, which makes no object for any of them. */
export function hashRow(count: number, digest: Digest): HashRow {
  const bytes = new Uint8Array(NODE_INPUT + count * HASH_BYTES);
  const input = bytes.subarray(0, NODE_INPUT);
  input[0] = NODE_PREFIX;
  return {
    hashes: bytes.subarray(NODE_INPUT),
    hashPair: (index, to) => {
      const from = NODE_INPUT + index * HASH_BYTES;
      bytes.copyWithin(1, from, from + 2 * HASH_BYTES);
      digestInto(digest, input, bytes, NODE_INPUT + to * HASH_BYTES);
    },
  };
}

function digestInto(digest: Digest, data: Uint8Array, out: Uint8Array, at: number): void {
  const hash = digest(data, out, at);
  if (hash !== out) out.set(hash, at);
}

/** Whether two hashes are the same bytes. Hashes are public: the time this takes may tell of them. */
export function equalHashes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
