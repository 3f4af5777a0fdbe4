import { join } from 'node:path';
import { AegisError, type EventDraft, type EventType } from '@aegis/core';
import { timeOf } from '../bundle/select.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { writeBundle } from '../bundle/write.ts';
import type { SealedLedger } from '../daemon/evidence.ts';
import type { LedgerView, SessionPlace } from '../ledger-ports.ts';
import { createIds, systemClock } from '../platform.ts';
import { archivedHeadsSha256 } from '../store/verify/archived-heads.ts';
import { sourceOf, viewing, withLedger } from './open.ts';
import { recordFor } from './own-session.ts';
import type { LedgerPlace } from './place.ts';

export interface ArchiveRequest {
  /** Absolute: every segment gets a folder of its own in it. */
  readonly folder: string;
  /** Sessions whose last event is older, in Unix milliseconds. */
  readonly beforeMs: number;
  readonly tenant: string | undefined;
  readonly by: string;
}

/** Sessions of one tenant that left the store. */
export interface ArchivedSegment {
  readonly segment: string;
  readonly tenant: string;
  readonly folder: string;
  readonly sessions: number;
  readonly events: number;
  readonly bundle_sha256: string;
}

/** What others stand on: a session with such an event stays. */
const STAYING: ReadonlySet<string> = new Set<EventType>([
  'TOOL_PINNED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'POLICY_ACTIVATED',
  'KILL_SWITCHED',
  'DATA_ERASED',
  'SEGMENT_ARCHIVED',
  'LEDGER_KEY_ROTATED',
  'LEDGER_RESTORED',
]);

/**
 * Moves whole sessions that have ended out of the store, each tenant's into a bundle: written, verified and
 * on the disk before anything is removed. Fails with `STORE_UNAVAILABLE` and `FILE_UNREADABLE`; what was
 * removed until then stands in its bundle, and the ledger says so.
 */
export function archiveSessions(
  place: LedgerPlace,
  request: ArchiveRequest,
  warn: (text: string) => void,
): Promise<readonly ArchivedSegment[]> {
  return withLedger(place, warn, async (ledger) => {
    const ended = await viewing(ledger, ({ view }) => endedBefore(view, request));
    const segments: ArchivedSegment[] = [];
    for (const [tenant, sessions] of ended) {
      segments.push(await archive(place, ledger, request, tenant, sessions));
    }
    return segments;
  });
}

interface Ended extends SessionPlace {
  readonly events: number;
  /** Of the newest event. */
  readonly hash: string;
}

/** By tenant, the sessions that have ended before a time and on which nothing else stands. */
async function endedBefore(
  view: LedgerView,
  { beforeMs, tenant: wanted }: ArchiveRequest,
): Promise<ReadonlyMap<string, readonly Ended[]>> {
  const sessions = new Map<
    string,
    { ended: boolean; stays: boolean; events: number; hash: string } & SessionPlace
  >();
  for await (const { tenant, session, hash, body } of view.entries()) {
    if (wanted !== undefined && tenant !== wanted) continue;
    const key = `${tenant}\n${session}`;
    const known = sessions.get(key) ?? { tenant, session, ended: false, stays: false, events: 0, hash };
    const [, type = ''] = /^\{"event_type":"([A-Z_]+)"/.exec(body) ?? [];
    known.events += 1;
    known.hash = hash;
    known.ended = type === 'TERMINATION';
    known.stays ||= STAYING.has(type) || !(timeOf(body) < beforeMs);
    sessions.set(key, known);
  }
  const tenants = new Map<string, Ended[]>();
  for (const { tenant, session, ended, stays, events, hash } of sessions.values()) {
    if (!ended || stays) continue;
    tenants.set(tenant, [...(tenants.get(tenant) ?? []), { tenant, session, events, hash }]);
  }
  return tenants;
}

async function archive(
  place: LedgerPlace,
  ledger: SealedLedger,
  { folder: parent, beforeMs, by }: ArchiveRequest,
  tenant: string,
  sessions: readonly Ended[],
): Promise<ArchivedSegment> {
  const segment = createIds(systemClock).next('seg');
  const folder = join(parent, segment);
  const scope = { kind: 'segment', segment, beforeMs, sessions } as const;
  const request = { scope, values: true, nowMs: systemClock.now() };
  const { keys, sha256 } = await viewing(ledger, async (seen) => {
    const source = await sourceOf(ledger, seen, tenant);
    return { keys: source.keys, ...(await writeBundle(folder, source, request, true)) };
  });
  const { findings } = await verifyBundle(folder, { keys, witnesses: [] });
  const [wrong] = findings;
  if (wrong !== undefined) {
    throw new AegisError('CHAIN_BROKEN', `nothing was removed: the bundle is not sound: ${wrong.message}`, {
      help: '`aegis ledger fsck` says what is wrong with the ledger',
    });
  }
  const events = sessions.reduce((sum, session) => sum + session.events, 0);
  const draft: EventDraft = {
    type: 'SEGMENT_ARCHIVED',
    payload: {
      segment,
      sessions: sessions.length,
      events,
      bundle_sha256: sha256,
      heads_sha256: archivedHeadsSha256(sessions),
      before_ms: beforeMs,
      by,
    },
  };
  await recordFor(place, ledger, { tenant, by }, [draft], async (append) => {
    await ledger.archive(append, segment, sessions);
  });
  return { segment, tenant, folder, sessions: sessions.length, events, bundle_sha256: sha256 };
}
