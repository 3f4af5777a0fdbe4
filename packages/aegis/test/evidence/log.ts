// A log in memory with a key of its own, as a witness sees one.
import {
  type Checkpoint,
  consistencyProof,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  leafHash,
  type NoteSignature,
  rootOf,
  type VerifierKey,
  verifierKey,
} from '@aegis/core';
import { generateKey } from '../../src/evidence/keys/key-pair.ts';
import { formatSubmission } from '../../src/evidence/witness/submission.ts';
import { digest, utf8 } from '../../src/platform.ts';

export class Log {
  readonly origin: string;
  readonly key: VerifierKey;
  readonly #sign: (message: Uint8Array) => Uint8Array;
  /** Distinguishes the leaves of one log from those of another. */
  readonly #seed: string;

  constructor(origin: string, seed = 'log', key = generateKey().key) {
    this.origin = origin;
    this.#seed = seed;
    this.#sign = (message) => key.sign(message);
    this.key = verifierKey(origin, 'ed25519', key.publicKey, digest);
  }

  /** As `--log` takes it. */
  get line(): string {
    return formatVerifierKey(this.key);
  }

  note(size: number, more: readonly NoteSignature[] = []): string {
    return this.sign(formatCheckpoint(this.checkpoint(size)), more);
  }

  sign(text: string, more: readonly NoteSignature[] = []): string {
    const { name, keyId } = this.key;
    return formatNote(text, [{ name, keyId, bytes: this.#sign(utf8(text)) }, ...more]);
  }

  checkpoint(size: number): Checkpoint {
    return { origin: this.origin, size, root: rootOf(size, this.#tree(size).edge, digest) };
  }

  /** At most 255 leaves: the right edge is the whole tree. */
  proof(from: number, to: number): Promise<Uint8Array[]> {
    const { edge } = this.#tree(to);
    return consistencyProof(from, to, { tile: (level) => edge[level] ?? new Uint8Array() }, digest);
  }

  async submission(from: number, to: number): Promise<string> {
    return formatSubmission({ oldSize: from, proof: await this.proof(from, to), note: this.note(to) });
  }

  #tree(size: number) {
    if (size > 255) throw new RangeError('a larger tree has full tiles');
    const leaves = Array.from({ length: size }, (_, i) => leafHash(utf8(`${this.#seed} ${i}`), digest));
    return growTree(0, [], leaves, digest);
  }
}
