import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../src/ledger/log/checkpoint.ts';
import { consistencyProof, verifyConsistency } from '../../../src/ledger/log/consistency.ts';
import { verifyCosignatures } from '../../../src/ledger/log/cosignature.ts';
import { growTree, rootOf } from '../../../src/ledger/log/grow.ts';
import { leafHash } from '../../../src/ledger/log/hash.ts';
import { inclusionProof, verifyInclusion } from '../../../src/ledger/log/inclusion.ts';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from '../../../src/ledger/log/key.ts';
import { parseNote } from '../../../src/ledger/log/note.ts';
import { tilePath, tilesOf } from '../../../src/ledger/log/tile.ts';
import { openLogProof } from '../../../src/ledger/log/tlog-proof.ts';
import { digest } from './digest.ts';
import { verify } from './ed25519.ts';
import { TileShelf } from './tree.ts';

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

type Why = { readonly why: string };

interface MerkleVectors {
  readonly known: { readonly leaves: readonly string[]; readonly roots: readonly string[] };
  readonly leaf_hashes: readonly string[];
  readonly roots: readonly { readonly size: number; readonly root: string }[];
  readonly paths: readonly { level: number; n: number; width: number; path: string }[];
  readonly tiles: readonly { size: number; tiles: readonly { path: string; sha256: string }[] }[];
  readonly inclusion: readonly Inclusion[];
  readonly inclusion_invalid: readonly (Inclusion & Why)[];
  readonly consistency: readonly Consistency[];
  readonly consistency_invalid: readonly (Consistency & Why)[];
}

