import { setImmediate } from 'node:timers/promises';
import {
  type Envelope,
  type LedgerFinding,
  LedgerVerifier,
  type SessionHead,
  splitSealed,
} from '@aegis/core';
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
  /** Entries of each session in the log. */
  const counts = new Map<string, number>();
  /** Sessions in which something was found already. */
  const damaged = new Set<string>();
  const found = (more: readonly LedgerFinding[]): void => {
    findingCount += more.length;
    for (const { tenant = '', session = '' } of more) damaged.add(keyOf({ tenant, session }));
    findings.push(...more.slice(0, MAX_FINDINGS - findings.length));
  };

  for await (const entry of view.entries()) {
    const { envelope, findings: inRow } = verifier.next(entry);
    found(inRow);
    const key = keyOf(entry);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (envelope !== undefined) found(await checkBlobs(view, entry, envelope));
    if (verifier.entries % PROGRESS_ENTRIES === 0) {
      onProgress({ entries: verifier.entries, of: view.head.position });
      await setImmediate();
    }
  }
  for await (const head of view.sessions()) {
    found(verifier.endOfSession(head));
    const key = keyOf(head);
    if (!damaged.has(key)) found(await checkReading(view, head, counts.get(key) ?? 0));
  }
  found(verifier.endOfLog(view.head));
  const pins: StoredPin[] = [];
  for await (const pin of view.pins()) pins.push(pin);
  found(verifier.endOfPins(pins));
  onProgress({ entries: verifier.entries, of: view.head.position });

  const seconds = (performance.now() - began) / 1000;
  return { entries: verifier.entries, sessions: verifier.sessions, findings, findingCount, seconds };
}

// Neither id can hold a line feed.
function keyOf({ tenant, session }: Pick<StoredEntry, 'tenant' | 'session'>): string {
  return `${tenant}\n${session}`;
}

/** A session that is read by itself gives its `count` entries of the log, in their order, and no other. */
async function checkReading(
  view: LedgerView,
  { tenant, session }: SessionHead,
  count: number,
): Promise<readonly LedgerFinding[]> {
  let read = 0;
  let last = 0;
  for await (const entry of view.session(tenant, session)) {
    read =
      entry.tenant === tenant && entry.session === session && entry.position > last ? read + 1 : Infinity;
    last = entry.position;
    if (read > count) break;
    if (read % PROGRESS_ENTRIES === 0) await setImmediate();
  }
  if (read === count) return [];
  const message = 'read by itself it does not give the entries that the log has of it';
  return [{ kind: 'session-mismatch', tenant, session, message }];
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
