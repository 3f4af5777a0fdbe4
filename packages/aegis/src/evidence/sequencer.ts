import { AegisError } from '@aegis/core';
import type { StoredCheckpoint, TreeStore } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import { holdKeys } from './keys/key-folder.ts';
import type { KnownSizes } from './rollback.ts';
import { signLogs } from './sign-logs.ts';

/** After a failure the next attempt waits so many intervals. */
const FAILURE_INTERVALS = 5;

export interface SequencerOptions {
  readonly trees: TreeStore;
  /** The key folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** How long an event waits, at most, before it is sealed. */
  readonly intervalMs: number;
  /** Hears of each checkpoint over the whole installation, when it is stored. */
  readonly onSigned: (installation: StoredCheckpoint) => void;
  /** Hears why rounds fail, once, and when they succeed again. */
  readonly warn: (text: string) => void;
}

/**
 * Moves committed events into the Merkle trees and signs what has grown: beside the appends, never in
 * their way. Several processes may do it for one ledger.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #known: KnownSizes = new Map();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** The round that begins when the running one has ended; everybody who asks meanwhile waits for it. */
  #next: Promise<void> | undefined;
  #problem: string | undefined;
  #rollback: AegisError | undefined;
  #closed = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /** Events were committed: they are sealed within the interval. */
  noticed(): void {
    this.#schedule(this.#options.intervalMs);
  }

  /**
   * Seals and signs everything that was committed before this call. Rejects with `STORE_UNAVAILABLE`
   * when it cannot.
   */
  sealNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running === undefined) return this.#run();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#run();
      });
    return this.#next;
  }

  /** Why the newest round failed; undefined when it did not. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Set once the ledger was found to be an older copy, or another one: nothing may be written to it. */
  get rollback(): AegisError | undefined {
    return this.#rollback;
  }

  /** Seals what is left; never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.sealNow().catch(() => {});
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#closed || this.#rollback !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.sealNow().catch(() => this.#schedule(this.#options.intervalMs * FAILURE_INTERVALS));
    }, delayMs);
    this.#timer.unref();
  }

  #run(): Promise<void> {
    const round = this.#round().finally(() => {
      if (this.#running === round) this.#running = undefined;
    });
    this.#running = round;
    return round;
  }

  async #round(): Promise<void> {
    if (this.#rollback !== undefined) throw this.#rollback;
    const { trees, folder, clock, onSigned } = this.#options;
    try {
      await trees.seal();
      const signing = await holdKeys(folder, (held) => signLogs(trees, held, this.#known, clock.now()));
      if (signing.kind === 'rolled_back') throw (this.#rollback = rolledBack(signing.why));
      if (this.#problem !== undefined) this.#options.warn('the ledger is sealed again');
      this.#problem = undefined;
      if (signing.installation !== undefined) onSigned(signing.installation);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (this.#problem === undefined) this.#options.warn(`the ledger is not sealed: ${problem}`);
      this.#problem = problem;
      throw error;
    }
  }
}

/** The ledger is not the one that was signed: nothing may be written to it. */
export function rolledBack(why: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', `the ledger is an older copy, or not the same: ${why}`, {
    help: 'restore the newest copy; if what is missing is lost, `aegis ledger restore-accept --because TEXT` records that and goes on',
  });
}
