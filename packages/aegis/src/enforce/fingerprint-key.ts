import { LedgerVerifier } from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import type { ReadingPorts } from './session-reading.ts';
import { sealedValue } from './verified-events.ts';

/** The secret for the fingerprints of a session, sealed beside its first event; undefined when it was erased. */
export async function readFingerprintKey(
  { store, sha256 }: ReadingPorts,
  { tenant, session }: SessionPlace,
): Promise<string | undefined> {
  for await (const entry of store.session(tenant, session)) {
    const { envelope: event } = new LedgerVerifier(sha256, 'sessions').next(entry);
    if (event === undefined) return undefined;
    const key = await sealedValue({ event, position: entry.position, at: '/fingerprint_key' }, store, sha256);
    return typeof key === 'string' ? key : undefined;
  }
  return undefined;
}
