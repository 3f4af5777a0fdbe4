import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry, Envelope } from '@aegis/core';
import { checkPins, type PinEvent, pinEventOf } from '../pin-event.ts';
import type { EventRows } from './event-rows.ts';

/** Keeps the table of pins in step with the events, inside the transaction that writes them. */
export class SqlitePins {
  readonly #events: EventRows;
  readonly #inForce: StatementSync;
  readonly #add: StatementSync;
  readonly #move: StatementSync;

  /** `events`: written along with the pins, in the same transactions. */
  constructor(db: DatabaseSync, events: EventRows) {
    this.#events = events;
    this.#inForce = db.prepare(
      `SELECT iif(json_valid(body), body ->> '$.payload.fingerprint', '') AS fingerprint
       FROM pin LEFT JOIN event ON position = pinned WHERE key = ? AND pinned IS NOT NULL`,
    );
    this.#add = db.prepare(
      'INSERT INTO pin (key, pinned, offered, newest) VALUES (:key, :pinned, :offered, :newest)',
    );
    this.#move = db.prepare(
      `UPDATE pin SET pinned = ifnull(:pinned, pinned), offered = ifnull(:offered, offered), newest = :newest
       WHERE key = :key`,
    );
  }

  /** Says why the entries may not be written; undefined when they may. */
  refusal(entries: readonly Entry[]): string | undefined {
    let events: PinEvent[] | undefined;
    for (const { envelope } of entries) {
      const event = pinEventOf(envelope);
      if (event !== undefined) (events ??= []).push(event);
    }
    return events && checkPins(events, (key) => this.#fingerprint(key));
  }

  /** Takes an entry that was just written. */
  note(position: number, envelope: Envelope): void {
    const event = pinEventOf(envelope);
    if (event === undefined) return;
    const { key, fingerprint, takesEffect } = event;
    const pinned = takesEffect ? position : null;
    const offered = !takesEffect && fingerprint !== undefined ? position : null;
    const row = { key, pinned, offered, newest: position };
    // An upsert would wake the trigger that guards against replaced rows.
    if (this.#move.run(row).changes === 0) this.#add.run(row);
  }

  /** SECURITY: a pin whose event is gone or says nothing is in force all the same, and no event stands on it. */
  #fingerprint(key: string): string | undefined {
    this.#events.flush();
    const row = this.#inForce.get(key);
    return row && String(row['fingerprint'] ?? '');
  }
}
