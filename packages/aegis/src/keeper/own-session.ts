import type { EventDraft } from '@aegis/core';
import { loadRules } from '../daemon/rules.ts';
import { OwnSession, ownCaller } from '../enforce/own-session.ts';
import { createIds, sha256, systemClock, utf8 } from '../platform.ts';
import type { AppendRequest, EventStore } from '../ports.ts';
import type { LedgerPlace } from './place.ts';

type Append = (request: AppendRequest) => Promise<void>;

/**
 * Records events in a session of Aegis itself that belongs to the tenant whom they are about: so the
 * tenant's own log says what was done to it. What has such an event in it goes through `write`, the rest
 * of the session through the store as always.
 */
export async function recordFor(
  place: LedgerPlace,
  store: EventStore,
  { tenant, by }: { readonly tenant: string; readonly by: string },
  drafts: readonly [EventDraft, ...EventDraft[]],
  write: Append,
): Promise<void> {
  const { policy } = await loadRules(place.configuration);
  const types = new Set(drafts.map(({ type }) => type));
  const append: Append = (request) =>
    request.entries.some(({ envelope }) => types.has(envelope.event_type))
      ? write(request)
      : store.append(request);
  const ports = {
    clock: systemClock,
    ids: createIds(systemClock),
    store: { ...store, append },
    sha256,
    utf8,
  };
  const session = new OwnSession(ports, () => policy.digest, { ...ownCaller(by), tenant });
  try {
    await session.record(drafts);
  } finally {
    await session.close('it is recorded');
  }
}
