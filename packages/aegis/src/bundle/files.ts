import { join } from 'node:path';
import { type BundleManifest, UNLISTED_FILES } from '@aegis/core';
import { sha256 } from '../platform.ts';
import { type FolderListing, readBounded } from './folder.ts';
import { LineFile } from './line-file.ts';
import type { Findings } from './report.ts';

/** Largest JSON Schema. */
const MAX_SCHEMA_BYTES = 1024 * 1024;

/**
 * The files of a bundle under verification: each is read once, and held against its hash on the way.
 *
 * SECURITY: a path is opened only when the format knows it and the folder has it as a regular file.
 */
export class BundleFiles {
  readonly #folder: string;
  readonly #manifest: BundleManifest;
  readonly #listing: FolderListing;
  readonly #found: Findings;

  constructor(folder: string, manifest: BundleManifest, listing: FolderListing, found: Findings) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#listing = listing;
    this.#found = found;
    this.#compare();
  }

  get count(): number {
    return this.#listing.files.size;
  }

  /** The paths that bundle.json names and the folder has. */
  *paths(): Generator<string> {
    for (const path of Object.keys(this.#manifest.files)) if (this.#listing.files.has(path)) yield path;
  }

  has(path: string): boolean {
    return this.#listing.files.has(path);
  }

  /** Whether bundle.json names it. */
  names(path: string): boolean {
    return Object.hasOwn(this.#manifest.files, path);
  }

  /** The bytes of a file, also of a changed one; undefined when it is not there or too large. */
  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    if (!this.has(path)) return undefined;
    const bytes = await readBounded(join(this.#folder, path), maxBytes);
    if (bytes === undefined) {
      const message = `it is larger than ${maxBytes} bytes`;
      this.#found.add({ level: 'hashes', kind: 'bad-file', file: path, message });
    } else {
      this.compareHash(path, sha256(bytes));
    }
    return bytes;
  }

  /** Opens a file to be read line by line; undefined when it is not there. */
  lines(path: string, maxLineBytes: number): Promise<LineFile | undefined> {
    return this.has(path)
      ? LineFile.open(join(this.#folder, path), maxLineBytes)
      : Promise.resolve(undefined);
  }

  compareHash(path: string, hash: string): void {
    if (!this.names(path) || this.#manifest.files[path] === hash) return;
    const message = 'it does not have the hash that bundle.json names';
    this.#found.add({ level: 'hashes', kind: 'changed-file', file: path, message });
  }

  /** Reads what no proof needs. */
  async verifyOthers(): Promise<void> {
    for (const path of this.paths()) if (path.startsWith('schema/')) await this.read(path, MAX_SCHEMA_BYTES);
  }

  #compare(): void {
    const { files, folders, others } = this.#listing;
    const expected = new Set([...Object.keys(this.#manifest.files), ...UNLISTED_FILES]);
    for (const path of expected) {
      if (!files.has(path) && !others.has(path)) this.#report('missing-file', path, 'it is not there');
    }
    for (const path of files) {
      if (!expected.has(path)) this.#report('unexpected-file', path, 'it does not belong to the bundle');
    }
    for (const path of others) this.#report('bad-file', path, 'it is not a regular file');
    const parents = new Set([...expected].flatMap(parentsOf));
    for (const path of folders) {
      if (!parents.has(path)) this.#report('unexpected-file', `${path}/`, 'it does not belong to the bundle');
    }
  }

  #report(kind: 'missing-file' | 'unexpected-file' | 'bad-file', file: string, message: string): void {
    this.#found.add({ level: 'hashes', kind, file, message });
  }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
