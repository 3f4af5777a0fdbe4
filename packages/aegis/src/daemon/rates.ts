import { RateBook } from '@aegis/core';
import { RateFollower } from '../enforce/rate-follower.ts';
import { RatePermits } from '../enforce/rate-permits.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import type { SessionPorts } from '../enforce/session.ts';
import type { PermitStore } from '../ledger-ports.ts';
import { repeat } from './repeat.ts';

/** Milliseconds between two looks at what other processes on the ledger allowed. */
const LOOK_MS = 250;

/** What was counted, by this process and by all others on the ledger. */
export interface Rates {
  readonly book: RateBook;
  readonly permits: RatePermits;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Counts what the ledger says was allowed, and goes on doing so. Rejects with `STORE_UNAVAILABLE`. */
export async function followRates(
  ports: SessionPorts,
  store: PermitStore,
  rates: () => Ruleset['policy']['rates'],
): Promise<Rates> {
  const book = new RateBook(rates);
  const follower = new RateFollower(ports, book, () => rates().map(({ rate }) => rate));
  await follower.refresh();
  const following = repeat(() => follower.refresh(), LOOK_MS);
  const permits = new RatePermits(store, rates);
  return {
    book,
    permits,
    async close() {
      await permits.close();
      await following.close();
    },
  };
}
