import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows in one statement: what a call into the engine costs is shared by them. */
const ROWS = 8;

const COLUMNS = 6;
const ROW = `(${Array(COLUMNS).fill('?').join(', ')})`;

function insertOf(rows: number): string {
  const values = Array(rows).fill(ROW).join(', ');
  return `INSERT INTO event (position, sid, seq, prev, hash, body) VALUES ${values}`;
}

/** Writes rows of events, several at a time: those added last are in the table after `flush`. */
export class EventRows {
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  #waiting: SQLInputValue[] = [];

  constructor(db: DatabaseSync) {
    this.#many = db.prepare(insertOf(ROWS));
    this.#one = db.prepare(insertOf(1));
  }

  add(position: number, sid: number, seq: number, prev: number, hash: Uint8Array, body: string): void {
    this.#waiting.push(position, sid, seq, prev, hash, body);
    if (this.#waiting.length < ROWS * COLUMNS) return;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#many.run(...rows);
  }

  flush(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < rows.length; at += COLUMNS) this.#one.run(...rows.slice(at, at + COLUMNS));
  }

  /** Forgets what was not written because its transaction was given up. */
  clear(): void {
    this.#waiting = [];
  }
}
