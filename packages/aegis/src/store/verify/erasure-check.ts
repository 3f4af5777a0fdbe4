import type { Envelope, LedgerFinding } from '@aegis/core';
import type { LedgerView, StoredErasure } from '../../ledger-ports.ts';
import type { StoredEntry } from '../../ports.ts';

/** What the store keeps of erased values, held against the events that say so. */
export class ErasureCheck {
  readonly #values = new Set<string>();
  /** The erasures that an event has to account for, by its position. */
  readonly #byEvent = new Map<number, StoredErasure[]>();

  private constructor() {}

  static async over(view: LedgerView): Promise<ErasureCheck> {
    const check = new ErasureCheck();
    for await (const erasure of view.erasures()) {
      check.#values.add(keyOf(erasure.hash, erasure.position));
      const others = check.#byEvent.get(erasure.by);
      if (others === undefined) check.#byEvent.set(erasure.by, [erasure]);
      else others.push(erasure);
    }
    return check;
  }

  /** Whether a value is gone because it was erased. */
  explains(hash: string, position: number): boolean {
    return this.#values.has(keyOf(hash, position));
  }

  next({ position }: StoredEntry, { event_type, payload }: Envelope): void {
    const erasures = this.#byEvent.get(position);
    if (erasures === undefined || event_type !== 'DATA_ERASED') return;
    const named = new Set(Array.isArray(payload['hashes']) ? payload['hashes'] : []);
    const left = erasures.filter((erasure) => !named.has(erasure.hash));
    if (left.length === 0) this.#byEvent.delete(position);
    else this.#byEvent.set(position, left);
  }

  /** After the last entry: what no event accounts for. */
  end(): readonly LedgerFinding[] {
    return [...this.#byEvent.values()].flat().map(({ position, by }) => ({
      kind: 'erasure-mismatch',
      position,
      message: `no event at position ${by} says that this value was erased`,
    }));
  }
}

function keyOf(hash: string, position: number): string {
  return `${position} ${hash}`;
}
