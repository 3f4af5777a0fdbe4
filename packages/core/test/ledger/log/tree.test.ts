import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growTree, rootOf } from '../../../src/ledger/log/grow.ts';
import { EMPTY_ROOT, leafHash, leafWriter, nodeHash } from '../../../src/ledger/log/hash.ts';
import type { Digest } from '../../../src/model/hash.ts';
import { bytesToHex } from '../../../src/ledger/log/hex.ts';
import { tilePath, tilesOf, tileWidth } from '../../../src/ledger/log/tile.ts';
import { digest } from './digest.ts';
import { NaiveTree } from './naive-tree.ts';
import { dataOf, leavesOf, TileShelf } from './tree.ts';

const grown = (leaves: readonly Uint8Array[]) => growTree(0, [], leaves, digest);

const rootHex = (leaves: readonly Uint8Array[]) =>
  bytesToHex(rootOf(leaves.length, grown(leaves).edge, digest));

/** The leaves and roots that implementations of RFC 6962 have in common since Certificate Transparency began. */
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
const KNOWN_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('hashes', () => {
  test('the empty root is the digest of nothing', () => {
    expect([...EMPTY_ROOT]).toEqual([...digest(new Uint8Array())]);
  });

  test('a leaf made of two hashes is not the node above them', () => {
    const [one, other] = leavesOf(2) as [Uint8Array, Uint8Array];
    const forged = leafHash(Buffer.concat([one, other]), digest);
    expect(bytesToHex(forged)).not.toBe(bytesToHex(nodeHash(one, other, digest)));
  });
});

