import { describe } from 'vitest';
import type { LedgerStore, VerifiableStore } from '../../src/ledger-ports.ts';
import { appendContract } from './contract-append.ts';
import { archiveContract } from './contract-archive.ts';
import { checkpointContract } from './contract-checkpoint.ts';
import { eraseContract } from './contract-erase.ts';
import { leaseContract } from './contract-lease.ts';
import { permitContract } from './contract-permit.ts';
import { pinsContract } from './contract-pins.ts';
import { snapshotContract } from './contract-snapshot.ts';
import type { OpenStore } from './contract-store.ts';
import { treeContract } from './contract-tree.ts';
import { verifyContract } from './contract-verify.ts';

/** What every store of events promises. */
export function storeContract(name: string, open: OpenStore<VerifiableStore>): void {
  describe(`the ${name} store`, () => {
    appendContract(open);
    pinsContract(open);
    verifyContract(open);
  });
}

/** What every store promises that keeps evidence. */
export function ledgerContract(name: string, open: OpenStore<LedgerStore>): void {
  storeContract(name, open);
  describe(`the ${name} ledger`, () => {
    leaseContract(open);
    permitContract(open);
    snapshotContract(open);
    treeContract(open);
    checkpointContract(open);
    eraseContract(open);
    archiveContract(open);
  });
}
