import { isJsonObject, parseExact, type Snapshot, startSnapshot } from '@aegis/core';
import type { LedgerStore, SessionPlace } from '../ledger-ports.ts';

/** Folded states of sessions, kept so that a session need not be folded from its start. Never evidence. */
export interface SnapshotCache {
  /** Keeps the state of a session after the entry with this hash. Never rejects. */
  keep(snapshot: Snapshot, hash: string): Promise<void>;
  /** A state that was kept; undefined when there is none, or it is not as it was kept. Never rejects. */
  find(place: SessionPlace): Promise<CachedSnapshot | undefined>;
}

export interface CachedSnapshot {
  readonly snapshot: Snapshot;
  /** Hash of the newest entry that is folded into it. */
  readonly hash: string;
}

/**
 * A cache in a store. `mac` authenticates a text with a key that is not in the store.
 *
 * SECURITY: a snapshot is a budget and what was spent of it. Whoever can write to the store, and has no
 * key, can take a snapshot away, but not put another in its place.
 */
export function createSnapshotCache(
  store: Pick<LedgerStore, 'putSnapshot' | 'snapshot'>,
  mac: (text: string) => string,
): SnapshotCache {
  const seal = (place: SessionPlace, seq: number, hash: string, state: string): string =>
    mac(JSON.stringify([place.tenant, place.session, seq, hash, state]));
  return {
    async keep(snapshot, hash) {
      const { tenant, session, events } = snapshot;
      const state = JSON.stringify({ ...snapshot, openCalls: [...snapshot.openCalls] });
      const seq = events - 1;
      const body = `${seal(snapshot, seq, hash, state)}\n${state}`;
      // Without it the session is read as a whole: nothing is lost.
      await store.putSnapshot({ tenant, session, seq, hash, body }).catch(() => {});
    },
    async find(place) {
      const kept = await store.snapshot(place).catch(() => undefined);
      if (kept === undefined) return undefined;
      const { seq, hash, body } = kept;
      const split = body.indexOf('\n');
      const state = body.slice(split + 1);
      if (split < 0 || body.slice(0, split) !== seal(place, seq, hash, state)) return undefined;
      const snapshot = parseState(state);
      return snapshot?.events === seq + 1 ? { snapshot, hash } : undefined;
    },
  };
}

/** Undefined when another version of this program has kept it, which knew other things of a session. */
function parseState(text: string): Snapshot | undefined {
  const parsed = parseExact(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const state = parsed.value as unknown as Snapshot & { openCalls: Iterable<[string, never]> };
  const { tenant, session, agent, user } = state;
  const expected = Object.keys(startSnapshot({ tenant, session, agent, user }));
  if (Object.keys(state).toSorted().join() !== expected.toSorted().join()) return undefined;
  return { ...state, openCalls: new Map(state.openCalls) };
}
