import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Durability, VerifiableStore } from '../../src/ledger-ports.ts';

/** What a test of the contract asks of the store that it is given. */
export interface ContractOptions {
  /** The same name is the same ledger; a name that was not heard before is a new and empty one. */
  readonly ledger: string;
  readonly durability?: Durability;
}

/** Opens a store, each time as a process of its own would. */
export type OpenStore<S extends VerifiableStore> = (options: ContractOptions) => Promise<S>;

/** The name of a ledger that nobody has opened. */
export function newLedger(): string {
  return `l${randomUUID().replaceAll('-', '')}`;
}

export const UNAVAILABLE = expect.objectContaining({ code: 'STORE_UNAVAILABLE' });
