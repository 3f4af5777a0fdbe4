import { type Summary, SummaryFold } from '@aegis/core';
import { openEvidenceView } from '../daemon/evidence.ts';
import { recordOf } from '../telemetry/record.ts';
import type { LedgerPlace } from './place.ts';

/** What happened in a time, in Unix milliseconds, from the events themselves. Fails with `CHAIN_BROKEN` and `STORE_UNAVAILABLE`. */
export async function summarise(
  { configuration, environment }: LedgerPlace,
  {
    fromMs,
    toMs,
    tenant,
  }: { readonly fromMs: number; readonly toMs: number; readonly tenant: string | undefined },
): Promise<Summary> {
  const view = await openEvidenceView(configuration, environment);
  try {
    const fold = new SummaryFold(fromMs, toMs);
    for await (const entry of view.entries()) {
      if (tenant !== undefined && entry.tenant !== tenant) continue;
      fold.take(await recordOf(entry, undefined));
    }
    return fold.summary();
  } finally {
    await view.close();
  }
}
