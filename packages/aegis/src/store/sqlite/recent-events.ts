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
  #count = 0;
  /** How many stand before the first one that were sealed since. */
  #dropped = 0;
  #tenants: string[] = [];
  readonly #hashes = new Uint8Array(MAX_EVENTS * HASH_BYTES);
  readonly #shown = new Uint8Array(HASH_BYTES);

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
    if (this.#count === 0) this.#restart(position);
    else if (position !== this.#first + this.#count) return;
    let at = this.#dropped + this.#count;
    if (at === MAX_EVENTS) {
      if (this.#dropped === 0) return;
      this.#moveUp();
      at = this.#count;
    }
    this.#hashes.set(hash, at * HASH_BYTES);
    this.#tenants.push(tenant);
    this.#count += 1;
  }

  /**
   * Shows the next ones after a position, one after the other, and forgets what stands before; within a transaction.
   * Answers how many there were. A hash that is shown is good until the next one is.
   */
  after(position: number, limit: number, show: (event: UnsealedEvent) => void): number {
    this.begin(this.#connection.version());
    const sealed = position + 1 - this.#first;
    if (sealed < 0 || this.#count === 0) return 0;
    const drop = Math.min(sealed, this.#count);
    this.#dropped += drop;
    this.#count -= drop;
    this.#first += drop;
    const count = Math.min(limit, this.#count);
    for (let i = 0; i < count; i++) this.#show(i, show);
    return count;
  }

  #show(i: number, show: (event: UnsealedEvent) => void): void {
    const at = this.#dropped + i;
    const hash = this.#shown;
    // So few bytes are copied in less time than a view of them is made.
    for (let byte = 0; byte < HASH_BYTES; byte++) hash[byte] = this.#hashes[at * HASH_BYTES + byte] as number;
    show({ position: this.#first + i, tenant: this.#tenants[at] as string, hash });
  }

  #restart(position: number): void {
    this.#first = position;
    this.#dropped = 0;
    this.#tenants = [];
  }

  /** Takes the room of those that were dropped. */
  #moveUp(): void {
    this.#hashes.copyWithin(0, this.#dropped * HASH_BYTES);
    this.#tenants = this.#tenants.slice(this.#dropped);
    this.#dropped = 0;
  }

  #forget(): void {
    this.#count = 0;
  }
}