interface CheckpointVectors {
  readonly keys: readonly { role: string; name: string; public_key: string; key_id: string; vkey: string }[];
  readonly keys_invalid: readonly (Why & { vkey: string })[];
  readonly example: { readonly vkey: string; readonly note: string };
  readonly checkpoints: readonly {
    description: string;
    note: string;
    keys: readonly string[];
    by: readonly string[];
    text: string;
    origin: string;
    size: number;
    root: string;
  }[];
  readonly checkpoints_invalid: readonly (Why & { note: string; keys: readonly string[] })[];
  readonly cosignatures: readonly {
    note: string;
    witnesses: readonly string[];
    verified: readonly { key: string; time: number }[];
  }[];
  readonly cosignatures_invalid: readonly (Why & { note: string; witnesses: readonly string[] })[];
  readonly proofs: readonly { proof: string; leaf_hash: string; keys: readonly string[]; index: number }[];
  readonly proofs_invalid: readonly (Why & { proof: string; leaf_hash: string; keys: readonly string[] })[];
  readonly installation_log: {
    readonly note: string;
    readonly key: string;
    readonly leaves: readonly { text: string; leaf: number; leaf_hash: string; proof: readonly string[] }[];
  };
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../../schema/vectors/${name}.json`, import.meta.url), 'utf8'));

const merkle = read('merkle') as MerkleVectors;
const checkpoint = read('checkpoint') as CheckpointVectors;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

const keyOf = (vkey: string): VerifierKey => {
  const key = parseVerifierKey(vkey, digest);
  if (typeof key === 'string') throw new Error(key);
  return key;
};

const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(digest(Buffer.from(String(i))), digest));
const shelf = new TileShelf(leaves);

const rootAt = (size: number): string =>
  hex(rootOf(size, growTree(0, [], leaves.slice(0, size), digest).edge, digest));

const verifiesInclusion = ({ size, leaf, leaf_hash, root, proof }: Inclusion): boolean =>
  verifyInclusion(bytes(leaf_hash), leaf, size, bytes(root), proof.map(bytes), digest);

const verifiesConsistency = ({ from, from_root, to, to_root, proof }: Consistency): boolean =>
  verifyConsistency(from, bytes(from_root), to, bytes(to_root), proof.map(bytes), digest);

describe('the shared vectors of trees', () => {
  test('roots', () => {
    const known = merkle.known.leaves.map((leaf) => leafHash(bytes(leaf), digest));
    merkle.known.roots.forEach((root, size) => {
      expect(hex(rootOf(size, growTree(0, [], known.slice(0, size), digest).edge, digest))).toBe(root);
    });
    expect(merkle.leaf_hashes).toEqual(leaves.slice(0, 3).map(hex));
    for (const { size, root } of merkle.roots) expect(rootAt(size)).toBe(root);
  });

  test('tiles', () => {
    for (const { level, n, width, path } of merkle.paths) expect(tilePath(level, n, width)).toBe(path);
    for (const { size, tiles } of merkle.tiles) {
      const made = new TileShelf(leaves.slice(0, size));
      expect(
        [...tilesOf(size)].map(({ level, n, width }) => ({
          path: tilePath(level, n, width),
          sha256: hex(digest(made.tile(level, n, width))),
        })),
      ).toEqual(tiles);
    }
  });

  test('inclusion', async () => {
    for (const vector of merkle.inclusion) {
      expect(verifiesInclusion(vector)).toBe(true);
      const proof = await inclusionProof(vector.leaf, vector.size, shelf, digest);
      expect(proof.map(hex)).toEqual(vector.proof);
    }
  });

  test('consistency', async () => {
    for (const vector of merkle.consistency) {
      expect(verifiesConsistency(vector)).toBe(true);
      const proof = await consistencyProof(vector.from, vector.to, shelf, digest);
      expect(proof.map(hex)).toEqual(vector.proof);
    }
  });

  test.each(merkle.inclusion_invalid)('no inclusion: $why', (vector) => {
    expect(verifiesInclusion(vector)).toBe(false);
  });

  test.each(merkle.consistency_invalid)('no consistency: $why', (vector) => {
    expect(verifiesConsistency(vector)).toBe(false);
  });
});

describe('the shared vectors of checkpoints', () => {
  test.each(checkpoint.keys)('the key of $role', ({ name, public_key, key_id, vkey }) => {
    const key = keyOf(vkey);
    expect([key.name, hex(key.publicKey), key.keyId]).toEqual([name, public_key, key_id]);
    expect(formatVerifierKey(key)).toBe(vkey);
  });

  test.each(checkpoint.keys_invalid)('no key: $why', ({ vkey }) => {
    expect(parseVerifierKey(vkey, digest)).toBeTypeOf('string');
  });

  test('the example of C2SP signed-note', () => {
    const note = parseNote(checkpoint.example.note);
    if (typeof note === 'string') throw new Error(note);
    const key = keyOf(checkpoint.example.vkey);
    expect(note.signatures.map((s) => verify(key.publicKey, Buffer.from(note.text), s.bytes))).toEqual([
      true,
    ]);
  });

  test.each(checkpoint.checkpoints)('a checkpoint: $description', ({ note, keys, ...want }) => {
    const opened = openCheckpoint(note, keys.map(keyOf), verify);
    if (typeof opened === 'string') throw new Error(opened);
    expect(opened.note.text).toBe(want.text);
    const { origin, size, root } = opened.checkpoint;
    expect([origin, size, hex(root)]).toEqual([want.origin, want.size, want.root]);
    expect(opened.by.map(formatVerifierKey)).toEqual(want.by);
  });

  test.each(checkpoint.checkpoints_invalid)('no checkpoint: $why', ({ note, keys }) => {
    expect(openCheckpoint(note, keys.map(keyOf), verify)).toBeTypeOf('string');
  });

  const cosignaturesOf = (note: string, witnesses: readonly string[]) => {
    const signed = parseNote(note);
    if (typeof signed === 'string') throw new Error(signed);
    return verifyCosignatures(signed, witnesses.map(keyOf), verify);
  };

  test('cosignatures', () => {
    for (const { note, witnesses, verified } of checkpoint.cosignatures) {
      const want = verified.map(({ key, time }) => ({ by: keyOf(key), time }));
      expect(cosignaturesOf(note, witnesses)).toEqual(want);
    }
  });

  test.each(checkpoint.cosignatures_invalid)('no cosignature: $why', ({ note, witnesses }) => {
    expect(cosignaturesOf(note, witnesses)).toBeTypeOf('string');
  });

  test('proofs', () => {
    for (const { proof, leaf_hash, keys, index } of checkpoint.proofs) {
      const opened = openLogProof(proof, bytes(leaf_hash), keys.map(keyOf), verify, digest);
      expect(opened).toMatchObject({ index, checkpoint: { size: 600 } });
    }
  });

  test.each(checkpoint.proofs_invalid)('no proof: $why', ({ proof, leaf_hash, keys }) => {
    expect(openLogProof(proof, bytes(leaf_hash), keys.map(keyOf), verify, digest)).toBeTypeOf('string');
  });

  test('the log of the installation pins the checkpoints of its tenants', () => {
    const { note, key, leaves: pinned } = checkpoint.installation_log;
    const opened = openCheckpoint(note, [keyOf(key)], verify);
    if (typeof opened === 'string') throw new Error(opened);
    const { size, root } = opened.checkpoint;
    for (const { text, leaf, leaf_hash, proof } of pinned) {
      expect(hex(leafHash(digest(Buffer.from(text)), digest))).toBe(leaf_hash);
      expect(verifyInclusion(bytes(leaf_hash), leaf, size, root, proof.map(bytes), digest)).toBe(true);
    }
    expect(pinned).toHaveLength(size);
  });
});
