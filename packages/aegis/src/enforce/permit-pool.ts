import { PERMIT_LEASE_MS, type PermitBlock, type PermitRequest, type SpentBlock } from '../ledger-ports.ts';
import { longestSince, type Moment } from './lease-clock.ts';

/** A block from which nothing was taken for so long is given back, in milliseconds. */
const IDLE_MS = 250;

/** Largest block that is asked for. */
const MAX_BLOCK = 64;

/** For how long it is believed that nothing is free: others give back what they did not spend. */
const MAX_REFUSED_MS = 100;

/** Times are those of the clock that is never set, in milliseconds. */
export interface LeasedBlock {
  readonly id: string;
  readonly permits: number;
  /** Its lease is counted from here. */
  readonly askedAt: Moment;
  spent: number;
  /** Taken, and neither spent nor given back. */
  reserved: number;
  touchedAt: number;
}

/** Whether it must not be spent from any more. */
export function isOver({ askedAt }: LeasedBlock, now: Moment): boolean {
  return longestSince(askedAt, now) >= PERMIT_LEASE_MS;
}

/** What became of a block, with when the newest of it was spent. */
export interface SettledBlock extends Omit<SpentBlock, 'ageMs'> {
  readonly spentAt: number;
}

/** The permits of one window that this process has leased. */
export class PermitPool {
  readonly #place: string;
  readonly #most: number;
  readonly #windowMs: number;
  #blocks: LeasedBlock[] = [];
  /** How many were leased last, and when they were all spent. */
  #lastSize = 0;
  #spentAt = Number.NEGATIVE_INFINITY;
  #refusedUntil = Number.NEGATIVE_INFINITY;
  #freeAt = 0;
  /** Calls that wait for permits. */
  waiting = 0;

  constructor(place: string, most: number, windowMs: number) {
    this.#place = place;
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** A block with a permit, which is reserved from now on; undefined when there is none here. */
  reserve(now: Moment): LeasedBlock | undefined {
    const block = this.#blocks.find((one) => one.spent + one.reserved < one.permits && !isOver(one, now));
    if (block === undefined) return undefined;
    block.reserved++;
    block.touchedAt = now.steady;
    return block;
  }

  spend(block: LeasedBlock, now: Moment): void {
    block.reserved--;
    block.spent++;
    block.touchedAt = now.steady;
    if (block.spent === block.permits) this.#spentAt = now.steady;
  }

  /** Milliseconds until one can be free, where none is; 0 while that is not known. */
  refusedFor({ steady }: Moment): number {
    return steady < this.#refusedUntil ? Math.max(1, Math.ceil(this.#freeAt - steady)) : 0;
  }

  /** Where permits go quickly the next block is twice as large; else it is as large as what waits. */
  request({ steady }: Moment): PermitRequest {
    const quick = steady - this.#spentAt < IDLE_MS;
    const wanted = Math.min(MAX_BLOCK, Math.max(1, this.waiting, quick ? this.#lastSize * 2 : 0));
    return { place: this.#place, most: this.#most, windowMs: this.#windowMs, wanted };
  }

  /** Takes the answer to a request that was made at `askedAt`. */
  take({ id, permits, waitMs }: PermitBlock, askedAt: Moment, { steady }: Moment): void {
    if (permits === 0) {
      this.#freeAt = steady + waitMs;
      this.#refusedUntil = steady + Math.min(waitMs, MAX_REFUSED_MS);
      return;
    }
    this.#lastSize = permits;
    // The store began to count when it answered, which is later.
    this.#blocks.push({ id, permits, askedAt, spent: 0, reserved: 0, touchedAt: steady });
  }

  /** Blocks of which nothing more will be spent: they are here no more. With `all` every one that nobody holds. */
  settled(now: Moment, all = false): SettledBlock[] {
    const over = this.#blocks.filter((block) => {
      const isLeft = all || now.steady - block.touchedAt >= IDLE_MS;
      return block.spent === block.permits || (block.reserved === 0 && isLeft) || isOver(block, now);
    });
    if (over.length > 0) this.#blocks = this.#blocks.filter((block) => !over.includes(block));
    return over.map(({ id, spent, touchedAt }) => ({
      id,
      place: this.#place,
      windowMs: this.#windowMs,
      spent,
      spentAt: touchedAt,
    }));
  }

  /** Whether nothing is known here that matters. */
  isEmpty({ steady }: Moment): boolean {
    return this.#blocks.length === 0 && this.waiting === 0 && steady >= this.#refusedUntil;
  }
}
