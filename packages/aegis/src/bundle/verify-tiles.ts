import {
  type BundleManifest,
  HASH_BYTES,
  hexToBytes,
  parseTilePath,
  TILE_HASHES,
  TileProof,
  tilePath,
  tilesOf,
} from '@aegis/core';
import { digest } from '../platform.ts';
import type { BundleFiles } from './files.ts';
import type { Findings } from './report.ts';

const TILE_BYTES = TILE_HASHES * HASH_BYTES;

/** Proves the tiles that are held: those above the leaves, and those of the right edge. */
export async function verifyHeldTiles(
  files: BundleFiles,
  { size, root, scope }: BundleManifest,
  /** Sizes at which the root of the tree will be asked for. */
  sizes: readonly number[],
  found: Findings,
): Promise<TileProof> {
  const tiles = new TileProof(
    size,
    digest,
    sizes.filter((older) => older > 0 && older <= size),
  );
  for (const path of files.paths()) {
    const tile = parseTilePath(path, size);
    if (tile === undefined || (tile.level === 0 && tile.width === TILE_HASHES)) continue;
    const hashes = await files.read(path, TILE_BYTES);
    const bad = hashes && tiles.hold(tile, hashes);
    if (bad !== undefined) found.add(bad);
  }
  if (scope.kind === 'all') requireAll(files, size, found);
  found.add(...tiles.proveHeld(hexToBytes(root) ?? new Uint8Array()));
  return tiles;
}

/** Stops at the first one that is missing: a bundle may claim any size. */
function requireAll(files: BundleFiles, size: number, found: Findings): void {
  for (const { level, n, width } of tilesOf(size)) {
    const file = tilePath(level, n, width);
    if (files.names(file)) continue;
    const message = 'a bundle of a whole log has all tiles, and bundle.json does not name it';
    found.add({ level: 'inclusion', kind: 'missing-tile', file, message });
    return;
  }
}

/** The full tiles of leaves, each read once, in rising order, and proved before anybody looks into it. */
export class LeafTiles {
  readonly #files: BundleFiles;
  readonly #proof: TileProof;
  readonly #found: Findings;
  readonly #size: number;
  readonly #numbers: readonly number[];
  #next = 0;
  #current: { readonly n: number; readonly hashes: Uint8Array | undefined } | undefined;

  constructor(files: BundleFiles, size: number, proof: TileProof, found: Findings) {
    this.#files = files;
    this.#proof = proof;
    this.#found = found;
    this.#size = size;
    this.#numbers = [...files.paths()]
      .flatMap((path) => parseTilePath(path, size) ?? [])
      .filter(({ level, width }) => level === 0 && width === TILE_HASHES)
      .map(({ n }) => n)
      .toSorted((a, b) => a - b);
  }

  /** The proved tile with this number, which must not be smaller than the one before; undefined when there is none. */
  async at(n: number): Promise<Uint8Array | undefined> {
    if (this.#current?.n === n) return this.#current.hashes;
    await this.#passTo(n);
    let hashes: Uint8Array | undefined;
    if (n === Math.floor(this.#size / TILE_HASHES)) hashes = this.#proof.lastLeaves;
    else if (this.#numbers[this.#next] === n) hashes = await this.#read();
    else this.#missing(n);
    this.#current = { n, hashes };
    return hashes;
  }

  /** Proves those that no event stands in. */
  async finish(): Promise<void> {
    await this.#passTo(Number.POSITIVE_INFINITY);
  }

  async #passTo(n: number): Promise<void> {
    while ((this.#numbers[this.#next] ?? Number.POSITIVE_INFINITY) < n) await this.#read();
  }

  async #read(): Promise<Uint8Array | undefined> {
    const n = this.#numbers[this.#next++] ?? 0;
    const hashes = await this.#files.read(tilePath(0, n), TILE_BYTES);
    const wrong = hashes && this.#proof.proveLeaves(n, hashes);
    if (wrong !== undefined) this.#found.add(wrong);
    return wrong === undefined ? hashes : undefined;
  }

  #missing(n: number): void {
    const message = 'events stand in it, and nothing proves them without it';
    this.#found.add({ level: 'inclusion', kind: 'missing-tile', file: tilePath(0, n), message });
  }
}
