import type { LedgerView, RemovedRun } from '../ledger-ports.ts';
import type { StoredEntry } from '../ports.ts';
import type { BundleSource } from './source.ts';

/** An entry and its place in the log of its tenant. */
export interface PlacedEntry {
  readonly entry: StoredEntry;
  readonly leaf: number;
}

/**
 * The tenant's entries in the order of the log, up to `size` leaves. Counts the leaves itself: those of
 * archived entries too, which are not there any more. `from`: the position and leaf of the first one.
 */
export async function* entriesOf(
  { view, tenant }: Pick<BundleSource, 'view' | 'tenant'>,
  size: number,
  from: { readonly position: number; readonly leaf: number } = { position: 1, leaf: 0 },
): AsyncGenerator<PlacedEntry> {
  const removed = new RemovedCount(view, tenant, from.position);
  let leaf = from.leaf;
  for await (const entry of view.entries({ after: from.position - 1 })) {
    if (entry.tenant !== tenant) continue;
    leaf += await removed.before(entry.position);
    if (leaf >= size) break;
    yield { entry, leaf };
    leaf += 1;
  }
  await removed.close();
}

/** Counts archived entries of a tenant along the positions. */
class RemovedCount {
  readonly #runs: AsyncIterator<RemovedRun>;
  readonly #tenant: string;
  readonly #from: number;
  #ahead: RemovedRun | undefined;
  #done = false;

  constructor(view: LedgerView, tenant: string, from: number) {
    this.#runs = view.removedRuns()[Symbol.asyncIterator]();
    this.#tenant = tenant;
    this.#from = from;
  }

  /** How many stood before a position, and after the one that was asked for last. */
  async before(position: number): Promise<number> {
    let count = 0;
    while (!this.#done) {
      this.#ahead ??= await this.#next();
      if (this.#ahead === undefined || this.#ahead.first > position) break;
      const { tenant, first, last } = this.#ahead;
      if (tenant === this.#tenant && first >= this.#from) count += last - first + 1;
      this.#ahead = undefined;
    }
    return count;
  }

  async close(): Promise<void> {
    await this.#runs.return?.();
  }

  async #next(): Promise<RemovedRun | undefined> {
    const { done, value } = await this.#runs.next();
    if (done !== true) return value;
    this.#done = true;
    return undefined;
  }
}

/** A session's entries with their leaves, up to `size` leaves. */
export async function* entriesOfSession(
  { view, trees, tenant }: BundleSource,
  session: string,
  size: number,
): AsyncGenerator<PlacedEntry> {
  for await (const entry of view.session(tenant, session)) {
    const place = await trees.leafOf(entry.position);
    if (place === undefined || place.leaf >= size) return;
    yield { entry, leaf: place.leaf };
  }
}

/** Several rising sequences as one, each entry once. */
export async function* merged(sequences: readonly AsyncIterable<PlacedEntry>[]): AsyncGenerator<PlacedEntry> {
  const heads = sequences.map((sequence) => sequence[Symbol.asyncIterator]());
  const ahead = await Promise.all(heads.map((head) => next(head)));
  let newest = -1;
  for (;;) {
    let least: number | undefined;
    for (const [at, one] of ahead.entries()) {
      const other = least === undefined ? undefined : ahead[least];
      if (one !== undefined && (other === undefined || one.leaf < other.leaf)) least = at;
    }
    const head = least === undefined ? undefined : heads[least];
    const one = least === undefined ? undefined : ahead[least];
    if (least === undefined || head === undefined || one === undefined) return;
    ahead[least] = await next(head);
    if (one.leaf === newest) continue;
    newest = one.leaf;
    yield one;
  }
}

async function next(head: AsyncIterator<PlacedEntry>): Promise<PlacedEntry | undefined> {
  const { done, value } = await head.next();
  return done === true ? undefined : value;
}
