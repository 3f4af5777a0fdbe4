import type { StatementSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import type { ValuePlace } from '../../ledger-ports.ts';
import type { AppendRequest } from '../../ports.ts';
import type { SqliteConnection } from './connection.ts';
import { hashBytes } from './rows.ts';
import type { SqliteWriter } from './writer.ts';

/** Removes sealed values, with the events that say so. */
export class SqliteEraser {
  readonly #connection: SqliteConnection;
  readonly #writer: SqliteWriter;
  readonly #find: StatementSync;
  readonly #note: StatementSync;
  readonly #remove: StatementSync;
  readonly #forget: StatementSync;

  constructor(connection: SqliteConnection, writer: SqliteWriter) {
    const { db } = connection;
    this.#connection = connection;
    this.#writer = writer;
    this.#find = db.prepare('SELECT 1 FROM blob WHERE position = ? AND hash = ?');
    this.#note = db.prepare('INSERT INTO erasure (position, hash, event) VALUES (?, ?, ?)');
    this.#remove = db.prepare('DELETE FROM blob WHERE position = ? AND hash = ?');
    // A snapshot may have been made of what is erased, and can be made anew.
    this.#forget = db.prepare('DELETE FROM snapshot WHERE sid = (SELECT sid FROM event WHERE position = ?)');
  }

  /** One transaction. Answers with how many values were there. */
  erase(request: AppendRequest, values: readonly ValuePlace[]): number {
    return this.#connection.transaction(() => {
      const first = this.#writer.writeOne(request);
      const events = erasingEvents(request, first);
      let removed = 0;
      for (const { position, hash } of values) {
        const event = events.get(hash);
        if (event === undefined) {
          throw new AegisError('STORE_UNAVAILABLE', `no event says that the value ${hash} is erased`);
        }
        const key = hashBytes(hash);
        if (this.#find.get(position, key) === undefined) continue;
        this.#note.run(position, key, event);
        this.#remove.run(position, key);
        this.#forget.run(position);
        removed += 1;
      }
      return removed;
    });
  }
}

/** By the hash that it names, the position of each `DATA_ERASED` event. */
function erasingEvents({ entries }: AppendRequest, first: number): ReadonlyMap<string, number> {
  const events = new Map<string, number>();
  for (const [i, { envelope }] of entries.entries()) {
    if (envelope.event_type !== 'DATA_ERASED') continue;
    const { hashes } = envelope.payload;
    for (const hash of Array.isArray(hashes) ? hashes : []) events.set(String(hash), first + i);
  }
  return events;
}
