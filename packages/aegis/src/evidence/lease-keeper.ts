import type { LeaseStore, SessionPlace } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';

/** For how long a process owns its sessions after it was heard of last, in milliseconds. */
const LEASE_MS = 20_000;

/** Renewals within the life of a lease: one may be late, or fail. */
const RENEWALS = 4;

/** Leases that pass between two looks for sessions of processes that are gone. */
const LOOK_EVERY_LEASES = 3;

/** Takes up sessions of a process that is gone; gives those with which it has to be tried again. */
export type Recover = (places: readonly SessionPlace[]) => Promise<readonly SessionPlace[]>;

type OwnLease = Pick<LeaseStore, 'renew' | 'release' | 'takeOver'>;

export interface LeaseOptions {
  readonly leases: OwnLease;
  readonly clock: Clock;
  readonly leaseMs?: number;
}

/** Keeps this process's lease on its sessions, and takes over those of processes that are gone. */
export class LeaseKeeper {
  readonly #leases: OwnLease;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #renewedMs = 0;
  /** Since when this process has looked after its lease without a break. */
  #awakeSinceMs = 0;
  #lookedMs = 0;
  #recover: Recover | undefined;
  #unfinished: readonly SessionPlace[] = [];
  #running: Promise<void> | undefined;
  #problem: string | undefined;

  constructor({ leases, clock, leaseMs = LEASE_MS }: LeaseOptions) {
    this.#leases = leases;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** Takes the lease, and renews it until `close`. Rejects with `STORE_UNAVAILABLE`. */
  async start(): Promise<void> {
    await this.#renew(this.#clock.now());
    this.#timer = setInterval(() => this.#tick(), this.#leaseMs / RENEWALS);
    this.#timer.unref();
  }

  /** Hands the sessions of processes that are gone to `recover`: now, and from now on every minute. */
  async recoverWith(recover: Recover): Promise<void> {
    this.#recover = recover;
    await this.#running;
    await this.#look(this.#clock.now());
  }

  /** Why the lease could not be renewed, or sessions not be taken over; undefined when they could. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Gives the lease up. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await this.#leases.release().catch(() => {});
  }

  #tick(): void {
    this.#running ??= this.#try().finally(() => {
      this.#running = undefined;
    });
  }

  async #try(): Promise<void> {
    try {
      await this.#beat();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  async #beat(): Promise<void> {
    const now = this.#clock.now();
    // The machine slept, or this process stood still. Others may have as well, and only look dead.
    if (now - this.#renewedMs > this.#leaseMs) this.#awakeSinceMs = now;
    await this.#renew(now);
    const awake = now - this.#awakeSinceMs >= this.#leaseMs;
    if (awake && now - this.#lookedMs >= this.#leaseMs * LOOK_EVERY_LEASES) await this.#look(now);
  }

  async #renew(now: number): Promise<void> {
    await this.#leases.renew(now, now + this.#leaseMs);
    this.#renewedMs = now;
  }

  async #look(now: number): Promise<void> {
    const recover = this.#recover;
    if (recover === undefined) return;
    this.#lookedMs = now;
    const places = [...this.#unfinished, ...(await this.#leases.takeOver(now))];
    if (places.length > 0) this.#unfinished = await recover(places);
  }
}
