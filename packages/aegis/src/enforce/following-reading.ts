import { AegisError, type JsonObject, LedgerVerifier, type Sha256, splitSealed } from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import type { EventStore } from '../ports.ts';
import { Following } from './following.ts';
import { sealedValue } from './verified-events.ts';

/**
 * What a session has read and said, from its events and the values that stand beside them. Rejects with
 * `STORE_UNAVAILABLE` when they do not read back as they were sealed.
 */
export async function readFollowing(
  { store, sha256 }: { readonly store: EventStore; readonly sha256: Sha256 },
  { tenant, session }: SessionPlace,
  seed: number,
): Promise<Following> {
  const following = new Following(seed);
  const verifier = new LedgerVerifier(sha256, 'sessions');
  for await (const entry of store.session(tenant, session)) {
    const { envelope: event, findings } = verifier.next(entry);
    const split = event && splitSealed(event.payload);
    if (event === undefined || split === undefined || findings.length > 0) {
      throw new AegisError('STORE_UNAVAILABLE', `session \`${session}\` does not read back as it was sealed`);
    }
    const sealed: Record<string, JsonObject[string]> = {};
    let erased = false;
    for (const { at } of split.commitments) {
      const value = await sealedValue({ event, position: entry.position, at }, store, sha256);
      if (value === undefined) erased = true;
      else sealed[at.slice(1)] = value;
    }
    await following.replay({ type: event.event_type, payload: split.plain, sealed }, erased);
  }
  return following;
}
