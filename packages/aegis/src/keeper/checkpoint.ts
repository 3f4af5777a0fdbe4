import { AegisError, bytesToHex, formatVerifierKey } from '@aegis/core';
import { checkpointIn } from '../bundle/covering.ts';
import { type Witnessing, witnessing } from '../evidence/cosigned.ts';
import { INSTALLATION_LOG } from '../ledger-ports.ts';
import { viewing, withLedger } from './open.ts';
import type { LedgerPlace } from './place.ts';
import { tenantOf } from './tenant.ts';

/** How long witnesses and anchors are waited for, in milliseconds. */
const PUBLISH_MS = 5_000;

/** The newest signed size of a log. */
export interface ShownCheckpoint {
  readonly note: string;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** The keys that it is to be verified with, the newest last. */
  readonly keys: readonly string[];
  readonly witnesses: Witnessing;
  /** Witnesses and anchors that cannot be reached, and why. */
  readonly unreached: readonly string[];
}

/**
 * Signs what is there and shows the checkpoint over it: of a tenant, or of the installation, which covers
 * all tenants. Fails with `STORE_UNAVAILABLE`.
 */
export function signCheckpoint(
  place: LedgerPlace,
  wanted: { readonly installation: boolean; readonly tenant: string | undefined },
  warn: (text: string) => void,
): Promise<ShownCheckpoint> {
  return withLedger(place, warn, async (ledger) => {
    const log = wanted.installation
      ? INSTALLATION_LOG
      : await viewing(ledger, ({ view }) => tenantOf(view, wanted.tenant));
    const { ledger: configured } = place.configuration;
    const unreached = await ledger.published(
      configured.witnesses.length > 0 || configured.anchor ? PUBLISH_MS : 0,
    );
    const newest = await ledger.trees.checkpoint(log);
    if (newest === undefined) throw new AegisError('INPUT_INVALID', 'nothing is recorded in this ledger yet');
    const whole = await ledger.trees.checkpoint(INSTALLATION_LOG);
    const { origin, size, root } = checkpointIn(newest.note);
    const { keys } = await ledger.identity(log);
    const policy = { witnesses: configured.witnesses.map(({ key }) => key), quorum: configured.quorum };
    return {
      note: newest.note,
      origin,
      size,
      root: bytesToHex(root),
      keys: keys.map(formatVerifierKey),
      witnesses: witnessing(whole?.note ?? '', policy),
      unreached,
    };
  });
}
