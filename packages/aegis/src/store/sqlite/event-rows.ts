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
  readonly #waiting: SQLInputValue[] = Array(ROWS * COLUMNS).fill(null);
  #count = 0;

  constructor(db: DatabaseSync) {
    this.#many = db.prepare(insertOf(ROWS));
    this.#one = db.prepare(insertOf(1));
  }

  add(position: number, sid: number, seq: number, prev: number, hash: Uint8Array, body: string): void {
    const rows = this.#waiting;
    const at = this.#count * COLUMNS;
    rows[at] = position;
    rows[at + 1] = sid;
    rows[at + 2] = seq;
    rows[at + 3] = prev;
    rows[at + 4] = hash;
    rows[at + 5] = body;
    this.#count += 1;
    if (this.#count < ROWS) return;
    this.#count = 0;
    this.#many.run(...rows);
  }

  flush(): void {
    const count = this.#count;
    this.#count = 0;
    for (let i = 0; i < count; i++) this.#one.run(...this.#waiting.slice(i * COLUMNS, (i + 1) * COLUMNS));
  }

  /** Forgets what was not written because its transaction was given up. */
  clear(): void {
    this.#count = 0;
  }
}
