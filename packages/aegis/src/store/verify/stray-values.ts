import { checkBody, type LedgerFinding, splitSealed } from '@aegis/core';
import type { LedgerView, ValuePlace } from '../../ledger-ports.ts';

/** Values that no entry committed to, or that are there twice. Those of entries that are damaged themselves are not judged. */
export async function strayValues(view: LedgerView): Promise<readonly LedgerFinding[]> {
  const findings: LedgerFinding[] = [];
  let committed: ReadonlySet<string> | undefined;
  let before: ValuePlace | undefined;
  for await (const value of view.values()) {
    const { position, hash } = value;
    if (position !== before?.position) committed = await commitmentsAt(view, position);
    const isTwice = position === before?.position && hash === before.hash;
    before = value;
    const message = isTwice
      ? `the value ${hash} is there twice`
      : committed?.has(hash) === false && `no entry there committed to the value ${hash}`;
    if (message !== false) findings.push({ kind: 'stray-row', position, message });
  }
  return findings;
}

/** The hashes in an entry's commitments; undefined when nobody can say which they are. */
async function commitmentsAt(view: LedgerView, position: number): Promise<ReadonlySet<string> | undefined> {
  if (position < 1 || position > view.head.position) return NONE;
  for await (const entry of view.entries({ after: position - 1, limit: 1 })) {
    if (entry.position !== position) break;
    const { envelope } = checkBody(entry.body);
    const commitments = envelope && splitSealed(envelope.payload)?.commitments;
    return envelope && new Set(commitments?.map(({ h }) => h));
  }
  // Where an archived session stood, nothing has stayed; a gap is damage by itself.
  for await (const { first, last } of view.removedRuns()) {
    if (first <= position && position <= last) return NONE;
  }
  return undefined;
}

const NONE: ReadonlySet<string> = new Set();
