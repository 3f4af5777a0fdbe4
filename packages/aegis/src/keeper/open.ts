import { AegisError } from '@aegis/core';
import type { BundleSource } from '../bundle/source.ts';
import { openEvidence, type SealedLedger } from '../daemon/evidence.ts';
import type { LedgerView, TreeView } from '../ledger-ports.ts';
import type { LedgerPlace } from './place.ts';

/** A ledger as it is at one moment. */
export interface SeenLedger {
  readonly view: LedgerView;
  readonly trees: TreeView;
}

/** Works on a ledger in which everything is sealed and signed first. Fails with `STORE_UNAVAILABLE`. */
export async function withLedger<T>(
  { configuration, environment }: LedgerPlace,
  warn: (text: string) => void,
  work: (ledger: SealedLedger) => Promise<T>,
): Promise<T> {
  const ledger = await openEvidence(configuration, environment, warn);
  try {
    await ledger.sealNow();
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** Reads a ledger as it is now. Nothing may be removed from it meanwhile: what is read would stay on the disk. */
export async function viewing<T>(ledger: SealedLedger, work: (seen: SeenLedger) => Promise<T>): Promise<T> {
  const view = await ledger.view();
  try {
    const { trees } = view;
    if (trees === undefined) throw new AegisError('STORE_UNAVAILABLE', 'this ledger keeps no Merkle logs');
    return await work({ view, trees });
  } finally {
    await view.close();
  }
}

/** A tenant's part of an open ledger, to be written into a bundle. */
export async function sourceOf(
  ledger: SealedLedger,
  { view, trees }: SeenLedger,
  tenant: string,
): Promise<BundleSource> {
  const { origin, keys } = await ledger.identity(tenant);
  return { view, trees, tenant, origin, keys };
}
