import {
  AegisError,
  endProblem,
  fold,
  LedgerVerifier,
  type SessionHead,
  type Snapshot,
  startSnapshot,
} from '@aegis/core';
import { openEvidenceView } from '../daemon/evidence.ts';
import { sha256 } from '../platform.ts';
import type { LedgerView } from '../ledger-ports.ts';
import type { StoredEntry } from '../ports.ts';
import type { LedgerPlace } from './place.ts';
import { sessionOf } from './tenant.ts';

/**
 * The sessions that began last, the newest first. Fails with `STORE_UNAVAILABLE`, and with `CHAIN_BROKEN` when the end of
 * one is not that of its newest event.
 */
export async function newestSessions(
  { configuration, environment }: LedgerPlace,
  most: number,
  tenant?: string,
): Promise<readonly SessionHead[]> {
  const view = await openEvidenceView(configuration, environment);
  try {
    const newest: SessionHead[] = [];
    for await (const head of view.sessions()) {
      if (tenant !== undefined && head.tenant !== tenant) continue;
      newest.push(head);
      if (newest.length > 2 * most) newest.splice(0, most);
    }
    const shown = newest.slice(-most).toReversed();
    for (const head of shown) await checkEnd(view, head);
    return shown;
  } finally {
    await view.close();
  }
}

async function checkEnd(view: LedgerView, head: SessionHead): Promise<void> {
  if (head.newest === undefined) return;
  for await (const entry of view.entries({ after: head.newest - 1, limit: 1 })) {
    // The entries of an archived session are gone.
    const problem = entry.position === head.newest ? endProblem(head, entry, sha256) : undefined;
    if (problem === undefined) return;
    throw new AegisError('CHAIN_BROKEN', problem, { help: '`aegis ledger verify` shows all that is wrong' });
  }
}

/** A session as its events give it. */
export interface SeenSession {
  readonly snapshot: Snapshot;
  readonly entries: readonly StoredEntry[];
  /** What is wrong with its chain, in words. */
  readonly problems: readonly string[];
}

/** Most events of a session that are held at once. */
const MAX_EVENTS = 10_000;

/** A session, folded and verified. Fails with `INPUT_INVALID` when there is none. */
export async function seeSession(
  { configuration, environment }: LedgerPlace,
  name: string,
  tenant: string | undefined,
): Promise<SeenSession> {
  const view = await openEvidenceView(configuration, environment);
  try {
    const place = await sessionOf(view, name, tenant);
    const verifier = new LedgerVerifier(sha256, 'sessions');
    let snapshot = startSnapshot({ ...place, agent: '', user: '' });
    const entries: StoredEntry[] = [];
    const problems: string[] = [];
    for await (const entry of view.session(place.tenant, place.session)) {
      const { envelope, findings } = verifier.next(entry);
      problems.push(...findings.map(({ seq, message }) => `seq ${seq}: ${message}`));
      if (envelope !== undefined) snapshot = fold(snapshot, envelope);
      if (entries.length < MAX_EVENTS) entries.push(entry);
    }
    if (entries.length === 0) throw new AegisError('INPUT_INVALID', `no session \`${name}\` has events`);
    return { snapshot, entries, problems };
  } finally {
    await view.close();
  }
}
