import type { Entry, Envelope } from '@aegis/core';
import { digest, utf8 } from '../../platform.ts';
import { checkPins, type PinEvent, pinEventOf } from '../pin-event.ts';
import type { Row, Statement } from './statement.ts';

/** What is pinned and spoken of, of these definitions. */
export const READ_PINS: Statement = {
  name: 'read_pins',
  text: `SELECT pin.key, pin.pinned, pin.offered, event.body
    FROM aegis.pin LEFT JOIN aegis.event ON event.position = pin.pinned
    WHERE pin.key_hash = ANY ($1::bytea[])`,
};

export const WRITE_PIN: Statement = {
  name: 'write_pin',
  text: `INSERT INTO aegis.pin (key_hash, key, pinned, offered, newest) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key_hash) DO UPDATE
      SET pinned = excluded.pinned, offered = excluded.offered, newest = excluded.newest`,
};

interface HeldPin {
  readonly pinned: number | null;
  readonly offered: number | null;
  readonly newest: number;
  /** In force; undefined while none is. */
  readonly fingerprint: string | undefined;
}

/** The pins that a batch speaks of, as they change while it is written. */
export class BatchPins {
  readonly #held = new Map<string, HeldPin>();
  readonly #changed = new Set<string>();

  /** Takes the rows that the server has of the pins, under the lock of the log. */
  constructor(rows: readonly Row[]) {
    for (const { key, pinned, offered, body } of rows) {
      this.#held.set(String(key), {
        pinned: pinned === null ? null : Number(pinned),
        offered: offered === null ? null : Number(offered),
        newest: 0,
        fingerprint: pinned === null ? undefined : fingerprintIn(body),
      });
    }
  }

  /** Says why the entries may not be written; undefined when they may. */
  refusal(entries: readonly Entry[]): string | undefined {
    const events = pinEventsOf(entries);
    return events.length === 0 ? undefined : checkPins(events, (key) => this.#held.get(key)?.fingerprint);
  }

  /** Takes an entry that is to be written. */
  note(position: number, envelope: Envelope): void {
    const event = pinEventOf(envelope);
    if (event === undefined) return;
    const { key, fingerprint, takesEffect } = event;
    const before = this.#held.get(key);
    const offers = !takesEffect && fingerprint !== undefined;
    this.#held.set(key, {
      pinned: takesEffect ? position : (before?.pinned ?? null),
      offered: offers ? position : (before?.offered ?? null),
      newest: position,
      fingerprint: takesEffect ? fingerprint : before?.fingerprint,
    });
    this.#changed.add(key);
  }

  /** The parameters of `WRITE_PIN` for each pin that moved. */
  changes(): readonly (readonly unknown[])[] {
    return [...this.#changed].map((key) => {
      const { pinned = null, offered = null, newest } = this.#held.get(key) ?? {};
      return [keyHash(key), key, pinned, offered, newest];
    });
  }
}

export function pinEventsOf(entries: readonly Entry[]): readonly PinEvent[] {
  return entries.flatMap(({ envelope }) => pinEventOf(envelope) ?? []);
}

/** A key can be longer than an index takes. */
export function keyHash(key: string): Uint8Array {
  return digest(utf8(key));
}

/** SECURITY: a pin whose event is gone or says nothing is in force all the same, and no event stands on it. */
function fingerprintIn(body: unknown): string {
  try {
    const { payload } = JSON.parse((body as Buffer).toString()) as { payload?: { fingerprint?: unknown } };
    return String(payload?.fingerprint ?? '');
  } catch {
    return '';
  }
}
