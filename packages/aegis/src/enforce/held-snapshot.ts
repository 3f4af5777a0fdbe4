import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Snapshot } from '@aegis/core';

/** A session's snapshot, packed while nobody asks for it: a tenth of what it takes unpacked. */
export class HeldSnapshot {
  #unpacked: Snapshot | undefined;
  #packed: Uint8Array | undefined;
  #isAsked = true;

  constructor(snapshot: Snapshot) {
    this.#unpacked = snapshot;
  }

  get current(): Snapshot {
    this.#isAsked = true;
    this.#unpacked ??= unpack(this.#packed);
    this.#packed = undefined;
    return this.#unpacked;
  }

  set current(snapshot: Snapshot) {
    this.#isAsked = true;
    this.#unpacked = snapshot;
    this.#packed = undefined;
  }

  /** Packs it when nobody has asked for it since the last time that this was called. Whether it is packed. */
  rest(): boolean {
    const wasAsked = this.#isAsked;
    this.#isAsked = false;
    if (this.#unpacked === undefined) return true;
    if (wasAsked || this.#unpacked.openCalls.size > 0) return false;
    this.#packed = pack(this.#unpacked);
    this.#unpacked = undefined;
    return true;
  }
}

function pack(snapshot: Snapshot): Uint8Array {
  const packed = deflateRawSync(JSON.stringify({ ...snapshot, openCalls: [] }), { level: 1 });
  // Not a view of a buffer that is larger.
  return Uint8Array.from(packed);
}

function unpack(packed: Uint8Array | undefined): Snapshot {
  if (packed === undefined) throw new TypeError('a snapshot is held neither packed nor unpacked');
  const state = JSON.parse(inflateRawSync(packed).toString()) as Snapshot;
  return { ...state, openCalls: new Map() };
}
