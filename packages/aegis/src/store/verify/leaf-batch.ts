import { HASH_BYTES, leafSlot, leafWriter } from '@aegis/core';
import { digest } from '../../platform.ts';

const writeLeaf = leafWriter(digest);

/** The hash of an event is written where it is hashed as a leaf. */
const leaf = leafSlot(digest);
const eventHash = Buffer.from(leaf.data.buffer, leaf.data.byteOffset, HASH_BYTES);

/** Leaf hashes of one Merkle log, gathered one after the other until its tree grows by them. */
export class LeafBatch {
  readonly #hashes: Uint8Array;
  #bytes = 0;

  constructor(capacity: number) {
    this.#hashes = new Uint8Array(capacity * HASH_BYTES);
  }

  get count(): number {
    return this.#bytes / HASH_BYTES;
  }

  get isFull(): boolean {
    return this.#bytes === this.#hashes.length;
  }

  /** Adds the leaf of the event with this hash, in hex. */
  addEvent(hash: string): void {
    const isWhole = hash.length === 2 * HASH_BYTES && eventHash.write(hash, 'hex') === HASH_BYTES;
    if (!isWhole) return this.add(Buffer.from(hash, 'hex'));
    leaf.hashInto(this.#hashes, this.#bytes);
    this.#bytes += HASH_BYTES;
  }

  /** Adds the leaf of data. */
  add(data: Uint8Array): void {
    writeLeaf(data, this.#hashes, this.#bytes);
    this.#bytes += HASH_BYTES;
  }

  /** Adds a leaf hash. */
  addHash(hash: Uint8Array): void {
    this.#hashes.set(hash, this.#bytes);
    this.#bytes += HASH_BYTES;
  }

  /** Takes out what was gathered, as `growTree` takes it: it is only there until the next is added. */
  take(): readonly Uint8Array[] {
    const gathered = this.#bytes === 0 ? [] : [this.#hashes.subarray(0, this.#bytes)];
    this.#bytes = 0;
    return gathered;
  }
}
