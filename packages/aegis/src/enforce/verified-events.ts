import {
  type Envelope,
  type JsonValue,
  LedgerVerifier,
  parseExact,
  type Sha256,
  splitSealed,
} from '@aegis/core';
import type { EventStore } from '../ports.ts';

/** Where events and what is sealed beside them are read. */
export type SealedSource = Pick<EventStore, 'entries' | 'session' | 'blob'>;

const SALT_BYTES = 32;

/** The value that an event committed to under a pointer; undefined when it is gone or another one. */
export async function sealedValue(
  { event, position, at }: { readonly event: Envelope; readonly position: number; readonly at: string },
  source: Pick<SealedSource, 'blob'>,
  sha256: Sha256,
): Promise<JsonValue | undefined> {
  const commitment = splitSealed(event.payload)?.commitments.find((one) => one.at === at);
  if (commitment === undefined) return undefined;
  const bytes = await source.blob(commitment.h, position).catch(() => undefined);
  if (bytes === undefined || bytes.length !== commitment.n || sha256(bytes) !== commitment.h) {
    return undefined;
  }
  const parsed = parseExact(new TextDecoder().decode(bytes.subarray(SALT_BYTES)));
  return parsed.ok ? parsed.value : undefined;
}

/** The events at the positions, as far as the chains of their sessions hold. */
export async function verifiedEvents(
  positions: ReadonlySet<number>,
  source: Pick<SealedSource, 'entries' | 'session'>,
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
