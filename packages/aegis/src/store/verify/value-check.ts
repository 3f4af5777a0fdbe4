import { type Envelope, type LedgerFinding, splitSealed } from '@aegis/core';
import type { LedgerView } from '../../ledger-ports.ts';
import { sha256 } from '../../platform.ts';
import type { StoredEntry } from '../../ports.ts';
import type { ErasureCheck } from './erasure-check.ts';

/** The sealed values of an entry are those that it committed to; one that is gone was erased. Undefined when it has none. */
export function checkValues(
  view: LedgerView,
  entry: StoredEntry,
  { payload }: Envelope,
  erasures: ErasureCheck,
): Promise<readonly LedgerFinding[]> | undefined {
  const commitments = splitSealed(payload)?.commitments ?? [];
  return commitments.length === 0 ? undefined : compare(view, entry, commitments, erasures);
}

async function compare(
  view: LedgerView,
  { tenant, session, seq, position }: StoredEntry,
  commitments: NonNullable<ReturnType<typeof splitSealed>>['commitments'],
  erasures: ErasureCheck,
): Promise<readonly LedgerFinding[]> {
  const findings: LedgerFinding[] = [];
  const found = (kind: LedgerFinding['kind'], message: string): void => {
    findings.push({ kind, tenant, session, seq, position, message });
  };
  for (const { at, h, n } of commitments) {
    const bytes = await view.blob(h, position);
    const erased = erasures.explains(h, position);
    if (bytes === undefined && !erased) {
      found('blob-missing', `the value sealed at \`${at}\` is gone`);
    } else if (bytes !== undefined && erased) {
      found('erasure-mismatch', `the value sealed at \`${at}\` was erased, and is there`);
    } else if (bytes !== undefined && (bytes.length !== n || sha256(bytes) !== h)) {
      found('blob-mismatch', `the value sealed at \`${at}\` is not the one that was committed to`);
    }
  }
  return findings;
}
