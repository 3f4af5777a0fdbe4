import { AegisError, fold, LedgerVerifier, type Sha256, type Snapshot, startSnapshot } from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import type { EventStore } from '../ports.ts';
import type { CachedSnapshot, SnapshotCache } from './snapshot-cache.ts';

export interface ReadingPorts {
  readonly store: EventStore;
  readonly sha256: Sha256;
  readonly snapshots?: SnapshotCache;
}

/** A session as its entries give it. */
export interface SessionReading {
  readonly snapshot: Snapshot;
  /** Hash of the newest entry; undefined while there is none. */
  readonly head: string | undefined;
}

/**
 * Folds a session from what the store holds. Rejects with `STORE_UNAVAILABLE` when that is not what was
 * sealed, or does not hold `acknowledged`, the hash of an entry that is known to be durable.
 *
 * SECURITY: what is read back is verified like any other part of the ledger, and must hold what was
 * acknowledged before: a budget is not given back by cutting the record of how it was spent.
 */
export async function readSession(
  { store, sha256, snapshots }: ReadingPorts,
  place: SessionPlace,
  acknowledged?: string,
): Promise<SessionReading> {
  const cached = await snapshots?.find(place);
  const read = (from?: CachedSnapshot) => readFrom(store, sha256, place, acknowledged, from);
  const reading = (cached && (await read(cached))) ?? (await read());
  if (reading !== undefined) return reading;
  throw new AegisError(
    'STORE_UNAVAILABLE',
    `session \`${place.session}\` does not read back as it was sealed`,
  );
}

/** Undefined when the entries are not as they were sealed, or do not have what they must have. */
async function readFrom(
  store: EventStore,
  sha256: Sha256,
  { tenant, session }: SessionPlace,
  acknowledged: string | undefined,
  from: CachedSnapshot | undefined,
): Promise<SessionReading | undefined> {
  const verifier = new LedgerVerifier(sha256, 'sessions');
  let snapshot = from?.snapshot ?? startSnapshot({ tenant, session, agent: '', user: '' });
  let head = from?.hash;
  if (from !== undefined) verifier.resume(from.snapshot, from.hash);
  let fits = from === undefined;
  let complete = acknowledged === undefined;
  for await (const entry of store.session(tenant, session)) {
    complete ||= entry.hash === acknowledged;
    if (from !== undefined && entry.seq < from.snapshot.events) {
      fits ||= entry.seq === from.snapshot.events - 1 && entry.hash === from.hash;
      continue;
    }
    const { envelope, findings } = verifier.next(entry);
    if (envelope === undefined || findings.length > 0) return undefined;
    snapshot = fold(snapshot, envelope);
    head = entry.hash;
  }
  return fits && complete ? { snapshot, head } : undefined;
}
