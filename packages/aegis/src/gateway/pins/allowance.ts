import type { Clock } from '../../ports.ts';

/** What an event about a definition uses up, or what is left of it. */
export interface Share {
  readonly bytes: number;
  /** Events about names that are known already. */
  readonly changes: number;
}

/** How much one server can make the ledger hold by what it offers: at once, and in an hour. */
const CAPACITY: Share = { bytes: 32 * 1024 * 1024, changes: 5_000 };
const PER_HOUR: Share = { bytes: 4 * 1024 * 1024, changes: 500 };

const HOUR_MS = 3_600_000;

/** What each server may still have recorded. A definition that finds no room stays unaccepted. */
export class Allowance {
  readonly #clock: Clock;
  readonly #used = new Map<string, Share & { readonly atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  left(server: string): Share {
    const { bytes, changes } = this.#usedNow(server);
    return { bytes: CAPACITY.bytes - bytes, changes: CAPACITY.changes - changes };
  }

  use(server: string, { bytes, changes }: Share): void {
    const used = this.#usedNow(server);
    const atMs = this.#clock.now();
    this.#used.set(server, { bytes: used.bytes + bytes, changes: used.changes + changes, atMs });
  }

  #usedNow(server: string): Share {
    const used = this.#used.get(server);
    if (used === undefined) return { bytes: 0, changes: 0 };
    const hours = Math.max(0, this.#clock.now() - used.atMs) / HOUR_MS;
    return {
      bytes: Math.max(0, used.bytes - hours * PER_HOUR.bytes),
      changes: Math.max(0, used.changes - hours * PER_HOUR.changes),
    };
  }
}
