import {
  AegisError,
  type EventDraft,
  type EventType,
  isJsonObject,
  MAX_ERASED_HASHES,
  splitSealed,
} from '@aegis/core';
import type { SealedLedger } from '../daemon/evidence.ts';
import type { LedgerView, ValuePlace } from '../ledger-ports.ts';
import type { AppendRequest, StoredEntry } from '../ports.ts';
import { type EventName, findEvent } from './event-place.ts';
import { viewing, withLedger } from './open.ts';
import { recordFor } from './own-session.ts';
import type { LedgerPlace } from './place.ts';
import { sessionOf } from './tenant.ts';

/** Whose sealed values are to be erased. */
export type ErasureScope =
  | { readonly kind: 'session'; readonly session: string; readonly tenant: string | undefined }
  | { readonly kind: 'event'; readonly event: EventName }
  | { readonly kind: 'user'; readonly user: string; readonly tenant: string | undefined };

/** What would be erased. */
export interface ErasurePlan {
  readonly scope: ErasureScope;
  /** By tenant, since each tenant's log says what was erased of it. */
  readonly tenants: ReadonlyMap<string, readonly ValuePlace[]>;
  readonly values: number;
  readonly events: number;
  readonly sessions: number;
  /** Values that stay: definitions that tools are held against, and policies that were decided by. */
  readonly kept: number;
}

/** What pinned tools are held against, and what was decided by. Texts of servers and policies, not what somebody said. */
const PIN_EVENTS: ReadonlySet<string> = new Set<EventType>([
  'TOOL_PINNED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'POLICY_ACTIVATED',
]);

export interface Erasure {
  readonly because: string;
  readonly by: string;
}

/**
 * Finds the values, shows them to `agree`, and erases them when it says so: the number of erased ones;
 * undefined when it did not. The events stay, and so does every proof. Fails with `INPUT_INVALID` and
 * `STORE_UNAVAILABLE`.
 */
export function eraseValues(
  place: LedgerPlace,
  scope: ErasureScope,
  erasure: Erasure,
  warn: (text: string) => void,
  agree: (plan: ErasurePlan) => Promise<boolean>,
): Promise<number | undefined> {
  return withLedger(place, warn, async (ledger) => {
    const plan = await viewing(ledger, ({ view }) => planErasure(view, scope));
    if (!(await agree(plan))) return undefined;
    let erased = 0;
    for (const [tenant, values] of plan.tenants) {
      erased += await erase(place, ledger, scope, tenant, values, erasure);
    }
    return erased;
  });
}

async function planErasure(view: LedgerView, scope: ErasureScope): Promise<ErasurePlan> {
  const tenants = new Map<string, ValuePlace[]>();
  const sessions = new Set<string>();
  let [values, events, kept] = [0, 0, 0];
  for await (const entry of entriesIn(view, scope)) {
    const hashes = await valuesOf(view, entry);
    if (hashes.length === 0) continue;
    if (isPinEvent(entry)) {
      kept += hashes.length;
      continue;
    }
    values += hashes.length;
    events += 1;
    sessions.add(`${entry.tenant}\n${entry.session}`);
    const places = hashes.map((hash) => ({ position: entry.position, hash }));
    tenants.set(entry.tenant, [...(tenants.get(entry.tenant) ?? []), ...places]);
  }
  return { scope, tenants, values, events, sessions: sessions.size, kept };
}

async function* entriesIn(view: LedgerView, scope: ErasureScope): AsyncGenerator<StoredEntry> {
  switch (scope.kind) {
    case 'session': {
      const { tenant, session } = await sessionOf(view, scope.session, scope.tenant);
      yield* view.session(tenant, session);
      return;
    }
    case 'event':
      yield await findEvent(view, scope.event);
      return;
    case 'user': {
      // Canonical JSON has this member last, where no text can pretend to be it.
      const ending = `,"user_id":${JSON.stringify(scope.user)}}`;
      for await (const entry of view.entries()) {
        const meant = scope.tenant === undefined || entry.tenant === scope.tenant;
        if (meant && entry.body.endsWith(ending)) yield entry;
      }
    }
  }
}

/** The hashes of the values of an entry that are still there. */
async function valuesOf(view: LedgerView, { body, position }: StoredEntry): Promise<string[]> {
  const envelope: unknown = JSON.parse(body);
  const payload = isJsonObject(envelope) ? envelope['payload'] : undefined;
  const commitments = isJsonObject(payload) ? (splitSealed(payload)?.commitments ?? []) : [];
  const hashes: string[] = [];
  for (const { h } of commitments) if ((await view.blob(h, position)) !== undefined) hashes.push(h);
  return hashes;
}

function isPinEvent({ body }: StoredEntry): boolean {
  const [, type = ''] = /^\{"event_type":"([A-Z_]+)"/.exec(body) ?? [];
  return PIN_EVENTS.has(type);
}

async function erase(
  place: LedgerPlace,
  ledger: SealedLedger,
  scope: ErasureScope,
  tenant: string,
  values: readonly ValuePlace[],
  { because, by }: Erasure,
): Promise<number> {
  const drafts = draftsOf(scope, values, because, by);
  let erased = 0;
  const write = async (request: AppendRequest): Promise<void> => {
    const named = new Set(request.entries.flatMap(({ envelope }) => envelope.payload['hashes'] ?? []));
    erased += await ledger.erase(
      request,
      values.filter(({ hash }) => named.has(hash)),
    );
  };
  await recordFor(place, ledger, { tenant, by }, drafts, write);
  return erased;
}

function draftsOf(
  scope: ErasureScope,
  values: readonly ValuePlace[],
  because: string,
  by: string,
): [EventDraft, ...EventDraft[]] {
  const hashes = [...new Set(values.map(({ hash }) => hash))];
  const session = scope.kind === 'session' ? { session: scope.session } : {};
  const drafts: EventDraft[] = [];
  for (let at = 0; at < hashes.length; at += MAX_ERASED_HASHES) {
    const some = hashes.slice(at, at + MAX_ERASED_HASHES);
    drafts.push({
      type: 'DATA_ERASED',
      payload: { scope: scope.kind, ...session, values: some.length, hashes: some, because, by },
    });
  }
  const [first, ...others] = drafts;
  if (first === undefined) throw new AegisError('INTERNAL', 'nothing to be erased');
  return [first, ...others];
}
