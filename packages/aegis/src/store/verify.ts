import { setImmediate } from 'node:timers/promises';
import { type Envelope, type LedgerFinding, LedgerVerifier, splitSealed } from '@aegis/core';
import { sha256 } from '../platform.ts';
import type { StoredEntry, StoredPin } from '../ports.ts';
import type { LedgerView } from './ledger-view.ts';

/** The most findings that a report holds; the others are only counted. */
const MAX_FINDINGS = 1000;

/** Entries between two reports of progress, and between two chances for other work to run. */
const PROGRESS_ENTRIES = 1024;

/** What a verification found out. The ledger is sound when `findingCount` is 0. */
export interface VerificationReport {
  readonly entries: number;
  readonly sessions: number;
  /** In the order of the log, at most 1000. */
  readonly findings: readonly LedgerFinding[];
  readonly findingCount: number;
  readonly seconds: number;
}

export interface VerificationProgress {
  readonly entries: number;
  /** The newest position that the store claims. */
  readonly of: number;
}

/** Recomputes a whole ledger from what is stored and reports everything that does not agree. */
export async function verifyLedger(
  view: LedgerView,
  onProgress: (progress: VerificationProgress) => void = () => {},
): Promise<VerificationReport> {
  const began = performance.now();
  const verifier = new LedgerVerifier(sha256, 'log');
  const findings: LedgerFinding[] = [];
  let findingCount = 0;
  const found = (more: readonly LedgerFinding[]): void => {
    findingCount += more.length;
    findings.push(...more.slice(0, MAX_FINDINGS - findings.length));
  };

  for await (const entry of view.entries()) {
    const { envelope, findings: inRow } = verifier.next(entry);
    found(inRow);
    if (envelope !== undefined) found(await checkBlobs(view, entry, envelope));
    if (verifier.entries % PROGRESS_ENTRIES === 0) {
      onProgress({ entries: verifier.entries, of: view.head.position });
      await setImmediate();
    }
  }
  for await (const head of view.sessions()) found(verifier.endOfSession(head));
  found(verifier.endOfLog(view.head));
  const pins: StoredPin[] = [];
  for await (const pin of view.pins()) pins.push(pin);
  found(verifier.endOfPins(pins));
  onProgress({ entries: verifier.entries, of: view.head.position });

  const seconds = (performance.now() - began) / 1000;
  return { entries: verifier.entries, sessions: verifier.sessions, findings, findingCount, seconds };
}

async function checkBlobs(
  view: LedgerView,
  { tenant, session, seq, position }: StoredEntry,
  { payload }: Envelope,
): Promise<readonly LedgerFinding[]> {
  const findings: LedgerFinding[] = [];
  for (const { at, h, n } of splitSealed(payload)?.commitments ?? []) {
    const bytes = await view.blob(h, position);
    if (bytes !== undefined && bytes.length === n && sha256(bytes) === h) continue;
    findings.push({
      kind: bytes === undefined ? 'blob-missing' : 'blob-mismatch',
      tenant,
      session,
      seq,
      position,
      message:
        bytes === undefined
          ? `the value sealed at \`${at}\` is gone`
          : `the value sealed at \`${at}\` is not the one that was committed to`,
    });
  }
  return findings;
}
