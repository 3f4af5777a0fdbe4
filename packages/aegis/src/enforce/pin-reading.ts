import {
  type Envelope,
  isJsonObject,
  type JsonObject,
  LedgerVerifier,
  parseExact,
  PINNED_KINDS,
  type PinState,
  type Sha256,
  splitSealed,
} from '@aegis/core';
import type { EventStore, StoredPin } from '../ports.ts';
import type { Pin, SeenDefinition } from './door.ts';

export type PinSource = Pick<EventStore, 'entries' | 'session' | 'blob'>;

/**
 * What the events say of each definition that a store keeps a pin of.
 *
 * SECURITY: every event is read with the chain of its session up to it, and verified; the definition is
 * the one that the event committed to. A pin that does not agree with its events is `broken`.
 */
export async function readPins(
  rows: readonly StoredPin[],
  source: PinSource,
  sha256: Sha256,
): Promise<readonly Pin[]> {
  const positions = new Set(
    rows.flatMap(({ pinned, offered, newest }) =>
      [pinned, offered, newest].filter((position) => position !== undefined),
    ),
  );
  const events = await verifiedEvents(positions, source, sha256);
  const pins: Pin[] = [];
  for (const row of rows) {
    const pin = await readPin(row, events, source, sha256);
    if (pin !== undefined) pins.push(pin);
  }
  return pins;
}

async function readPin(
  row: StoredPin,
  events: ReadonlyMap<number, Envelope>,
  source: PinSource,
  sha256: Sha256,
): Promise<Pin | undefined> {
  const subject = subjectOf(row.key);
  if (subject === undefined) return undefined;
  const eventAt = (position: number | undefined): Envelope | undefined => {
    const event = position === undefined ? undefined : events.get(position);
    return event !== undefined && keyOf(event.payload) === row.key ? event : undefined;
  };
  const [newest, inForce, offer] = [eventAt(row.newest), eventAt(row.pinned), eventAt(row.offered)];
  const seen = (event: Envelope | undefined, position = 0) =>
    event && definitionIn(event, position, source, sha256);
  const pinned = inForce?.event_type === 'TOOL_CHANGED' ? undefined : await seen(inForce, row.pinned);
  const offered = offer?.event_type === 'TOOL_CHANGED' ? await seen(offer, row.offered) : undefined;
  const agrees = (row.pinned === undefined) === (pinned === undefined);
  if (newest === undefined || !agrees || believed(newest) !== pinned?.fingerprint) {
    return { ...subject, state: 'changed', sinceMs: newest?.ts_unix_ms ?? 0, broken: true };
  }
  const { state = 'pinned', fingerprint } = newest.payload;
  const by = inForce?.payload['by'];
  return {
    ...subject,
    state: state as PinState,
    sinceMs: newest.ts_unix_ms,
    broken: false,
    ...(typeof fingerprint === 'string' ? { seen: fingerprint } : {}),
    ...(pinned === undefined ? {} : { pinned: typeof by === 'string' ? { ...pinned, by } : pinned }),
    ...(offered === undefined || offered.fingerprint === pinned?.fingerprint
      ? {}
      : { offered: { ...offered, ...suspicionIn(offer) } }),
  };
}

function suspicionIn(offer: Envelope | undefined): { readonly findingIds?: readonly string[] } {
  const ids = offer?.payload['finding_ids'];
  return Array.isArray(ids) ? { findingIds: ids.map(String) } : {};
}

/** The fingerprint in force after an event. */
function believed({ event_type: type, payload }: Envelope): unknown {
  return type === 'TOOL_CHANGED' ? payload['pinned'] : payload['fingerprint'];
}

function subjectOf(key: string): Pick<Pin, 'server' | 'kind' | 'name'> | undefined {
  const parsed = parseExact(key);
  if (!parsed.ok || !Array.isArray(parsed.value)) return undefined;
  const [server, kind, name] = parsed.value as unknown[];
  if (typeof server !== 'string' || typeof name !== 'string') return undefined;
  const pinned = PINNED_KINDS.find((known) => known === kind);
  return pinned === undefined ? undefined : { server, kind: pinned, name };
}

function keyOf({ server, kind, name }: JsonObject): string {
  return JSON.stringify([server, kind, name]);
}

const SALT_BYTES = 32;

/** The definition that an event committed to; undefined when it is gone or another one. */
async function definitionIn(
  { payload, ts_unix_ms: sinceMs }: Envelope,
  position: number,
  source: PinSource,
  sha256: Sha256,
): Promise<SeenDefinition | undefined> {
  const { fingerprint } = payload;
  const commitment = splitSealed(payload)?.commitments.find(({ at }) => at === '/definition');
  if (commitment === undefined || typeof fingerprint !== 'string') return undefined;
  const bytes = await source.blob(commitment.h, position).catch(() => undefined);
  if (bytes === undefined || bytes.length !== commitment.n || sha256(bytes) !== commitment.h)
    return undefined;
  const canonical = bytes.subarray(SALT_BYTES);
  if (sha256(canonical) !== fingerprint) return undefined;
  const parsed = parseExact(new TextDecoder().decode(canonical));
  return parsed.ok && isJsonObject(parsed.value)
    ? { fingerprint, definition: parsed.value, sinceMs }
    : undefined;
}

/** The events at the positions, as far as the chains of their sessions hold. */
async function verifiedEvents(
  positions: ReadonlySet<number>,
  source: PinSource,
  sha256: Sha256,
): Promise<ReadonlyMap<number, Envelope>> {
  const sessions = new Map<string, { tenant: string; session: string; last: number }>();
  for (const position of positions) {
    for await (const { tenant, session, position: at } of source.entries({ after: position - 1, limit: 1 })) {
      if (at !== position) break;
      const key = JSON.stringify([tenant, session]);
      const last = Math.max(position, sessions.get(key)?.last ?? 0);
      sessions.set(key, { tenant, session, last });
    }
  }
  const events = new Map<number, Envelope>();
  for (const { tenant, session, last } of sessions.values()) {
    const verifier = new LedgerVerifier(sha256, 'sessions');
    for await (const entry of source.session(tenant, session)) {
      if (entry.position > last) break;
      const { envelope, findings } = verifier.next(entry);
      if (envelope === undefined || findings.length > 0) break;
      if (positions.has(entry.position)) events.set(entry.position, envelope);
    }
  }
  return events;
}
