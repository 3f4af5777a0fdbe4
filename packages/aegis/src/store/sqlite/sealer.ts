import type { StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { AegisError, leafHasher } from '@aegis/core';
import { digest } from '../../platform.ts';
import type { SqliteConnection } from './connection.ts';
import { reading } from './reading.ts';
import type { RecentEvents, UnsealedEvent } from './recent-events.ts';
import type { TreeWriter } from './tree-writer.ts';

/** Events in one transaction, as many as take a few milliseconds in which nothing else can run. */
const BATCH_READ = 1024;
const BATCH_REMEMBERED = 4096;

/** Positions of which it is kept together how many leaves they gave: as many are counted to find the leaf of one. */
const PART_POSITIONS = 256;

/** What one batch adds to one tree. */
interface Addition {
  readonly leaves: Uint8Array[];
  /** Position of the newest event among them. */
  newest: number;
  /** The parts of the batch in which it has events, and how many leaves there are after each. */
  readonly parts: { readonly n: number; leaves: number }[];
}

/** Moves committed events into the tree of their tenant. */
export class SqliteSealer {
  readonly #connection: SqliteConnection;
  readonly #trees: TreeWriter;
  readonly #recent: RecentEvents;
  readonly #end: StatementSync;
  readonly #sealed: StatementSync;
  readonly #unsealed: StatementSync;
  readonly #addSeal: StatementSync;

  constructor(connection: SqliteConnection, trees: TreeWriter, recent: RecentEvents) {
    const { db } = connection;
    this.#connection = connection;
    this.#trees = trees;
    this.#recent = recent;
    this.#end = db.prepare('SELECT position FROM log WHERE id = 1');
    // A batch ends with an event that one of the trees then has for its newest.
    this.#sealed = db.prepare('SELECT ifnull(max(through), 0) AS position FROM tree');
    this.#unsealed = db.prepare(
      `SELECT position, ifnull(tenant, '') AS tenant, hash FROM event LEFT JOIN session USING (sid)
       WHERE position > ? ORDER BY position LIMIT ${BATCH_READ}`,
    );
    this.#addSeal = db.prepare('INSERT INTO seal (tree, through, after, size) VALUES (?, ?, ?, ?)');
  }

  /** Everything that is committed now. Other work runs between the batches. */
  async seal(): Promise<void> {
    const end = reading(() => Number(this.#end.get()?.['position']));
    while (reading(() => this.#position()) < end) {
      // What is sealed is then signed, and what is signed must not be lost with the power.
      this.#connection.flushed(() => this.#batch());
      await setImmediate();
    }
  }

  #position(): number {
    return Number(this.#sealed.get()?.['position']);
  }

  #next(after: number): readonly UnsealedEvent[] {
    const remembered = this.#recent.after(after, BATCH_REMEMBERED);
    return remembered.length > 0 ? remembered : (this.#unsealed.all(after) as unknown as UnsealedEvent[]);
  }

  // Under the lock of the transaction: what another process has sealed meanwhile does not enter twice.
  #batch(): void {
    const after = this.#position();
    const logs = new Map<string, Addition>();
    const hashLeaf = leafHasher(digest);
    let through = after;
    for (const { position, tenant, hash } of this.#next(after)) {
      through += 1;
      // INVARIANT: leaves stand in the order of the positions; what is missing is never passed over.
      if (position !== through || tenant === '') {
        throw new AegisError('CHAIN_BROKEN', `position ${through} cannot be sealed: its entry is missing`);
      }
      let log = logs.get(tenant);
      if (log === undefined) logs.set(tenant, (log = { leaves: [], newest: 0, parts: [] }));
      log.leaves.push(hashLeaf(hash));
      log.newest = position;
      const n = Math.floor((position - after - 1) / PART_POSITIONS);
      const part = log.parts.at(-1);
      if (part?.n === n) part.leaves = log.leaves.length;
      else log.parts.push({ n, leaves: log.leaves.length });
    }
    for (const [log, { leaves, newest, parts }] of logs) {
      const { id, size } = this.#trees.grow(log, leaves, newest);
      for (const part of parts) {
        const start = after + part.n * PART_POSITIONS;
        const end = Math.min(start + PART_POSITIONS, through);
        this.#addSeal.run(id, end, start, size - leaves.length + part.leaves);
      }
    }
  }
}
