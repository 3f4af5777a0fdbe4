import type { Durability } from '../../ledger-ports.ts';
import type { SecretReference } from '../../ports.ts';
import type { VerifierKey } from '@aegis/core';

/** Where the ledger is kept, and when an event in it counts as kept. */
export type ConfiguredStore = {
  readonly durability: Durability;
  /** How long sessions belong to a process after its last sign of life. */
  readonly leaseMs: number;
} & (
  | {
      readonly kind: 'sqlite';
      /** Absolute path. */
      readonly file: string;
    }
  | ({
      readonly kind: 'postgres';
      /** Who makes the tables, where that is another role than the one that appends. */
      readonly owner?: DatabaseRole;
    } & DatabaseRole)
);

/** A role of a database server, and how to reach it. */
export interface DatabaseRole {
  /** Without a password. */
  readonly dsn: string;
  readonly password?: SecretReference;
}

export interface ConfiguredWitness {
  readonly url: string;
  readonly key: VerifierKey;
}

/** A file by its absolute path, or an address. */
export type ConfiguredAnchor =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

export interface ConfiguredLedger {
  readonly sealIntervalMs: number;
  readonly witnesses: readonly ConfiguredWitness[];
  /** How many of them make a checkpoint count as witnessed. */
  readonly quorum: number;
  readonly anchor?: ConfiguredAnchor;
}
