import { AegisError } from '../errors.ts';
import type { Entry, Envelope, EventDraft } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { canonicalJson, canonicalJsonInOrder } from './canonical.ts';
import { type CommitmentTools, commitAll, SEALED_MEMBER } from './commitment.ts';
import { isIdentifier } from './identifier.ts';
import { areSorted } from './key-order.ts';
import { checkPayload, isCanonicalPayload } from './payloads.ts';

/** Largest envelope, in bytes of its canonical JSON; what is larger belongs into `sealed`. */
export const MAX_ENVELOPE_BYTES = 64 * 1024;

/** Everything that a draft lacks to become an entry of its session's chain. */
export interface SealInput extends CommitmentTools {
  readonly draft: EventDraft;
  readonly tenant: string;
  readonly user: string;
  readonly session: string;
  readonly seq: number;
  /** Hash of the entry before; absent exactly at seq 0. */
  readonly prevHash: string | undefined;
  /** Unix time in milliseconds. */
  readonly tsUnixMs: number;
}

/**
 * Seals a draft into its session's chain: the values to be kept aside become salted commitments
 * under `$sealed`, the envelope becomes canonical JSON, and the hash is taken over that text.
 *
 * Throws `INPUT_INVALID` when an id, the payload or a value cannot stand in the ledger or the
 * envelope is larger than `MAX_ENVELOPE_BYTES`, and `INTERNAL` when the place in the chain is none.
 */
export function seal(input: SealInput): Entry {
  const { draft, tenant, user, session, seq, prevHash, tsUnixMs } = input;
  checkPlace(seq, prevHash, tsUnixMs);
  checkId('tenant', tenant);
  checkId('user', user);
  checkId('session', session);
  const isInOrder = isCanonicalPayload(draft.type, draft.payload);
  const problem = isInOrder ? undefined : checkPayload(draft.type, draft.payload);
  if (problem !== undefined) throw new AegisError('INPUT_INVALID', problem);

  const sealed = draft.sealed === undefined ? undefined : commitAll(draft.sealed, input);
  const payload: JsonObject =
    sealed === undefined ? draft.payload : { [SEALED_MEMBER]: sealed.member, ...draft.payload };
  const envelope = envelopeOf(input, payload);
  // What is sealed beside the payload stands before all members of it.
  const print = isInOrder && (sealed === undefined || areSorted(Object.keys(sealed.member)));
  const body = (print ? canonicalJsonInOrder : canonicalJson)(envelope as unknown as JsonObject);
  checkSize(body, input.utf8);
  return { envelope, hash: input.sha256(body), body, blobs: sealed?.blobs ?? [] };
}

/** With its members in canonical order, so that they need not be sorted. */
function envelopeOf(
  { draft, tenant, user, session, seq, prevHash, tsUnixMs }: SealInput,
  payload: JsonObject,
): Envelope {
  return prevHash === undefined
    ? {
        event_type: draft.type,
        payload,
        seq,
        session_id: session,
        tenant_id: tenant,
        ts_unix_ms: tsUnixMs,
        user_id: user,
      }
    : {
        event_type: draft.type,
        payload,
        prev_hash: prevHash,
        seq,
        session_id: session,
        tenant_id: tenant,
        ts_unix_ms: tsUnixMs,
        user_id: user,
      };
}

function checkPlace(seq: number, prevHash: string | undefined, tsUnixMs: number): void {
  if (!Number.isSafeInteger(seq) || seq < 0) throw new AegisError('INTERNAL', `no such seq: ${seq}`);
  if ((seq === 0) !== (prevHash === undefined)) {
    throw new AegisError('INTERNAL', `seq ${seq} ${seq === 0 ? 'has no' : 'needs the'} previous hash`);
  }
  if (!Number.isSafeInteger(tsUnixMs) || tsUnixMs < 0) {
    throw new AegisError('INTERNAL', `not a time in Unix milliseconds: ${tsUnixMs}`);
  }
}

function checkId(what: string, id: string): void {
  if (isIdentifier(id)) return;
  throw new AegisError('INPUT_INVALID', `the ${what} id cannot stand in the ledger: ${JSON.stringify(id)}`, {
    help: 'use 1 to 128 of A-Z a-z 0-9 . _ : @ -',
  });
}

function checkSize(body: string, utf8: (text: string) => Uint8Array): void {
  // One UTF-16 unit is at most three bytes of UTF-8: most bodies need no counting.
  if (body.length * 3 <= MAX_ENVELOPE_BYTES) return;
  if (body.length <= MAX_ENVELOPE_BYTES && utf8(body).length <= MAX_ENVELOPE_BYTES) return;
  throw new AegisError('INPUT_INVALID', `an event is at most ${MAX_ENVELOPE_BYTES} bytes`, {
    help: 'large values belong into `sealed`',
  });
}
