import { setImmediate } from 'node:timers/promises';
import { type LedgerFinding, LedgerVerifier } from '@aegis/core';
import type { LedgerView, LinkedEntry, RemovedRun } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import type { StoredPin } from '../ports.ts';
import { ArchiveCheck } from './verify/archive-check.ts';
import { ErasureCheck } from './verify/erasure-check.ts';
import type { VerifiedLog } from './verify/log-check.ts';
import { TreesCheck } from './verify/trees-check.ts';
import { ValueCheck } from './verify/value-check.ts';

/** The most findings that a report holds; the others are only counted. */
const MAX_FINDINGS = 1000;

/** Entries between two reports of progress, and between two chances for other work to run. */
const PROGRESS_ENTRIES = 1024;

/** What a verification found out. The ledger is sound when `findingCount` is 0. */
export interface VerificationReport {
  readonly entries: number;
  readonly sessions: number;
  /** The Merkle logs as the events give them; none in a store that keeps none. */
  readonly logs: readonly VerifiedLog[];
  /** Entries that are in no Merkle log yet: only the chains and the heads speak for them. */
  readonly unsealed: number;
  /** Roughly in the order of the log, at most 1000. */
  readonly findings: readonly LedgerFinding[];
  readonly findingCount: number;
  readonly seconds: number;
}

export interface VerificationProgress {
  readonly entries: number;
  /** The newest position that the store claims. */
  readonly of: number;
}

/**
 * How far a verification goes. `bytes`: hashes, chains, heads and trees, which show that nothing was changed since it
 * was recorded. `events`: also what the events say, their order, and what has to agree with them.
 */
export type VerificationDepth = 'events' | 'bytes';

/**
 * Recomputes a whole ledger from what is stored and reports everything that does not agree: bodies, chains,
 * heads, pins, sealed values, and the Merkle logs with their tiles and checkpoints. What is gone has to be
 * accounted for, exactly, by the events that say that it was erased or archived. Signatures are not looked at.
 */
export async function verifyLedger(
  view: LedgerView,
  onProgress: (progress: VerificationProgress) => void = () => {},
  depth: VerificationDepth = 'events',
): Promise<VerificationReport> {
  const began = performance.now();
  const verifier = new LedgerVerifier(sha256, 'log');
  const findings: LedgerFinding[] = [];
  let findingCount = 0;
  const found = (finding: LedgerFinding): void => {
    findingCount += 1;
    if (findings.length < MAX_FINDINGS) findings.push(finding);
  };
  const foundAll = (more: readonly LedgerFinding[]): void => more.forEach(found);

  for (const name of await view.unguarded()) {
    found({ kind: 'trigger-missing', message: `\`${name}\` is missing, or is not as this program made it` });
  }
  for (const message of await view.damagedTables(MAX_FINDINGS)) found({ kind: 'table-damaged', message });
  const trees = view.trees && (await TreesCheck.over(view.trees, found));
  const erasures = await ErasureCheck.over(view);
  const archives = await ArchiveCheck.over(view);
  const values = new ValueCheck(view, erasures);
  const removed = async (run: RemovedRun): Promise<void> => {
    foundAll(verifier.removed(run));
    await trees?.removed(run);
  };

  /** A promise has to be waited for. */
  function judge(entry: LinkedEntry): Promise<void> | undefined {
    const { envelope, findings: inRow } = verifier.next(entry);
    foundAll(inRow);
    const misplaced = archives.at(entry);
    if (misplaced !== undefined) found(misplaced);
    if (envelope === undefined) return undefined;
    erasures.next(entry, envelope);
    archives.next(entry, envelope);
    return values.next(entry, envelope)?.then(foundAll);
  }

  const runs = view.removedRuns()[Symbol.asyncIterator]();
  let run = await nextRun();
  async function nextRun(): Promise<RemovedRun | undefined> {
    const next: RemovedRun | undefined = (await runs.next()).value;
    if (next !== undefined) foundAll(archives.removed(next));
    return next;
  }

  for await (const entry of view.entries({ after: Number.NEGATIVE_INFINITY })) {
    for (; run !== undefined && run.first <= entry.position; run = await nextRun()) {
      // Entries of an archived session may be there still, all of them: they are judged as any others.
      if (run.last < entry.position) await removed(run);
    }
    if (depth === 'bytes') foundAll(verifier.link(entry));
    const judging = depth === 'events' ? judge(entry) : undefined;
    if (judging !== undefined) await judging;
    const growing = trees?.next(entry);
    if (growing !== undefined) await growing;
    if (verifier.entries % PROGRESS_ENTRIES === 0) {
      onProgress({ entries: verifier.entries, of: view.head.position });
      await setImmediate();
    }
  }
  for (; run !== undefined; run = await nextRun()) await removed(run);

  let heads = 0;
  for await (const head of view.sessions()) {
    foundAll(verifier.endOfSession(head));
    if (++heads % PROGRESS_ENTRIES === 0) await setImmediate();
  }
  foundAll(verifier.endOfLog(view.head));
  const logs = (await trees?.end()) ?? [];
  for (const message of await view.strays(MAX_FINDINGS)) found({ kind: 'stray-row', message });
  if (depth === 'events') {
    foundAll(await values.end());
    foundAll(await erasures.end());
    foundAll(archives.end());
    const pins: StoredPin[] = [];
    for await (const pin of view.pins()) pins.push(pin);
    foundAll(verifier.endOfPins(pins));
  }
  onProgress({ entries: verifier.entries, of: view.head.position });

  const { entries, sessions } = verifier;
  const seconds = (performance.now() - began) / 1000;
  return { entries, sessions, logs, unsealed: trees?.unsealed ?? entries, findings, findingCount, seconds };
}
