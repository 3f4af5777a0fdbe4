// The least that a durable, chained record of events costs on Node: nothing is checked, folded, masked or salted.
import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

interface Sealed {
  readonly body: string;
  readonly hash: string;
  /** What is kept beside the event. */
  readonly value: Buffer | undefined;
}

/** A hash chain of events in one SQLite file, written in one transaction for all that wait. */
export class PlainLedger {
  readonly #db: DatabaseSync | undefined;
  #head = '';
  #seq = 0;
  #waiting: { readonly events: readonly Sealed[]; readonly done: () => void }[] = [];

  /** Without `file` events are sealed and not written. */
  constructor(file: string | undefined) {
    if (file === undefined) return;
    this.#db = new DatabaseSync(file);
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE event (position INTEGER PRIMARY KEY, hash BLOB, body TEXT);
      CREATE TABLE value (position INTEGER PRIMARY KEY, bytes BLOB)`);
    const event = this.#db.prepare('INSERT INTO event (hash, body) VALUES (?, ?)');
    const value = this.#db.prepare('INSERT INTO value (position, bytes) VALUES (?, ?)');
    this.#insert = (one) => {
      const { lastInsertRowid } = event.run(Buffer.from(one.hash, 'hex'), one.body);
      if (one.value !== undefined) value.run(lastInsertRowid, one.value);
    };
  }

  readonly #insert: (one: Sealed) => void = () => {};

  /** One event, with the digest of what is kept beside it. */
  seal(type: string, payload: object, value?: unknown): Sealed {
    const bytes = value === undefined ? undefined : Buffer.from(JSON.stringify(value));
    const digest = bytes && hash('sha256', bytes);
    const place = { seq: this.#seq++, session_id: SESSION, tenant_id: 'default', user_id: 'bench' };
    const body = JSON.stringify({
      event_type: type,
      payload: { ...payload, digest },
      prev_hash: this.#head,
      ts_unix_ms: Date.now(),
      ...place,
    });
    this.#head = hash('sha256', body);
    return { body, hash: this.#head, value: bytes };
  }

  /** Calls `done` when the events are durable. */
  append(events: readonly Sealed[], done: () => void): void {
    if (this.#db === undefined) return done();
    if (this.#waiting.length === 0) setImmediate(() => this.#flush(this.#db as DatabaseSync));
    this.#waiting.push({ events, done });
  }

  #flush(db: DatabaseSync): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    db.exec('BEGIN IMMEDIATE');
    for (const { events } of waiting) for (const event of events) this.#insert(event);
    db.exec('COMMIT');
    for (const { done } of waiting) done();
  }
}

const SESSION = 'ses_0123456789abcdef0123456789abcdef';
