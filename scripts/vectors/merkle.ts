import { NaiveTree } from '../../packages/core/test/ledger/log/naive-tree.ts';
import { hex, leafData, leafHash, pathOf, rootOf, sha256, TREE_SIZE, tree } from './tree.ts';

const DESCRIPTION =
  'RFC 6962 Merkle trees over SHA-256, and their tiles (C2SP tlog-tiles). All bytes in hex. known: a tree over ' +
  'the eight leaves given, with its root at every size from 0. In all else leaf i has as its data the SHA-256 of ' +
  'the decimal text of i, as an event hash would be. tiles: path and SHA-256 of the bytes of every tile of a ' +
  'tree. Proofs under *_invalid must not verify.';

const KNOWN_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const SIZES = [1, 2, 3, 5, 8, 13, 255, 256, 257, 600, TREE_SIZE];
const PATHS = [
  [0, 0, 256, 'tile/0/000'],
  [0, 7, 1, 'tile/0/007.p/1'],
  [1, 999, 255, 'tile/1/999.p/255'],
  [2, 1000, 256, 'tile/2/x001/000'],
  [0, 1_234_067, 256, 'tile/0/x001/x234/067'],
] as const;

interface Inclusion {
  readonly size: number;
  readonly leaf: number;
  readonly leaf_hash: string;
  readonly root: string;
  readonly proof: readonly string[];
}

interface Consistency {
  readonly from: number;
  readonly from_root: string;
  readonly to: number;
  readonly to_root: string;
  readonly proof: readonly string[];
}

const inclusion = (leaf: number, size: number): Inclusion => ({
  size,
  leaf,
  leaf_hash: hex(leafHash(leafData(leaf))),
  root: rootOf(size),
  proof: pathOf(leaf, size),
});

const consistency = (from: number, to: number): Consistency => ({
  from,
  from_root: rootOf(from),
  to,
  to_root: rootOf(to),
  proof: from === 0 ? [] : tree.proof(from, to).map(hex),
});

/** Places in a range that are worth a look: its ends, its middle, and both sides of a full tile. */
const places = (from: number, to: number): number[] =>
  [...new Set([from, from + 1, Math.floor(to / 2), 255, 256, 65_535, 65_536, to - 1, to])]
    .filter((place) => place >= from && place <= to)
    .sort((a, b) => a - b);

const flip = (digits: string): string => `${digits.slice(0, -1)}${digits.endsWith('0') ? '1' : '0'}`;

/** What can be wrong with a list of hashes, of which there are at least two. */
const wrongProofs = (proof: readonly string[]): [why: string, proof: readonly string[]][] => [
  ['one bit differs', proof.with(1, flip(proof[1] ?? ''))],
  ['the first hash is missing', proof.slice(1)],
  ['the last hash is missing', proof.slice(0, -1)],
  ['a hash too many', [...proof, proof[0] ?? '']],
  ['two hashes are swapped', [proof[1] ?? '', proof[0] ?? '', ...proof.slice(2)]],
  ['a hash is cut short', proof.with(0, (proof[0] ?? '').slice(2))],
  ['no proof', []],
];

function* withWrongProofs<T extends { readonly proof: readonly string[] }>(good: T): Generator<T> {
  for (const [why, proof] of wrongProofs(good.proof)) yield { why, ...good, proof };
}

function wrongInclusions(): object[] {
  const good = inclusion(41, 257);
  return [
    ...withWrongProofs(good),
    { why: 'another leaf hash', ...good, leaf_hash: flip(good.leaf_hash) },
    { why: 'another place', ...good, leaf: 40 },
    { why: 'a place outside the tree', ...good, leaf: 257 },
    { why: 'another root', ...good, root: flip(good.root) },
    { why: 'a tree of another height', ...good, size: 600 },
    { why: 'a tree without leaves', ...inclusion(0, 1), size: 0 },
  ];
}

function wrongConsistencies(): object[] {
  const good = consistency(41, 257);
  return [
    ...withWrongProofs(good),
    { why: 'another old root', ...good, from_root: flip(good.from_root) },
    { why: 'another new root', ...good, to_root: flip(good.to_root) },
    {
      why: 'a tree that shrank',
      ...good,
      from: good.to,
      from_root: good.to_root,
      to: 41,
      to_root: good.from_root,
    },
    { why: 'the same size with two roots', ...consistency(257, 257), from_root: flip(good.to_root) },
    { why: 'the same size with a proof', ...consistency(257, 257), proof: good.proof },
    { why: 'an empty tree with a proof', ...consistency(0, 257), proof: good.proof },
    {
      why: 'an empty tree with another root than the empty one',
      ...consistency(0, 257),
      from_root: good.from_root,
    },
  ];
}

/** Every tile of a tree, as C2SP tlog-tiles defines it: entry i of tile n at level l is a root over 256^l leaves. */
function tilesOf(size: number): { path: string; sha256: string }[] {
  const tiles = [];
  for (let level = 0, span = 1; span <= size; level += 1, span *= 256) {
    const entries = Math.floor(size / span);
    for (let n = 0; n * 256 < entries; n += 1) {
      const width = Math.min(256, entries - n * 256);
      const hashes = Array.from({ length: width }, (_, i) => {
        const start = (n * 256 + i) * span;
        return tree.root(start, start + span);
      });
      const path = `tile/${level}/${String(n).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`;
      tiles.push({ path, sha256: hex(sha256(Buffer.concat(hashes))) });
    }
  }
  return tiles;
}

export function merkleVectors(): object {
  const known = new NaiveTree(KNOWN_LEAVES.map((leaf) => Buffer.from(leaf, 'hex')));
  return {
    description: DESCRIPTION,
    known: {
      leaves: KNOWN_LEAVES,
      roots: Array.from({ length: KNOWN_LEAVES.length + 1 }, (_, size) => hex(known.root(0, size))),
    },
    leaf_hashes: [0, 1, 2].map((i) => hex(leafHash(leafData(i)))),
    roots: [0, ...SIZES, 65_535, 65_536, 65_537].map((size) => ({ size, root: rootOf(size) })),
    paths: PATHS.map(([level, n, width, path]) => ({ level, n, width, path })),
    tiles: [0, 1, 255, 256, 257, 600, TREE_SIZE].map((size) => ({ size, tiles: tilesOf(size) })),
    inclusion: SIZES.flatMap((size) => places(0, size - 1).map((leaf) => inclusion(leaf, size))),
    inclusion_invalid: wrongInclusions(),
    consistency: SIZES.flatMap((to) => places(0, to).map((from) => consistency(from, to))),
    consistency_invalid: wrongConsistencies(),
  };
}