describe('a growing tree', () => {
  test.each(KNOWN_ROOTS.map((root, size): [number, string] => [size, root]))(
    'of %i known leaves has the known root',
    (size, root) => {
      const leaves = KNOWN_LEAVES.slice(0, size).map((hex) => leafHash(Buffer.from(hex, 'hex'), digest));
      expect(rootHex(leaves)).toBe(root);
    },
  );

  test('has at every size to 600 the root that RFC 6962 defines', () => {
    const naive = new NaiveTree(dataOf(600));
    const shelf = new TileShelf();
    expect(rootOf(0, [], digest)).toEqual(EMPTY_ROOT);
    leavesOf(600).forEach((leaf, i) => {
      shelf.grow([leaf]);
      expect(bytesToHex(rootOf(i + 1, shelf.edge, digest))).toBe(naive.root(0, i + 1).toString('hex'));
    });
  });

  test('ends the same in whatever batches it grows', () => {
    const leaves = leavesOf(1500);
    const atOnce = grown(leaves);
    fc.assert(
      fc.property(fc.array(fc.nat(600), { maxLength: 12 }), (sizes) => {
        let tree = grown([]);
        const full = [];
        for (const size of [...sizes, leaves.length]) {
          tree = growTree(tree.size, tree.edge, leaves.slice(tree.size, tree.size + size), digest);
          full.push(...tree.full);
        }
        expect(tree.size).toBe(atOnce.size);
        expect(tree.edge).toEqual(atOnce.edge);
        expect(full).toEqual(atOnce.full);
      }),
      { numRuns: 60 },
    );
  });

  test('does not ask whether leaves come one by one, or several in a piece', () => {
    const leaves = leavesOf(1_000);
    const pieces = [0, 1, 200, 300, 812, 1_000];
    const inPieces = pieces
      .slice(1)
      .map((end, i) => new Uint8Array(Buffer.concat(leaves.slice(pieces[i], end))));
    expect(grown(inPieces)).toEqual(grown(leaves));
  });

  test('is the same when the digest writes in place', () => {
    const inPlace: Digest = (data, out, at = 0) => {
      const hash = digest(data);
      if (out === undefined) return hash;
      out.set(hash, at);
      return out;
    };
    const leaves = leavesOf(700);
    expect(growTree(0, [], leaves, inPlace)).toEqual(grown(leaves));
    const { edge } = grown(leaves);
    expect(rootOf(700, edge, inPlace)).toEqual(rootOf(700, edge, digest));
    for (const one of [digest, inPlace]) {
      const written = new Uint8Array(96);
      leafWriter(one)(leaves[0] as Uint8Array, written, 32);
      leafWriter(one)(Buffer.from('no hash'), written, 64);
      expect(written.subarray(32, 64)).toEqual(new Uint8Array(leafHash(leaves[0] as Uint8Array, digest)));
      expect(written.subarray(64)).toEqual(new Uint8Array(leafHash(Buffer.from('no hash'), digest)));
    }
  });

  test('leaves the edge and the leaves that it was given as they were', () => {
    const leaves = leavesOf(300);
    const { edge } = grown(leaves.slice(0, 200));
    const before = [...edge, ...leaves].map(bytesToHex);
    growTree(200, edge, leaves.slice(200), digest);
    expect([...edge, ...leaves].map(bytesToHex)).toEqual(before);
  });

  test('costs about one node hash a leaf', () => {
    let hashes = 0;
    growTree(0, [], leavesOf(65_536), (data) => {
      hashes += 1;
      return digest(data);
    });
    expect(hashes).toBe(65_535);
  });

  test.each([255, 256, 257, 65_535, 65_536, 65_537, 65_792])('has the tiles of %i leaves', (size) => {
    const shelf = new TileShelf(leavesOf(size));
    expect(bytesToHex(rootOf(size, shelf.edge, digest))).toBe(
      new NaiveTree(dataOf(size)).root(0, size).toString('hex'),
    );
    for (const { level, n, width } of tilesOf(size)) {
      expect(shelf.tiles.get(tilePath(level, n))).toHaveLength(width * 32);
    }
    expect(shelf.edge.map(({ length }) => length / 32)).toEqual(
      [0, 1, 2].filter((level) => size >= 256 ** level).map((level) => Math.floor(size / 256 ** level) % 256),
    );
  });

  test('has at level 1 the roots of full tiles', () => {
    const { full, edge } = grown(leavesOf(600));
    const naive = new NaiveTree(dataOf(600));
    expect(full.map(({ level, n }) => [level, n])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(Buffer.from(edge[1] ?? []).toString('hex')).toBe(
      Buffer.concat([naive.root(0, 256), naive.root(256, 512)]).toString('hex'),
    );
  });

  test.each<[string, number, number[]]>([
    ['a level too few', 256, [0]],
    ['a level too many', 3, [3, 0]],
    ['too few hashes', 3, [2]],
    ['too many hashes', 3, [4]],
    ['a tile that is full', 256, [256, 1]],
    ['a size that is none', -1, []],
    ['a size that is not exact', 2 ** 53, [0, 0, 0, 0, 0, 0, 32]],
  ])('refuses an edge with %s', (_, size, widths) => {
    const edge = widths.map((width) => new Uint8Array(width * 32));
    const broken = expect.objectContaining({ code: 'CHAIN_BROKEN' });
    expect(() => growTree(size, edge, [], digest)).toThrow(broken);
    expect(() => rootOf(size, edge, digest)).toThrow(broken);
  });

  test.each([0, 31, 33])('refuses a leaf hash of %i bytes', (length) => {
    expect(() => grown([new Uint8Array(length)])).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

describe('tiles', () => {
  test.each([
    [0, 0, undefined, 'tile/0/000'],
    [0, 1_234_067, undefined, 'tile/0/x001/x234/067'],
    [1, 999, 17, 'tile/1/999.p/17'],
    [2, 1000, 256, 'tile/2/x001/000'],
    [0, 2 ** 45, 1, 'tile/0/x035/x184/x372/x088/832.p/1'],
  ])('level %i, index %i, width %s has the path of C2SP tlog-tiles', (level, n, width, path) => {
    expect(tilePath(level, n, width)).toBe(path);
  });

  test('of 70,000 leaves are those of the example in C2SP tlog-tiles', () => {
    const tiles = [...tilesOf(70_000)];
    const full = (level: number) => tiles.filter((tile) => tile.level === level && tile.width === 256).length;
    expect([full(0), full(1), full(2)]).toEqual([273, 1, 0]);
    expect(tiles.filter(({ width }) => width < 256)).toEqual([
      { level: 0, n: 273, width: 112 },
      { level: 1, n: 1, width: 17 },
      { level: 2, n: 0, width: 1 },
    ]);
  });

  test('of 256 leaves are one full tile and one of width 1', () => {
    expect([...tilesOf(256)]).toEqual([
      { level: 0, n: 0, width: 256 },
      { level: 1, n: 0, width: 1 },
    ]);
    expect([...tilesOf(0)]).toEqual([]);
  });

  test('that are not there yet have no width', () => {
    expect(tileWidth(0, 1, 256)).toBe(0);
    expect(tileWidth(0, 7, 256)).toBe(0);
    expect(tileWidth(1, 0, 255)).toBe(0);
    expect(tileWidth(0, 1, 257)).toBe(1);
  });
});
