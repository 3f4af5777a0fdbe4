import type { Entry, Envelope } from '@aegis/core';
import type { StoredPin } from '../../ports.ts';
import { checkPins, pinEventOf } from '../pin-event.ts';

interface Held {
  readonly pin: StoredPin;
  /** In force. */
  readonly fingerprint: string | undefined;
}

/** The pins of a ledger that lives as long as its process. */
export class MemoryPins {
  readonly #held = new Map<string, Held>();

  /** Says why the entries may not be written; undefined when they may. */
  refusal(entries: readonly Entry[]): string | undefined {
    const events = entries.flatMap(({ envelope }) => pinEventOf(envelope) ?? []);
    return checkPins(events, (key) => this.#held.get(key)?.fingerprint);
  }

  /** Takes an entry that was just written. */
  note(position: number, envelope: Envelope): void {
    const event = pinEventOf(envelope);
    if (event === undefined) return;
    const { key, fingerprint, takesEffect } = event;
    const before = this.#held.get(key);
    const pin: StoredPin = {
      ...before?.pin,
      key,
      newest: position,
      ...(takesEffect ? { pinned: position } : {}),
      ...(takesEffect || fingerprint === undefined ? {} : { offered: position }),
    };
    this.#held.set(key, { pin, fingerprint: takesEffect ? fingerprint : before?.fingerprint });
  }

  after(position: number): readonly StoredPin[] {
    return [...this.#held.values()]
      .map(({ pin }) => pin)
      .filter(({ newest }) => newest > position)
      .sort((a, b) => a.newest - b.newest);
  }
}
