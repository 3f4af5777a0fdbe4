import type { Digest } from '../../model/hash.ts';
import { rootOf } from '../log/grow.ts';
import { equalHashes, HASH_BYTES, leafHash } from '../log/hash.ts';
import { rootOfHashes } from '../log/subtree.ts';
import { hashesAt, type TileCoordinate, TILE_HASHES, tilePath, tileWidth } from '../log/tile.ts';
import type { BundleFinding } from './level.ts';

/**
 * Proves the tiles of a bundle from the root downwards, so that an event is proved by one look into its
 * tile. The tiles above the leaves and those of the right edge are held (1/256 of all hashes); the full
 * tiles of leaves pass by once, in rising order.
 */
export class TileProof {
  readonly #size: number;
  readonly #digest: Digest;
  readonly #held = new Map<string, Uint8Array>();
  /** The full ones among them. */
  readonly #full: TileCoordinate[] = [];
  readonly #wanted: readonly TileCoordinate[];

  /** `older`: the sizes of older trees that `rootAt` will be asked about. */
  constructor(size: number, digest: Digest, older: readonly number[] = []) {
    this.#size = size;
    this.#digest = digest;
    this.#wanted = older.flatMap((leaves) => edgeOf(leaves));
  }

  /** Takes a tile that is not a full tile of leaves; says when it is too short or too long for its place. */
  hold(tile: TileCoordinate, hashes: Uint8Array): BundleFinding | undefined {
    const { level, n, width } = tile;
    const bad = sized(level, n, width, hashes);
    if (bad !== undefined) return bad;
    this.#held.set(tilePath(level, n), hashes);
    if (width === TILE_HASHES) this.#full.push(tile);
    return undefined;
  }

  /** Proves everything that is held, and lets go of what cannot be proved. */
  proveHeld(root: Uint8Array): readonly BundleFinding[] {
    const edge = this.#edge(this.#size);
    if (!Array.isArray(edge)) {
      this.#held.clear();
      return [edge];
    }
    if (!equalHashes(rootOf(this.#size, edge, this.#digest), root)) {
      this.#held.clear();
      const message = 'the tiles of the right edge do not give the root of the log';
      return [{ level: 'inclusion', kind: 'root-mismatch', message }];
    }
    const findings: BundleFinding[] = [];
    for (const { level, n } of this.#full.toSorted((one, other) => other.level - one.level)) {
      const wrong = this.#againstParent(level, n, this.#held.get(tilePath(level, n)) ?? new Uint8Array());
      if (wrong === undefined) continue;
      this.#held.delete(tilePath(level, n));
      findings.push(wrong);
    }
    return findings;
  }

  /** Proves a full tile of leaves. */
  proveLeaves(n: number, hashes: Uint8Array): BundleFinding | undefined {
    const wrong = sized(0, n, TILE_HASHES, hashes) ?? this.#againstParent(0, n, hashes);
    if (wrong === undefined && this.#wanted.some((tile) => tile.level === 0 && tile.n === n)) {
      this.#held.set(tilePath(0, n), hashes);
    }
    return wrong;
  }

  /** The proved partial tile of leaves at the right edge. */
  get lastLeaves(): Uint8Array | undefined {
    return this.#held.get(tilePath(0, Math.floor(this.#size / TILE_HASHES)));
  }

  /** Root of the tree when it had so many leaves, after all tiles passed by; otherwise the path of a tile that is not here. */
  rootAt(size: number): Uint8Array | string {
    const edge = this.#edge(size);
    return Array.isArray(edge) ? rootOf(size, edge, this.#digest) : (edge.file ?? '');
  }

  /** The hashes of the right edge of a tree of so many leaves, per level. */
  #edge(size: number): Uint8Array[] | BundleFinding {
    const edge: Uint8Array[] = [];
    for (let level = 0; hashesAt(level, size) > 0; level++) {
      const width = hashesAt(level, size) % TILE_HASHES;
      const n = Math.floor(hashesAt(level, size) / TILE_HASHES);
      const hashes = width === 0 ? new Uint8Array() : this.#held.get(tilePath(level, n));
      if (hashes === undefined) {
        const file = tilePath(level, n, tileWidth(level, n, this.#size));
        return {
          level: 'inclusion',
          kind: 'missing-tile',
          file,
          message: 'a tile that is needed is not there',
        };
      }
      edge.push(hashes.subarray(0, width * HASH_BYTES));
    }
    return edge;
  }

  #againstParent(level: number, n: number, hashes: Uint8Array): BundleFinding | undefined {
    const file = tilePath(level, n);
    const above = Math.floor(n / TILE_HASHES);
    const parent = this.#held.get(tilePath(level + 1, above));
    if (parent === undefined) {
      const missing = tilePath(level + 1, above, tileWidth(level + 1, above, this.#size));
      const message = `nothing proves it: there is no sound \`${missing}\``;
      return { level: 'inclusion', kind: 'missing-tile', file, message };
    }
    const at = (n % TILE_HASHES) * HASH_BYTES;
    const root = rootOfHashes(hashes, 0, TILE_HASHES, this.#digest);
    if (equalHashes(root, parent.subarray(at, at + HASH_BYTES))) return undefined;
    return {
      level: 'inclusion',
      kind: 'tile-mismatch',
      file,
      message: 'its hashes are not those of the log',
    };
  }
}

/** Whether an event of this hash is the leaf at `index` of a tile of leaves. */
export function isLeaf(eventHash: Uint8Array, tile: Uint8Array, index: number, digest: Digest): boolean {
  const at = index * HASH_BYTES;
  return equalHashes(leafHash(eventHash, digest), tile.subarray(at, at + HASH_BYTES));
}

function edgeOf(size: number): TileCoordinate[] {
  const edge: TileCoordinate[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const width = hashesAt(level, size) % TILE_HASHES;
    if (width > 0) edge.push({ level, n: Math.floor(hashesAt(level, size) / TILE_HASHES), width });
  }
  return edge;
}

function sized(level: number, n: number, width: number, hashes: Uint8Array): BundleFinding | undefined {
  if (hashes.length === width * HASH_BYTES) return undefined;
  const message = `it has ${hashes.length} bytes and should have ${width * HASH_BYTES}`;
  return { level: 'inclusion', kind: 'bad-tile', file: tilePath(level, n, width), message };
}
