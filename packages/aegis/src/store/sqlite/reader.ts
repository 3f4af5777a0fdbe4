import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { LogHead, SessionHead } from '@aegis/core';
import type { LinkedEntry, SessionPlace, ValuePlace } from '../../ledger-ports.ts';
import type { StoredEntry, StoredPin, TypedEntries } from '../../ports.ts';
import { reading, readingEach } from './reading.ts';
import {
  bytesIn,
  hashBytes,
  entryOf,
  exact,
  pinOf,
  isPlain,
  SELECT_BYTES,
  SELECT_ENTRY,
  SELECT_PIN,
  SELECT_POSITIONS,
  SELECT_SESSION,
  SELECT_SESSION_END,
  sessionHeadOf,
  textOf,
} from './rows.ts';

/** Rows fetched at a time: bounded memory, and writers are never kept waiting. */
const PAGE_ROWS = 256;

/** Rows that are looked through for some types, in less than a millisecond. */
const LOOKED_THROUGH = 1_024;

/**
 * The canonical text of an envelope begins with its type.
 *
 * SECURITY: also where the body is kept as bytes: they have the hash that its text has, and no verifier minds them.
 */
const TYPE = `CAST(substr(event.body, 16, instr(substr(event.body, 16, 64), '"') - 1) AS TEXT)`;

/** Sessions that are remembered between rows. */
const MAX_PLACES = 4096;

const NO_SESSION: SessionPlace = { tenant: '', session: '' };

/** Reads a ledger in pages over a connection of its own. Every failure is `STORE_UNAVAILABLE`. */
export class SqliteReader {
  readonly #log: StatementSync;
  readonly #byPosition: StatementSync;
  readonly #byType: StatementSync;
  readonly #end: StatementSync;
  readonly #positions: StatementSync;
  readonly #bytes: StatementSync;
  readonly #at: StatementSync;
  readonly #sessions: StatementSync;
  readonly #blob: StatementSync;
  readonly #values: StatementSync;
  readonly #valueCount: StatementSync;
  readonly #pins: StatementSync;
  readonly #place: StatementSync;
  /** What never changes: which session a number stands for. */
  readonly #places = new Map<number, SessionPlace>();

  constructor(db: DatabaseSync) {
    this.#log = db.prepare('SELECT position FROM log WHERE id = 1');
    this.#byPosition = db.prepare(`${SELECT_ENTRY} WHERE event.position > ? ORDER BY event.position LIMIT ?`);
    this.#byType = db.prepare(
      `${SELECT_ENTRY} WHERE event.position > ? AND event.position <= ?
       AND ${TYPE} IN (SELECT value FROM json_each(?)) ORDER BY event.position`,
    );
    this.#place = db.prepare('SELECT tenant, session FROM session WHERE sid = ?');
    this.#end = db.prepare(SELECT_SESSION_END);
    this.#positions = db.prepare(SELECT_POSITIONS);
    this.#bytes = db.prepare(SELECT_BYTES);
    this.#at = db.prepare(`${SELECT_ENTRY} WHERE event.position = ?`);
    this.#sessions = db.prepare(`${SELECT_SESSION} WHERE sid > ? ORDER BY sid LIMIT ?`);
    this.#blob = db.prepare('SELECT bytes FROM blob WHERE position = ? AND hash = ?');
    this.#values = db.prepare(
      `SELECT ${exact('position')} AS position, lower(hex(hash)) AS hash FROM blob ORDER BY blob.position, id`,
    );
    this.#valueCount = db.prepare('SELECT count(*) AS n FROM blob');
    this.#pins = db.prepare(`${SELECT_PIN} WHERE pin.newest > ? ORDER BY pin.newest, id LIMIT ?`);
  }

  head(): LogHead {
    const row = reading(() => this.#log.get());
    return { position: Number(row?.['position'] ?? 0) };
  }

  *entries(after: number, limit: number): Generator<LinkedEntry> {
    let last = after;
    for (let left = limit; left > 0 && last < Number.MAX_SAFE_INTEGER; left -= PAGE_ROWS) {
      const page = Math.min(left, PAGE_ROWS);
      const rows = reading(() => this.#byPosition.all(last, page).map((row) => this.#entry(row)));
      yield* rows;
      if (rows.length < page) return;
      last = rows.at(-1)?.position ?? last;
    }
  }

  ofTypes(types: readonly string[], after: number): TypedEntries {
    const { position } = this.head();
    const through = Math.min(position, after + LOOKED_THROUGH);
    if (through <= after) return { entries: [], through: after, isLast: true };
    const entries = reading(() =>
      this.#byType.all(after, through, JSON.stringify(types)).map((row) => this.#entry(row)),
    );
    return { entries, through, isLast: through === position };
  }

  *session(tenant: string, session: string): Generator<StoredEntry> {
    for (const position of this.positions(tenant, session)) {
      const row = reading(() => this.#at.get(position));
      if (row !== undefined) yield reading(() => this.#entry(row));
    }
  }

  /** Joining the sessions to each row takes as long as the row itself. */
  #entry(row: Record<string, SQLOutputValue>): LinkedEntry {
    const sid = Number(row['sid']);
    let place = this.#places.get(sid);
    if (place === undefined) {
      const found = this.#place.get(sid);
      if (found === undefined) return entryOf(row, NO_SESSION, this.#body(row));
      place = { tenant: String(found['tenant']), session: String(found['session']) };
      if (this.#places.size >= MAX_PLACES) this.#places.clear();
      this.#places.set(sid, place);
    }
    return entryOf(row, place, this.#body(row));
  }

  /** As a text where that is all there is to it: bytes are much dearer to read. */
  #body(row: Record<string, SQLOutputValue>): string {
    const text = row['body'];
    if (typeof text === 'string' && isPlain(text, Number(row['size']))) return text;
    return textOf(this.#bytes.get(Number(row['position']))?.['bytes']);
  }

  /** Where a session's entries are. */
  positions(tenant: string, session: string): readonly number[] {
    const end = reading(() => this.#end.get(tenant, session));
    if (end === undefined) return [];
    const row = reading(() => this.#positions.get(Number(end['newest']), Number(end['sid'])));
    return (JSON.parse(String(row?.['positions'])) as number[]).toReversed();
  }

  *sessions(): Generator<SessionHead> {
    let last = Number.NEGATIVE_INFINITY;
    while (last < Number.MAX_SAFE_INTEGER) {
      const rows = reading(() => this.#sessions.all(last, PAGE_ROWS));
      yield* rows.map(sessionHeadOf);
      if (rows.length < PAGE_ROWS) return;
      last = Number(rows.at(-1)?.['sid']);
    }
  }

  *pins(after: number): Generator<StoredPin> {
    let last = after;
    for (;;) {
      const rows = reading(() => this.#pins.all(last, PAGE_ROWS)).map(pinOf);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      last = rows.at(-1)?.newest ?? last;
    }
  }

  countValues(): number {
    return Number(reading(() => this.#valueCount.get())?.['n']);
  }

  *values(): Generator<ValuePlace> {
    for (const row of readingEach(this.#values)) {
      yield { position: Number(row['position']), hash: String(row['hash']) };
    }
  }

  /** The bytes as they are kept; whether they have this hash is for the caller to see. */
  blob(hash: string, position: number): Uint8Array | undefined {
    return bytesIn(
      reading(() => this.#blob.get(position, hashBytes(hash))),
      'bytes',
    );
  }
}
