import type { StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { AegisError, HASH_BYTES, leafWriter } from '@aegis/core';
import { digest } from '../../platform.ts';
import type { Flush } from '../group-commit.ts';
import type { SqliteConnection } from './connection.ts';
import { reading } from './reading.ts';
import type { RecentEvents, UnsealedEvent } from './recent-events.ts';
import type { TreeWriter } from './tree-writer.ts';

/** Events in one transaction, as many as take a millisecond or two in which nothing else can run. */
const BATCH_EVENTS = 1024;

/** Positions of which it is kept together how many leaves they gave: as many are counted to find the leaf of one. */
const PART_POSITIONS = 256;

const writeLeaf = leafWriter(digest);

/** What one batch adds to one tree. */
class Addition {
  readonly name: string;
  count = 0;
  /** Position of the newest event among them. */
  newest = 0;
  /** The parts of the batch in which it has events, and how many leaves there are after each. */
  readonly parts: { readonly n: number; leaves: number }[] = [];
  #hashes = new Uint8Array(16 * HASH_BYTES);

  constructor(name: string) {
    this.name = name;
  }

  /** The leaf hashes, one after the other. */
  get leaves(): Uint8Array {
    return this.#hashes.subarray(0, this.count * HASH_BYTES);
  }

  add(hash: Uint8Array, position: number, part: number): void {
    const at = this.count * HASH_BYTES;
    if (at === this.#hashes.length) {
      const larger = new Uint8Array(4 * at);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    writeLeaf(hash, this.#hashes, at);
    this.count += 1;
    this.newest = position;
    const last = this.parts.at(-1);
    if (last?.n === part) last.leaves = this.count;
    else this.parts.push({ n: part, leaves: this.count });
  }
}

/** Moves committed events into the tree of their tenant. */
export class SqliteSealer {
  readonly #connection: SqliteConnection;
  readonly #trees: TreeWriter;
  readonly #recent: RecentEvents;
  readonly #flush: Flush | undefined;
  readonly #end: StatementSync;
  readonly #sealed: StatementSync;
  readonly #unsealed: StatementSync;
  readonly #addSeal: StatementSync;

  constructor(
    connection: SqliteConnection,
    trees: TreeWriter,
    recent: RecentEvents,
    flush: Flush | undefined,
  ) {
    const { db } = connection;
    this.#connection = connection;
    this.#trees = trees;
    this.#recent = recent;
    this.#flush = flush;
    this.#end = db.prepare('SELECT position FROM log WHERE id = 1');
    // A batch ends with an event that one of the trees then has for its newest.
    this.#sealed = db.prepare('SELECT ifnull(max(through), 0) AS position FROM tree');
    this.#unsealed = db.prepare(
      `SELECT position, ifnull(tenant, '') AS tenant, hash FROM event LEFT JOIN session USING (sid)
       WHERE position > ? ORDER BY position LIMIT ${BATCH_EVENTS}`,
    );
    this.#addSeal = db.prepare('INSERT INTO seal (tree, through, after, size) VALUES (?, ?, ?, ?)');
  }

  /**
   * Everything that is committed now. Other work runs between the batches.
   *
   * INVARIANT: what is sealed is then signed, and what is signed is not lost with the power: all of it is on the disk
   * when this resolves, also what another call or another process has sealed meanwhile.
   */
  async seal(): Promise<void> {
    const end = reading(() => Number(this.#end.get()?.['position']));
    while (reading(() => this.#position()) < end) {
      if (this.#flush === undefined) this.#connection.flushed(() => this.#batch());
      else this.#connection.unflushed(() => this.#batch());
      await setImmediate();
    }
    await this.#flush?.();
  }

  #position(): number {
    return Number(this.#sealed.get()?.['position']);
  }

  /** Shows the next ones, as they were written lately or as they are read. */
  #next(after: number, show: (event: UnsealedEvent) => void): void {
    if (this.#recent.after(after, BATCH_EVENTS, show) > 0) return;
    for (const event of this.#unsealed.all(after)) show(event as unknown as UnsealedEvent);
  }

  // Under the lock of the transaction: what another process has sealed meanwhile does not enter twice.
  #batch(): void {
    const after = this.#position();
    const logs = new Map<string, Addition>();
    let through = after;
    let log: Addition | undefined;
    this.#next(after, ({ position, tenant, hash }) => {
      through += 1;
      // INVARIANT: leaves stand in the order of the positions; what is missing is never passed over.
      if (position !== through || tenant === '') {
        throw new AegisError('CHAIN_BROKEN', `position ${through} cannot be sealed: its entry is missing`);
      }
      if (log?.name !== tenant) log = logs.get(tenant);
      if (log === undefined) logs.set(tenant, (log = new Addition(tenant)));
      log.add(hash, position, Math.floor((position - after - 1) / PART_POSITIONS));
    });
    for (const { name, leaves, count, newest, parts } of logs.values()) {
      const { id, size } = this.#trees.grow(name, [leaves], newest);
      for (const part of parts) {
        const start = after + part.n * PART_POSITIONS;
        const end = Math.min(start + PART_POSITIONS, through);
        this.#addSeal.run(id, end, start, size - count + part.leaves);
      }
    }
  }
}
