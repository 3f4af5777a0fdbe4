import type { Envelope, LedgerFinding } from '@aegis/core';
import type { LedgerView, RemovedRun, StoredErasure } from '../../ledger-ports.ts';
import type { StoredEntry } from '../../ports.ts';

/** What the store keeps of erased values, held against the events that say so, and against the commitments. */
export class ErasureCheck {
  readonly #view: LedgerView;
  /** Those that no commitment was found for, by hash and position. */
  readonly #uncommitted = new Map<string, StoredErasure>();
  readonly #values = new Set<string>();
  readonly #hashes = new Set<string>();
  /** The erasures that an event has to account for, by its position. */
  readonly #byEvent = new Map<number, StoredErasure[]>();
  /** Events that name a hash of which the store keeps nothing. */
  readonly #unkept: number[] = [];
  #isArchived = false;

  private constructor(view: LedgerView) {
    this.#view = view;
  }

  static async over(view: LedgerView): Promise<ErasureCheck> {
    const check = new ErasureCheck(view);
    for await (const erasure of view.erasures()) {
      const key = keyOf(erasure.hash, erasure.position);
      check.#values.add(key);
      check.#hashes.add(erasure.hash);
      check.#uncommitted.set(key, erasure);
      const others = check.#byEvent.get(erasure.by);
      if (others === undefined) check.#byEvent.set(erasure.by, [erasure]);
      else others.push(erasure);
    }
    return check;
  }

  /** Whether a value that an entry committed to is gone because it was erased. */
  explains(hash: string, position: number): boolean {
    if (this.#values.size === 0) return false;
    const key = keyOf(hash, position);
    this.#uncommitted.delete(key);
    return this.#values.has(key);
  }

  next({ position }: StoredEntry, { event_type, payload }: Envelope): void {
    // What was archived meanwhile was not there any more to be erased.
    if (event_type === 'SEGMENT_ARCHIVED') this.#isArchived = true;
    if (event_type !== 'DATA_ERASED') return;
    const named = new Set<unknown>(Array.isArray(payload['hashes']) ? payload['hashes'] : []);
    if (!this.#isArchived && ![...named].every((hash) => this.#hashes.has(String(hash)))) {
      this.#unkept.push(position);
    }
    const erasures = this.#byEvent.get(position);
    if (erasures === undefined) return;
    const left = erasures.filter((erasure) => !named.has(erasure.hash));
    if (left.length === 0) this.#byEvent.delete(position);
    else this.#byEvent.set(position, left);
  }

  /** After the last entry: what no event accounts for. */
  async end(): Promise<readonly LedgerFinding[]> {
    const finding = (position: number, message: string): LedgerFinding => {
      return { kind: 'erasure-mismatch', position, message };
    };
    const unsaid = [...this.#byEvent.values()].flat();
    return [
      ...unsaid.map(({ position, by }) =>
        finding(position, `no event at position ${by} says that this value was erased`),
      ),
      ...this.#unkept.map((position) =>
        finding(position, 'it names a value of which the store does not say that it was erased'),
      ),
      ...(await this.#misplaced(unsaid)).map(({ position }) =>
        finding(position, 'the store says that a value was erased there, and no entry committed to it'),
      ),
    ];
  }

  /** Those without a commitment, and not where an archived entry stood. */
  async #misplaced(unsaid: readonly StoredErasure[]): Promise<readonly StoredErasure[]> {
    if (this.#uncommitted.size === 0) return [];
    const told = new Set(unsaid);
    const misplaced: StoredErasure[] = [];
    const runs = this.#view.removedRuns()[Symbol.asyncIterator]();
    let run: RemovedRun | undefined = (await runs.next()).value;
    // Both rise.
    for (const erasure of this.#uncommitted.values()) {
      while (run !== undefined && run.last < erasure.position) run = (await runs.next()).value;
      const isRemoved = run !== undefined && run.first <= erasure.position;
      if (!isRemoved && !told.has(erasure)) misplaced.push(erasure);
    }
    return misplaced;
  }
}

function keyOf(hash: string, position: number): string {
  return `${position} ${hash}`;
}
