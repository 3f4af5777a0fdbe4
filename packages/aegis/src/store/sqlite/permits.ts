import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { PermitBlock, PermitRequest, PermitStore, SpentBlock } from '../../ledger-ports.ts';
import { blockSize, leaseEndsAfter, partOf, spentAt } from '../permits.ts';
import type { SqliteConnection } from './connection.ts';

/** The permits of all processes on a file. */
export class SqlitePermits implements PermitStore {
  readonly #connection: SqliteConnection;
  readonly #now: StatementSync;
  readonly #pruned: readonly StatementSync[];
  readonly #taken: StatementSync;
  readonly #add: StatementSync;
  readonly #remove: StatementSync;
  readonly #spend: StatementSync;

  constructor(connection: SqliteConnection) {
    const { db } = connection;
    this.#connection = connection;
    this.#now = db.prepare(`SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS ms`);
    this.#pruned = ['permit_block', 'permit_part'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE ends_ms <= ?`),
    );
    this.#taken = db.prepare(
      `SELECT ifnull(sum(permits), 0) AS permits, ifnull(min(ends_ms), 0) AS ends_ms FROM (
         SELECT permits, ends_ms FROM permit_block WHERE place = :place
         UNION ALL SELECT permits, ends_ms FROM permit_part WHERE place = :place AND permits > 0)`,
    );
    this.#add = db.prepare('INSERT INTO permit_block (id, place, permits, ends_ms) VALUES (?, ?, ?, ?)');
    this.#remove = db.prepare('DELETE FROM permit_block WHERE id = ?');
    this.#spend = db.prepare(
      `INSERT INTO permit_part (place, part, permits, ends_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (place, part) DO UPDATE
         SET permits = permits + excluded.permits, ends_ms = max(ends_ms, excluded.ends_ms)`,
    );
  }

  async lease(requests: readonly PermitRequest[]): Promise<readonly PermitBlock[]> {
    return this.#connection.unflushed(() => {
      const now = this.#begin();
      return requests.map((request) => this.#lease(request, now));
    });
  }

  async settle(blocks: readonly SpentBlock[]): Promise<void> {
    this.#connection.unflushed(() => {
      const now = this.#begin();
      for (const { id, place, windowMs, spent, ageMs } of blocks) {
        if (Number(this.#remove.run(id).changes) === 0 || spent === 0) continue;
        const atMs = spentAt(now, ageMs);
        this.#spend.run(place, partOf(atMs, windowMs), spent, atMs + windowMs);
      }
    });
  }

  #begin(): number {
    const now = Number(this.#now.get()?.['ms']);
    for (const prune of this.#pruned) prune.run(now);
    return now;
  }

  #lease({ place, most, windowMs, wanted }: PermitRequest, now: number): PermitBlock {
    const id = randomUUID();
    const taken = this.#taken.get({ place });
    const permits = blockSize(most - Number(taken?.['permits']), wanted);
    if (permits === 0) {
      return { id, permits, waitMs: Math.max(1, Number(taken?.['ends_ms']) - now) };
    }
    this.#add.run(id, place, permits, now + leaseEndsAfter(windowMs));
    return { id, permits, waitMs: 0 };
  }
}
