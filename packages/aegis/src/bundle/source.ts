import type { VerifierKey } from '@aegis/core';
import type { LedgerView, SessionPlace, TreeView } from '../ledger-ports.ts';

/** A ledger as a bundle of one tenant is made from it. */
export interface BundleSource {
  readonly view: LedgerView;
  readonly trees: TreeView;
  readonly tenant: string;
  /** Name of the tenant's log. */
  readonly origin: string;
  /** The public keys that have signed it, under its name, the newest last. */
  readonly keys: readonly VerifierKey[];
}

/** Which events somebody wants in a bundle. */
export type WantedScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'session'; readonly session: string }
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number }
  | {
      readonly kind: 'segment';
      readonly segment: string;
      readonly beforeMs: number;
      readonly sessions: readonly SessionPlace[];
    };

export interface BundleRequest {
  readonly scope: WantedScope;
  /** Whether sealed values come along. */
  readonly values: boolean;
  /** Size of an older checkpoint that the bundle shall compare with. */
  readonly older?: number;
  /** Unix time in milliseconds. */
  readonly nowMs: number;
}
