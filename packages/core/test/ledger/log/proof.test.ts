import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, verifyConsistency } from '../../../src/ledger/log/consistency.ts';
import { rootOf } from '../../../src/ledger/log/grow.ts';
import { EMPTY_ROOT, nodeHash } from '../../../src/ledger/log/hash.ts';
import { inclusionProof, leafHashAt, verifyInclusion } from '../../../src/ledger/log/inclusion.ts';
import { hashesAt } from '../../../src/ledger/log/tile.ts';
import type { TileReader } from '../../../src/ledger/log/tile-reader.ts';
import { digest } from './digest.ts';
import { NaiveTree } from './naive-tree.ts';
import { dataOf, leavesOf, TileShelf } from './tree.ts';

const SIZE = 300;
const leaves = leavesOf(SIZE);
const naive = new NaiveTree(dataOf(SIZE));
const shelf = new TileShelf(leaves);

/** All small sizes, those around a full tile, and some between. */
const SIZES = Array.from({ length: SIZE }, (_, i) => i + 1).filter(
  (size) => size <= 140 || size % 16 === 0 || (size >= 252 && size <= 260) || size === SIZE,
);

const root = (size: number): Uint8Array => naive.root(0, size);
const leafAt = (i: number): Uint8Array => leaves[i] as Uint8Array;
const hex = (hashes: readonly Uint8Array[]): string =>
  hashes.map((h) => Buffer.from(h).toString('hex')).join();

const flipped = (hash: Uint8Array, bit: number): Uint8Array => {
  const copy = new Uint8Array(hash);
  const at = Math.floor(bit / 8);
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
};

/** Everything that can be wrong with a list of hashes. */
function* mutations(proof: readonly Uint8Array[], bit: number): Generator<readonly Uint8Array[]> {
  for (const [i, hash] of proof.entries()) {
    yield proof.with(i, flipped(hash, bit));
    yield proof.with(i, hash.subarray(1));
    yield proof.toSpliced(i, 1);
    yield proof.toSpliced(i, 0, hash);
    const next = proof[i + 1];
    if (next !== undefined) yield proof.with(i, next).with(i + 1, hash);
  }
  yield [...proof, EMPTY_ROOT];
  yield [EMPTY_ROOT, ...proof];
}

describe('inclusion', () => {
  test('of every leaf of every such tree is proved as RFC 6962 defines it', async () => {
    for (const size of SIZES) {
      for (let leaf = 0; leaf < size; leaf++) {
        const proof = await inclusionProof(leaf, size, shelf, digest);
        if (hex(proof) !== hex(naive.path(leaf, size))) expect.fail(`leaf ${leaf} of ${size}`);
        if (!verifyInclusion(leafAt(leaf), leaf, size, root(size), proof, digest)) {
          expect.fail(`leaf ${leaf} of ${size} is not verified`);
        }
      }
    }
  });

  test('no changed proof verifies, nor a proof of another leaf, place or root', async () => {
    let tried = 0;
    for (const size of [1, 2, 3, 7, 8, 13, 64, 255, 256, 257, 300]) {
      for (const leaf of new Set(
        [0, 1, 2, size >> 1, size - 2, size - 1].filter((i) => i >= 0 && i < size),
      )) {
        const proof = await inclusionProof(leaf, size, shelf, digest);
        const verify = (changed: {
          hash?: Uint8Array;
          leaf?: number;
          root?: Uint8Array;
          proof?: readonly Uint8Array[];
        }): boolean =>
          verifyInclusion(
            changed.hash ?? leafAt(leaf),
            changed.leaf ?? leaf,
            size,
            changed.root ?? root(size),
            changed.proof ?? proof,
            digest,
          );
        for (const mutated of mutations(proof, (leaf * 31) % 256)) {
          expect(verify({ proof: mutated })).toBe(false);
          tried += 1;
        }
        for (let other = -1; other <= size; other++) {
          if (other !== leaf) expect(verify({ leaf: other })).toBe(false);
        }
        expect(verify({ hash: flipped(leafAt(leaf), 9) })).toBe(false);
        expect(verify({ root: flipped(root(size), 255) })).toBe(false);
        expect(verify({ root: new Uint8Array() })).toBe(false);
        expect(verify({})).toBe(true);
      }
    }
    expect(tried).toBeGreaterThan(1000);
  });

  test('reads each tile once, with its width, and no tile that it does not need', async () => {
    const large = new TileShelf(leavesOf(70_000));
    await inclusionProof(300, 70_000, large, digest);
    expect(large.read.sort()).toEqual(['tile/0/001', 'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17']);
  });

  test('a leaf hash is read from its tile', async () => {
    for (const leaf of [0, 255, 256, 299]) {
      expect(hex([await leafHashAt(leaf, SIZE, shelf)])).toBe(hex([leafAt(leaf)]));
    }
  });

  test.each([
    [0, 0],
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [Number.NaN, 5],
    [0, Number.POSITIVE_INFINITY],
  ])('leaf %d of a tree of %d leaves is refused', async (leaf, size) => {
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' });
    await expect(inclusionProof(leaf, size, shelf, digest)).rejects.toThrow(refused);
    await expect(leafHashAt(leaf, size, shelf)).rejects.toThrow(refused);
    expect(verifyInclusion(leafAt(0), leaf, size, root(5), [], digest)).toBe(false);
  });

  test('a tile that is too short is found, not read past its end', async () => {
    const short: TileReader = { tile: (level, n, width) => shelf.tile(level, n, width).subarray(0, 32) };
    await expect(inclusionProof(3, SIZE, short, digest)).rejects.toThrow('`tile/0/000` has only 1 hashes');
  });
});

