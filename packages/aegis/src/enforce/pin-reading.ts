import {
  canonicalJson,
  type Envelope,
  isJsonObject,
  type JsonObject,
  parseExact,
  PINNED_KINDS,
  type PinState,
  type Sha256,
} from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import type { Pin, SeenDefinition } from './door.ts';
import { type SealedSource, sealedValue, verifiedEvents } from './verified-events.ts';

/**
 * What the events say of each definition that a store keeps a pin of.
 *
 * SECURITY: every event is read with the chain of its session up to it, and verified; the definition is
 * the one that the event committed to. A pin that does not agree with its events is `broken`.
 */
export async function readPins(
  stored: readonly StoredPin[],
  source: SealedSource,
  sha256: Sha256,
): Promise<readonly Pin[]> {
  const rows = stored.filter(({ key }) => subjectOf(key) !== undefined);
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
  source: SealedSource,
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

/** The definition that an event committed to; undefined when it is gone or another one. */
async function definitionIn(
  event: Envelope,
  position: number,
  source: SealedSource,
  sha256: Sha256,
): Promise<SeenDefinition | undefined> {
  const { fingerprint } = event.payload;
  const definition = await sealedValue({ event, position, at: '/definition' }, source, sha256);
  if (typeof fingerprint !== 'string' || !isJsonObject(definition)) return undefined;
  return sha256(canonicalJson(definition)) === fingerprint
    ? { fingerprint, definition, sinceMs: event.ts_unix_ms }
    : undefined;
}
