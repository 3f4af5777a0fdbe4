import { HASH_BYTES, leafHash, nodeHash, type TileReader } from '@aegis/core';
import type { TreeView } from '../../src/ledger-ports.ts';
import { digest } from '../../src/platform.ts';
import type { StoredEntry } from '../../src/ports.ts';

/** The root of a tree over these events, by the definition (RFC 6962, section 2.1) and nothing else. */
export function rootOver(entries: readonly Pick<StoredEntry, 'hash'>[]): string {
  return Buffer.from(root(entries.map(({ hash }) => leafHash(Buffer.from(hash, 'hex'), digest)))).toString(
    'hex',
  );
}

function root(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return digest(new Uint8Array());
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(root(hashes.slice(0, split)), root(hashes.slice(split)), digest);
}

/** Reads a log's tiles as proofs need them. */
export function tilesOf(trees: TreeView, log: string): TileReader {
  return {
    async tile(level, n, width) {
      const hashes = await trees.tile(log, level, n);
      if (hashes === undefined || hashes.length < width * HASH_BYTES) throw new Error('no such tile');
      return hashes;
    },
  };
}
