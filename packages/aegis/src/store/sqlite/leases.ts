import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import { type LeaseStore, type SessionPlace, WISH_MS } from '../../ledger-ports.ts';
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
  readonly #owner: StatementSync;
  readonly #take: StatementSync;
  readonly #wish: StatementSync;
  readonly #wanted: StatementSync;
  readonly #give: StatementSync;
  readonly #granted: StatementSync;
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
    this.#owner = db.prepare(
      `SELECT owner, EXISTS (SELECT 1 FROM lease WHERE writer = owner AND until_ms >= ?) AS lives
       FROM session WHERE tenant = ? AND session = ?`,
    );
    this.#take = db.prepare('UPDATE session SET owner = ? WHERE tenant = ? AND session = ?');
    // Who asked first has it, unless it has not said so for a while.
    this.#wish = db.prepare(
      `INSERT INTO wish (tenant, session, writer, at_ms) VALUES (:tenant, :session, :writer, :now)
       ON CONFLICT (tenant, session) DO UPDATE SET writer = excluded.writer, at_ms = excluded.at_ms
       WHERE writer = excluded.writer OR at_ms < :now - ${WISH_MS}`,
    );
    this.#wanted = db.prepare(
      `SELECT tenant, session FROM wish JOIN session USING (tenant, session) WHERE owner = ? AND at_ms >= ?`,
    );
    this.#give = db.prepare(
      `UPDATE session SET owner = wish.writer FROM wish
       WHERE session.tenant = wish.tenant AND session.session = wish.session
         AND session.tenant = ? AND session.session = ? AND session.owner = ?`,
    );
    this.#granted = db.prepare('DELETE FROM wish WHERE tenant = ? AND session = ?');
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

  async want(
    { tenant, session }: SessionPlace,
    nowMs: number,
  ): Promise<'own' | 'taken' | 'wished' | 'ended'> {
    return this.#connection.transaction(() => {
      const row = this.#owner.get(nowMs, tenant, session);
      const owner = row?.['owner'];
      if (typeof owner !== 'string') return 'ended';
      if (owner === this.writer) return 'own';
      if (row?.['lives'] === 1) {
        this.#wish.run({ tenant, session, writer: this.writer, now: nowMs });
        return 'wished';
      }
      this.#take.run(this.writer, tenant, session);
      this.#granted.run(tenant, session);
      this.begin(nowMs);
      return 'taken';
    });
  }

  async wanted(sinceMs: number): Promise<readonly SessionPlace[]> {
    const places = this.#wanted.all(this.writer, sinceMs);
    return places.map(({ tenant, session }) => ({ tenant: String(tenant), session: String(session) }));
  }

  async give({ tenant, session }: SessionPlace): Promise<void> {
    this.#connection.transaction(() => {
      this.#give.run(tenant, session, this.writer);
      this.#granted.run(tenant, session);
    });
    // What this process remembers of the session is not its own any more.
    this.#connection.forget();
  }
}
