import { existsSync } from 'node:fs';
import { openEvidenceView } from '../../daemon/evidence.ts';
import type { LedgerView } from '../../ledger-ports.ts';
import type { LedgerPlace } from '../place.ts';

/** Reads the ledger as it is now; `absent` where there is none yet. Fails with `STORE_UNAVAILABLE`. */
export async function viewingLedger<T>(
  { configuration, environment }: LedgerPlace,
  absent: T,
  work: (view: LedgerView) => Promise<T>,
): Promise<T> {
  const { store } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) return absent;
  const view = await openEvidenceView(configuration, environment);
  try {
    return await work(view);
  } finally {
    await view.close();
  }
}
