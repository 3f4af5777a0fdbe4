import {
  AegisError,
  type Envelope,
  endProblem,
  sealedEnvelope,
  type SessionHead,
  type Sha256,
} from '@aegis/core';
import type { LedgerView } from '../ledger-ports.ts';
import type { StoredEntry } from '../ports.ts';
import { type Principal, sees } from './principal.ts';

/** Which agent a session belongs to, by its first entry; undefined when that is not as it was sealed. */
export function starterOf(entry: StoredEntry, sha256: Sha256): string | undefined {
  const { envelope } = readSealed(entry, sha256);
  const agent = envelope?.payload['agent'];
  return typeof agent === 'string' ? agent : undefined;
}

/** An entry's envelope, or why it is not as it was sealed. */
export type SealedRead =
  | { readonly envelope: Envelope }
  | { readonly envelope: undefined; readonly damage: AegisError };

export function readSealed(entry: StoredEntry, sha256: Sha256): SealedRead {
  try {
    return { envelope: sealedEnvelope(entry, sha256) };
  } catch (error) {
    if (error instanceof AegisError) return { envelope: undefined, damage: error };
    throw error;
  }
}

/**
 * An entry that is for a person to see: when the store and the entry itself say that it is of the person's tenant.
 * When only one of them does, it is damage, and to be seen as that. Undefined for all others.
 *
 * SECURITY: a sound entry is for its own tenant alone, whatever its payload spells.
 */
export function readFor(
  principal: Principal | undefined,
  entry: StoredEntry,
  sha256: Sha256,
): SealedRead | undefined {
  if (principal?.kind !== 'person') return undefined;
  const own = principal.person.tenant;
  const kept = sees(principal, entry.tenant, undefined);
  // A quote within a string has a backslash before it.
  if (!kept && !entry.body.includes(`"tenant_id":"${own}","ts_unix_ms":`)) return undefined;
  const read = readSealed(entry, sha256);
  return kept || read.envelope === undefined ? read : undefined;
}

/** Fails with `CHAIN_BROKEN` when the end of a session is not that of its newest entry. That of an archived one is gone. */
export async function checkEnd(view: LedgerView, head: SessionHead, sha256: Sha256): Promise<void> {
  if (head.newest === undefined) return;
  for await (const entry of view.entries({ after: head.newest - 1, limit: 1 })) {
    const problem = entry.position === head.newest ? endProblem(head, entry, sha256) : undefined;
    if (problem === undefined) return;
    throw new AegisError('CHAIN_BROKEN', problem, { help: '`aegis ledger verify` shows all that is wrong' });
  }
}
