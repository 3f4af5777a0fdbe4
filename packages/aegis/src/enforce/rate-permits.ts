import { AegisError, type CompiledRate, type RateReading } from '@aegis/core';
import type { PermitStore } from '../ledger-ports.ts';
import { type LeaseClock, machineClock, type Moment } from './lease-clock.ts';
import { isOver, type LeasedBlock, PermitPool, type SettledBlock } from './permit-pool.ts';

/** Milliseconds between two looks at what is not needed any more. */
const SWEEP_MS = 250;

/** Windows of which permits are known at a time; a further one waits. */
const MAX_POOLS = 20_000;

/** How often a call asks again for permits that others were quicker to take. */
const MAX_ROUNDS = 16;

/** Blocks that could not be given back are tried again, so many of them and for so long in milliseconds; others lapse. */
const MAX_UNSETTLED = 1_000;
const MAX_UNSETTLED_MS = 30_000;

/** What a call is told to wait where that is not known, in milliseconds. */
const UNKNOWN_WAIT_MS = 1_000;

/** What one call holds of the rates that are about it, until it is spent or let go of. */
export interface Reservation {
  /** The readings, with how long the call has to wait for what it does not hold. */
  readonly settle: (readings: readonly RateReading[]) => readonly RateReading[];
  /** Within the turn in which the call is allowed. */
  readonly spend: () => void;
  readonly release: () => void;
}

/** One window that a call is counted in. */
interface Wanted {
  /** Of the rate. */
  readonly key: string;
  readonly place: string;
  /** Undefined where too many are known. */
  readonly pool: PermitPool | undefined;
}

interface Held {
  readonly pool: PermitPool;
  readonly block: LeasedBlock | undefined;
  readonly waitMs: number;
}

/**
 * Permits of rates that processes on one ledger share: leased from the store in blocks, spent here without asking.
 *
 * INVARIANT: a call that a rate counts is allowed on a permit of each of its windows, and no permit is spent twice or
 * after its lease.
 */
