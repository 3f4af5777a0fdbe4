import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import type { LeaseStore, SessionPlace } from '../../ledger-ports.ts';
import type { SqliteConnection } from './connection.ts';

/** How long a process owns the sessions that it starts before its first renewal. */
const FIRST_LEASE_MS = 60_000;

/** Who owns the sessions, and until when. */
export class SqliteLeases implements LeaseStore {
  readonly writer = `prc_${randomUUID().replaceAll('-', '')}`;
  readonly #connection: SqliteConnection;
  readonly #begin: StatementSync;
  readonly #renew: StatementSync;
  readonly #release: StatementSync;
  readonly #takeOver: StatementSync;
  readonly #prune: StatementSync;
  #held = false;

  constructor(connection: SqliteConnection) {
    const { db } = connection;
    this.#connection = connection;
    this.#begin = db.prepare('INSERT OR IGNORE INTO lease (writer, until_ms) VALUES (?, ?)');
    this.#renew = db.prepare(
      `INSERT INTO lease (writer, until_ms) VALUES (?, ?)
       ON CONFLICT (writer) DO UPDATE SET until_ms = excluded.until_ms`,
    );
    this.#release = db.prepare('DELETE FROM lease WHERE writer = ?');
    this.#takeOver = db.prepare(
      `UPDATE session SET owner = :writer
       WHERE owner IS NOT NULL AND owner <> :writer
         AND NOT EXISTS (SELECT 1 FROM lease WHERE writer = owner AND until_ms >= :now)
       RETURNING tenant, session`,
    );
    this.#prune = db.prepare(
      `DELETE FROM lease WHERE until_ms < ? AND writer <> ?
         AND NOT EXISTS (SELECT 1 FROM session WHERE owner = writer)`,
    );
  }

  /** Within the transaction that gives this process a session: it has a lease from then on. */
  begin(nowMs: number): void {
    this.#begin.run(this.writer, nowMs + FIRST_LEASE_MS);
    this.#held = true;
  }

  async renew(nowMs: number, untilMs: number): Promise<void> {
    if (untilMs <= nowMs) throw new AegisError('INTERNAL', 'a lease ends after it begins');
    this.#connection.transaction(() => {
      this.#renew.run(this.writer, untilMs);
      this.#prune.run(nowMs, this.writer);
    });
    this.#held = true;
  }

  async release(): Promise<void> {
    if (!this.#held) return;
    this.#connection.transaction(() => this.#release.run(this.writer));
    this.#held = false;
  }

  async takeOver(nowMs: number): Promise<readonly SessionPlace[]> {
    return this.#connection.transaction(() => {
      const places = this.#takeOver.all({ writer: this.writer, now: nowMs });
      if (places.length > 0) this.begin(nowMs);
      return places.map(({ tenant, session }) => ({ tenant: String(tenant), session: String(session) }));
    });
  }
}