describe('consistency', () => {
  test('of every such tree with every smaller one is proved as RFC 6962 defines it', async () => {
    for (const to of SIZES) {
      for (let from = 1; from <= to; from++) {
        const proof = await consistencyProof(from, to, shelf, digest);
        if (hex(proof) !== hex(naive.proof(from, to))) expect.fail(`from ${from} to ${to}`);
        if (!verifyConsistency(from, root(from), to, root(to), proof, digest)) {
          expect.fail(`from ${from} to ${to} is not verified`);
        }
      }
    }
  });

  test('no changed proof verifies, nor one with another root', async () => {
    let tried = 0;
    for (const to of [1, 2, 3, 7, 8, 13, 64, 255, 256, 257, 300]) {
      for (const from of new Set([1, 2, 3, to >> 1, to - 1, to].filter((i) => i >= 1 && i <= to))) {
        const proof = await consistencyProof(from, to, shelf, digest);
        for (const mutated of mutations(proof, (from * 31) % 256)) {
          expect(verifyConsistency(from, root(from), to, root(to), mutated, digest)).toBe(false);
          tried += 1;
        }
        expect(verifyConsistency(from, flipped(root(from), 7), to, root(to), proof, digest)).toBe(false);
        expect(verifyConsistency(from, root(from), to, flipped(root(to), 7), proof, digest)).toBe(false);
        expect(verifyConsistency(from, root(from), to, root(to), proof, digest)).toBe(true);
      }
    }
    expect(tried).toBeGreaterThan(500);
  });

  test('the empty tree begins every tree, without a proof', async () => {
    expect(await consistencyProof(0, 7, shelf, digest)).toEqual([]);
    expect(verifyConsistency(0, EMPTY_ROOT, 7, root(7), [], digest)).toBe(true);
    expect(verifyConsistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [], digest)).toBe(true);
    expect(verifyConsistency(0, root(7), 7, root(7), [], digest)).toBe(false);
    expect(verifyConsistency(0, EMPTY_ROOT, 7, root(7), [root(1)], digest)).toBe(false);
    expect(verifyConsistency(0, root(1), 0, root(1), [], digest)).toBe(false);
  });

  test('a tree that shrank, or another history of the same size, is not consistent', async () => {
    const fork = new NaiveTree([Buffer.from('another'), ...dataOf(6)]);
    expect(verifyConsistency(7, root(7), 6, root(6), [], digest)).toBe(false);
    expect(verifyConsistency(7, root(7), 7, fork.root(0, 7), [], digest)).toBe(false);
    expect(verifyConsistency(4, root(4), 7, fork.root(0, 7), fork.proof(4, 7), digest)).toBe(false);
    await expect(consistencyProof(7, 6, shelf, digest)).rejects.toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

/**
 * A tree of any size whose leaves are all the same, so that all subtrees of one height are: its tiles
 * need no memory.
 */
function uniformTree(size: number): { reader: TileReader; root: Uint8Array } {
  const roots = [leafAt(0)];
  for (let height = 1; height <= 56; height++) {
    const below = roots[height - 1] as Uint8Array;
    roots.push(nodeHash(below, below, digest));
  }
  const tile = (level: number, _: number, width: number) =>
    Buffer.concat(Array<Uint8Array>(width).fill(roots[8 * level] as Uint8Array));
  const edge: Uint8Array[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++)
    edge.push(tile(level, 0, hashesAt(level, size) % 256));
  return { reader: { tile }, root: rootOf(size, edge, digest) };
}

describe('trees of sizes beyond 32 bits', () => {
  const to = 2 ** 45 + 2 ** 33 + 12_345;
  const large = uniformTree(to);

  test.each([0, 2 ** 31, 2 ** 32 + 1, 2 ** 45 - 1, 2 ** 45, to - 1])('leaf %d is proved', async (leaf) => {
    const proof = await inclusionProof(leaf, to, large.reader, digest);
    expect(verifyInclusion(leafAt(0), leaf, to, large.root, proof, digest)).toBe(true);
    expect(verifyInclusion(leafAt(1), leaf, to, large.root, proof, digest)).toBe(false);
  });

  test.each([1, 2 ** 31, 2 ** 32 + 1, 2 ** 45, 2 ** 45 + 3, to])('%d leaves begin it', async (from) => {
    const proof = await consistencyProof(from, to, large.reader, digest);
    const before = uniformTree(from).root;
    expect(verifyConsistency(from, before, to, large.root, proof, digest)).toBe(true);
    expect(verifyConsistency(from, large.root, to, before, proof, digest)).toBe(from === to);
  });
});

describe('verifying whatever is handed in', () => {
  const numbers = fc.oneof(fc.nat(40), fc.double(), fc.maxSafeInteger(), fc.integer());
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...leaves.slice(0, 8)));

  test('answers no and never throws', () => {
    fc.assert(
      fc.property(
        numbers,
        numbers,
        bytes,
        bytes,
        fc.array(bytes, { maxLength: 8 }),
        (a, b, one, other, proof) => {
          fc.pre(a !== b);
          expect(verifyInclusion(one, a, b, other, proof, digest)).toBe(
            a === 0 && b === 1 && proof.length === 0 && hex([one]) === hex([other]) && one.length === 32,
          );
          expect(verifyConsistency(a, one, b, other, proof, digest)).toBe(false);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