export class RatePermits {
  readonly #store: PermitStore;
  readonly #rates: () => readonly CompiledRate[];
  readonly #clock: LeaseClock;
  readonly #pools = new Map<string, PermitPool>();
  /** Pools for which permits are asked in the next request to the store. */
  #wanting = new Set<PermitPool>();
  #asking: Promise<void> | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #unsettled: readonly SettledBlock[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(store: PermitStore, rates: () => readonly CompiledRate[], clock: LeaseClock = machineClock) {
    this.#store = store;
    this.#rates = rates;
    this.#clock = clock;
  }

  /**
   * Reserves a permit of each window that the readings are of; of a rate that is spent already none. At once where
   * they are here. Rejects with `STORE_UNAVAILABLE`.
   */
  reserve(readings: readonly RateReading[]): Reservation | Promise<Reservation> {
    const held = new Map<string, Held>();
    const pools = readings.filter(({ waitMs }) => waitMs === 0).flatMap((reading) => this.#poolsOf(reading));
    const missing: Wanted[] = [];
    for (const wanted of pools) {
      const block = wanted.pool?.reserve(this.#clock());
      if (wanted.pool !== undefined && block !== undefined) {
        held.set(wanted.place, { pool: wanted.pool, block, waitMs: 0 });
      } else missing.push(wanted);
    }
    const reservation = reservationOf(pools, held, this.#clock);
    return missing.length === 0 ? reservation : this.#acquireAll(missing, held, reservation);
  }

  /** Gives back what was not spent. Never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sweeping;
    await this.#settle(true);
    clearTimeout(this.#timer);
  }

  #poolsOf({ rate, key }: RateReading): readonly Wanted[] {
    const bounds = this.#rates().find((compiled) => compiled.rate.name === rate.name)?.bounds ?? [];
    return bounds.map(({ most, windowMs }) => {
      const place = `${windowMs} ${key}`;
      // A limit that was changed is another pool: what is leased of the old one is counted in the store.
      const name = `${most} ${place}`;
      let pool = this.#pools.get(name);
      if (pool === undefined && this.#pools.size < MAX_POOLS) {
        pool = new PermitPool(place, most, windowMs);
        this.#pools.set(name, pool);
      }
      return { key, place, pool };
    });
  }

  async #acquireAll(
    missing: readonly Wanted[],
    held: Map<string, Held>,
    reservation: Reservation,
  ): Promise<Reservation> {
    // All are waited for: one that comes after another has failed has to be let go of as well.
    const acquired = await Promise.allSettled(
      missing.map(async ({ place, pool }) => {
        if (pool !== undefined) held.set(place, { pool, ...(await this.#acquire(pool)) });
      }),
    );
    const failed = acquired.find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return reservation;
    reservation.release();
    throw failed.reason;
  }

  async #acquire(pool: PermitPool): Promise<Omit<Held, 'pool'>> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const now = this.#clock();
      const block = pool.reserve(now);
      if (block !== undefined) return { block, waitMs: 0 };
      const waitMs = pool.refusedFor(now);
      if (waitMs > 0) return { block: undefined, waitMs };
      pool.waiting++;
      this.#wanting.add(pool);
      try {
        await (this.#asking ??= this.#ask());
      } finally {
        pool.waiting--;
      }
    }
    return { block: undefined, waitMs: UNKNOWN_WAIT_MS };
  }

  /** One request for all calls that want something by the time that it is made. */
  async #ask(): Promise<void> {
    await Promise.resolve();
    const pools = [...this.#wanting];
    this.#wanting = new Set();
    this.#asking = undefined;
    const askedAt = this.#clock();
    const blocks = await this.#store.lease(pools.map((pool) => pool.request(askedAt)));
    const now = this.#clock();
    for (const [at, pool] of pools.entries()) {
      const block = blocks[at];
      if (block === undefined) throw new AegisError('INTERNAL', 'a request for permits was not answered');
      pool.take(block, askedAt, now);
    }
    this.#sweepLater();
  }

  #sweepLater(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sweeping = this.#sweep();
    }, SWEEP_MS);
    this.#timer.unref();
  }

  async #sweep(): Promise<void> {
    await this.#settle(false);
    if (this.#pools.size > 0 || this.#unsettled.length > 0) this.#sweepLater();
  }

  async #settle(all: boolean): Promise<void> {
    const now = this.#clock();
    const recent = this.#unsettled.filter(({ spentAt }) => now.steady - spentAt < MAX_UNSETTLED_MS);
    const blocks = [...recent, ...[...this.#pools.values()].flatMap((pool) => pool.settled(now, all))];
    for (const [name, pool] of this.#pools) if (pool.isEmpty(now)) this.#pools.delete(name);
    this.#unsettled = [];
    if (blocks.length === 0) return;
    const spent = blocks.map(({ spentAt, ...block }) => ({ ...block, ageMs: now.steady - spentAt }));
    await this.#store.settle(spent).catch(() => {
      // Until it is given back it counts as spent.
      this.#unsettled = blocks.slice(-MAX_UNSETTLED);
    });
  }
}

function reservationOf(wanted: readonly Wanted[], held: Map<string, Held>, clock: LeaseClock): Reservation {
  const waitFor = (key: string): number => {
    const now = clock();
    const waits = wanted.filter((one) => one.key === key).map(({ place }) => waitOf(held.get(place), now));
    // SECURITY: a rate without room when permits were reserved may have room by now; there is no permit of it.
    return waits.length === 0 ? 1 : Math.max(...waits);
  };
  return {
    settle: (readings) =>
      readings.map((reading) => ({ ...reading, waitMs: Math.max(reading.waitMs, waitFor(reading.key)) })),
    spend() {
      for (const { pool, block } of held.values()) {
        if (block !== undefined) pool.spend(block, clock());
      }
      held.clear();
    },
    release() {
      for (const { block } of held.values()) if (block !== undefined) block.reserved--;
      held.clear();
    },
  };
}

/** SECURITY: a permit whose lease ended while the call was on its way is none. */
function waitOf(held: Held | undefined, now: Moment): number {
  if (held === undefined) return UNKNOWN_WAIT_MS;
  if (held.block === undefined) return held.waitMs;
  return isOver(held.block, now) ? 1 : 0;
}
