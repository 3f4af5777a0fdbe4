import type { BundleReport } from '../bundle/report.ts';
import type { WantedScope } from '../bundle/source.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { writeBundle } from '../bundle/write.ts';
import { checkpointIn } from '../bundle/covering.ts';
import { systemClock } from '../platform.ts';
import { sourceOf, viewing, withLedger } from './open.ts';
import type { LedgerPlace } from './place.ts';
import { sessionOf, tenantOf } from './tenant.ts';

export type { WantedScope };

export interface ExportRequest {
  /** Absolute. */
  readonly folder: string;
  readonly scope: WantedScope;
  readonly tenant: string | undefined;
  readonly values: boolean;
  /** The note of an older checkpoint that the bundle shall compare with. */
  readonly older: string | undefined;
}

/** Writes a part of the ledger into a bundle, and verifies what was written. Fails with `INPUT_INVALID` and `STORE_UNAVAILABLE`. */
export function exportLedger(
  place: LedgerPlace,
  { folder, scope, tenant, values, older }: ExportRequest,
  {
    warn,
    onProgress,
  }: { readonly warn: (text: string) => void; readonly onProgress: (events: number) => void },
): Promise<BundleReport> {
  return withLedger(place, warn, (ledger) =>
    viewing(ledger, async (seen) => {
      const owner =
        scope.kind === 'session'
          ? (await sessionOf(seen.view, scope.session, tenant)).tenant
          : await tenantOf(seen.view, tenant);
      const source = await sourceOf(ledger, seen, owner);
      const since = older === undefined ? {} : { older: checkpointIn(older).size };
      const request = { scope, values, nowMs: systemClock.now(), ...since };
      await writeBundle(folder, source, request, false, onProgress);
      const anchors = { keys: source.keys, witnesses: [], ...(older === undefined ? {} : { older }) };
      return verifyBundle(folder, anchors);
    }),
  );
}
