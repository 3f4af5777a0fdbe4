import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogHead, SessionHead } from '@aegis/core';
import type { StoredEntry } from '../ports.ts';
import { storeError } from './sqlite-error.ts';
import { entryOf, SELECT_ENTRY, SELECT_SESSION, sessionHeadOf } from './sqlite-rows.ts';

/** Rows fetched at a time: bounded memory, and writers are never kept waiting. */
const PAGE_ROWS = 256;

/** Reads a ledger in pages over a connection of its own. Every failure is `STORE_UNAVAILABLE`. */
export class SqliteReader {
  readonly #log: StatementSync;
  readonly #byPosition: StatementSync;
  readonly #bySession: StatementSync;
  readonly #sessions: StatementSync;
  readonly #blob: StatementSync;

  constructor(db: DatabaseSync) {
    this.#log = db.prepare('SELECT position, lower(hex(hash)) AS hash FROM log WHERE id = 1');
    this.#byPosition = db.prepare(`${SELECT_ENTRY} WHERE event.position > ? ORDER BY event.position LIMIT ?`);
    this.#bySession = db.prepare(
      `${SELECT_ENTRY} WHERE tenant = ? AND session = ? AND event.seq > ? ORDER BY event.seq LIMIT ?`,
    );
    this.#sessions = db.prepare(`${SELECT_SESSION} WHERE sid > ? ORDER BY sid LIMIT ?`);
    this.#blob = db.prepare('SELECT bytes FROM blob WHERE hash = ?');
  }

  head(): LogHead {
    const row = reading(() => this.#log.get());
    return { position: Number(row?.['position'] ?? 0), hash: String(row?.['hash']) };
  }

  *entries(after: number, limit: number): Generator<StoredEntry> {
    let last = after;
    for (let left = limit; left > 0 && last < Number.MAX_SAFE_INTEGER; left -= PAGE_ROWS) {
      const page = Math.min(left, PAGE_ROWS);
      const rows = reading(() => this.#byPosition.all(last, page)).map(entryOf);
      yield* rows;
      if (rows.length < page) return;
      last = rows.at(-1)?.position ?? last;
    }
  }

  *session(tenant: string, session: string): Generator<StoredEntry> {
    let last = -1;
    while (last < Number.MAX_SAFE_INTEGER) {
      const rows = reading(() => this.#bySession.all(tenant, session, last, PAGE_ROWS)).map(entryOf);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      last = rows.at(-1)?.seq ?? last;
    }
  }

  *sessions(): Generator<SessionHead> {
    let last = 0;
    for (;;) {
      const rows = reading(() => this.#sessions.all(last, PAGE_ROWS));
      yield* rows.map(sessionHeadOf);
      if (rows.length < PAGE_ROWS) return;
      last = Number(rows.at(-1)?.['sid']);
    }
  }

  /** The bytes as they are kept; whether they have this hash is for the caller to see. */
  blob(hash: string): Uint8Array | undefined {
    const row = reading(() => this.#blob.get(Buffer.from(hash, 'hex')));
    return row?.['bytes'] as Uint8Array | undefined;
  }
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storeError('the ledger cannot be read', error);
  }
}
