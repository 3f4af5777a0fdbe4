import { HASH_BYTES } from '@aegis/core';
import type { SqliteConnection } from './connection.ts';

/** As many as are remembered; a sealer that is so far behind reads them. */
const MAX_EVENTS = 65_536;

/** What a leaf is made of. */
export interface UnsealedEvent {
  readonly position: number;
  readonly tenant: string;
  readonly hash: Uint8Array;
}

/**
 * What this process has appended and not sealed yet, so that it need not be read again.
 *
 * INVARIANT: what another process has written, and what was rolled back, is not remembered.
 */
export class RecentEvents {
  readonly #connection: SqliteConnection;
  #version = '';
  /** Position of the first one. */
  #first = 1;
  #tenants: string[] = [];
  readonly #hashes = new Uint8Array(MAX_EVENTS * HASH_BYTES);

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Before the first `note` of a transaction. `version`: that of the connection, within the transaction. */
  begin(version: string): void {
    if (version !== this.#version) this.#forget();
    this.#version = version;
  }

  /** Takes an event that was just written. One for which there is no room leaves a gap, and so do those after it. */
  note(position: number, tenant: string, hash: Uint8Array): void {
    const count = this.#tenants.length;
    if (count === 0) this.#first = position;
    else if (count === MAX_EVENTS || position !== this.#first + count) return;
    this.#hashes.set(hash, count * HASH_BYTES);
    this.#tenants.push(tenant);
  }

  /**
   * The next ones after a position, one after the other, and forgets what stands before; within a transaction.
   * Their hashes are views, good until the next call of anything here.
   */
  after(position: number, limit: number): readonly UnsealedEvent[] {
    this.begin(this.#connection.version());
    const sealed = position + 1 - this.#first;
    if (sealed < 0) return [];
    this.#drop(sealed);
    return this.#tenants.slice(0, limit).map((tenant, i) => ({
      position: position + 1 + i,
      tenant,
      hash: this.#hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
    }));
  }

  #drop(count: number): void {
    this.#hashes.copyWithin(0, count * HASH_BYTES, this.#tenants.length * HASH_BYTES);
    this.#tenants = this.#tenants.slice(count);
    this.#first += count;
  }

  #forget(): void {
    this.#tenants = [];
  }
}
