import { setImmediate as breath } from 'node:timers/promises';
import {
  type Envelope,
  type EventType,
  parseExact,
  positionSince,
  type RateBook,
  type RateLimit,
  type Sha256,
} from '@aegis/core';
import type { Clock, EventStore, StoredEntry } from '../ports.ts';

export interface RateFollowerPorts {
  readonly store: Pick<EventStore, 'entries' | 'ofTypes'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

/** Clocks of machines that share a ledger may differ by so much, in milliseconds. */
const CLOCK_SLACK_MS = 60_000;

const ALLOWED = ['TOOL_CALL_ALLOWED', 'ACCESS_ALLOWED'] as const satisfies readonly EventType[];

/** Follows the log for what other processes allowed, and for what was allowed before this one began. */
export class RateFollower {
  readonly #ports: RateFollowerPorts;
  readonly #book: RateBook;
  readonly #rates: () => readonly RateLimit[];
  /** Position of the newest entry that was read; undefined while nothing is counted. */
  #read: number | undefined;

  constructor(ports: RateFollowerPorts, book: RateBook, rates: () => readonly RateLimit[]) {
    this.#ports = ports;
    this.#book = book;
    this.#rates = rates;
  }

  /** Takes what was committed before it was called; one call at a time. Rejects with `STORE_UNAVAILABLE`. */
  async refresh(): Promise<void> {
    const rates = this.#rates();
    if (rates.length === 0) {
      this.#read = undefined;
      return;
    }
    const { store } = this.#ports;
    this.#read ??= await this.#start(Math.max(...rates.map(({ windowMs }) => windowMs)));
    for (;;) {
      const { entries, through, isLast } = await store.ofTypes(ALLOWED, this.#read);
      for (const entry of entries) this.#take(entry);
      this.#read = through;
      // What others have written since is for the next time: they may go on and on.
      if (isLast) return;
      await breath();
    }
  }

  #take({ body, hash }: StoredEntry): void {
    if (this.#ports.sha256(body) !== hash) return;
    const envelope = envelopeOf(body);
    const { call_id: id, rates: keys } = envelope?.payload ?? {};
    if (envelope === undefined || typeof id !== 'string' || !Array.isArray(keys)) return;
    this.#book.learn(id, keys.map(String), envelope.ts_unix_ms);
  }

  async #start(windowMs: number): Promise<number> {
    const { store, clock } = this.#ports;
    return positionSince(
      async (after) => {
        for await (const { body } of store.entries({ after, limit: 1 })) {
          return envelopeOf(body)?.ts_unix_ms ?? Number.POSITIVE_INFINITY;
        }
        return undefined;
      },
      clock.now() - windowMs - CLOCK_SLACK_MS,
    );
  }
}

function envelopeOf(body: string): Envelope | undefined {
  const parsed = parseExact(body);
  return parsed.ok ? (parsed.value as unknown as Envelope) : undefined;
}
