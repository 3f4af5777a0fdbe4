import { AegisError, formatLogProof, formatVerifierKey, inclusionProof } from '@aegis/core';
import { checkpointIn } from '../bundle/covering.ts';
import type { SealedLedger } from '../daemon/evidence.ts';
import { tilesOf } from '../evidence/tree-tiles.ts';
import { digest } from '../platform.ts';
import { type EventName, findEvent } from './event-place.ts';
import { type SeenLedger, sourceOf, viewing, withLedger } from './open.ts';
import type { LedgerPlace } from './place.ts';

/** Shows, away from the ledger, that an event is in it. */
export interface EventProof {
  /** A C2SP tlog-proof; its extra data are the event's hash. */
  readonly proof: string;
  /** The event, as exactly what was hashed. */
  readonly body: string;
  readonly hash: string;
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
  readonly position: number;
  readonly origin: string;
  readonly leaf: number;
  readonly size: number;
  /** The key to verify it with. */
  readonly key: string;
}

/** Makes the proof of an event. Fails with `INPUT_INVALID` and `STORE_UNAVAILABLE`. */
export function proveEvent(
  place: LedgerPlace,
  name: EventName,
  warn: (text: string) => void,
): Promise<EventProof> {
  return withLedger(place, warn, (ledger) => viewing(ledger, (seen) => prove(ledger, seen, name)));
}

/** The same in a ledger that is open. Fails with `NOT_FOUND` when there is no such event, and `STORE_UNAVAILABLE`. */
export function proofOf(ledger: SealedLedger, name: EventName): Promise<EventProof> {
  return viewing(ledger, (seen) => prove(ledger, seen, name));
}

async function prove(ledger: SealedLedger, seen: SeenLedger, name: EventName): Promise<EventProof> {
  const { view, trees } = seen;
  const { body, hash, tenant, session, seq, position } = await findEvent(view, name);
  const leaf = (await trees.leafOf(position))?.leaf;
  const newest = await trees.checkpoint(tenant);
  const { origin, keys } = await sourceOf(ledger, seen, tenant);
  const checkpoint = newest && checkpointIn(newest.note);
  if (leaf === undefined || newest === undefined || checkpoint === undefined || checkpoint.size <= leaf) {
    throw new AegisError('STORE_UNAVAILABLE', 'the event is not under a signed checkpoint yet', {
      help: 'run it again in a moment',
    });
  }
  const { size } = checkpoint;
  const proof = await inclusionProof(leaf, size, tilesOf(trees, tenant), digest);
  const extra = new Uint8Array(Buffer.from(hash, 'hex'));
  const text = formatLogProof({ index: leaf, proof, checkpoint: newest.note, extra });
  const key = keys.at(-1);
  return {
    proof: text,
    body,
    hash,
    tenant,
    session,
    seq,
    position,
    origin,
    leaf,
    size,
    key: key === undefined ? '' : formatVerifierKey(key),
  };
}
