import { type BlobLine, splitSealed, isJsonObject } from '@aegis/core';
import type { LedgerView } from '../ledger-ports.ts';
import type { StoredEntry } from '../ports.ts';

/** The sealed values of an entry that are still there, in the order of its commitments. */
export async function* blobsOf(view: LedgerView, { body, position }: StoredEntry): AsyncGenerator<BlobLine> {
  // Most entries have none, and reading them again is the larger part of the work.
  if (!body.includes('"$sealed"')) return;
  const envelope: unknown = JSON.parse(body);
  const payload = isJsonObject(envelope) ? envelope['payload'] : undefined;
  const commitments = isJsonObject(payload) ? splitSealed(payload)?.commitments : undefined;
  for (const { h } of commitments ?? []) {
    const bytes = await view.blob(h, position);
    if (bytes !== undefined) yield { hash: h, base64: Buffer.from(bytes).toString('base64') };
  }
}
