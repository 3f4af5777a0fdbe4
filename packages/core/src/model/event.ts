import type { JsonObject } from './json.ts';

/** Event types: the 17 of the agent control plane event model, then Aegis's own. */
export const EVENT_TYPES = [
  'MODEL_CALL_STARTED',
  'MODEL_CALL_FINISHED',
  'TOOL_CALL_PROPOSED',
  'TOOL_CALL_ALLOWED',
  'TOOL_CALL_DENIED',
  'TOOL_CALL_EXECUTED',
  'TOOL_RESULT',
  'POLICY_DECISION',
  'APPROVAL_REQUESTED',
  'APPROVAL_DECIDED',
  'MEMORY_READ',
  'MEMORY_WRITE',
  'HANDOFF_REQUESTED',
  'HANDOFF_COMPLETED',
  'CHECKPOINT_CREATED',
  'TERMINATION',
  'ERROR_RAISED',
  'SESSION_STARTED',
  'ACCESS_PROPOSED',
  'ACCESS_ALLOWED',
  'ACCESS_DENIED',
  'ACCESS_RESULT',
  'RECEIPT_MINTED',
  'DATA_DECLASSIFIED',
  'APPROVAL_VOTED',
  'APPROVAL_USED',
  'GRANT_MADE',
  'GRANT_REVOKED',
  'TOOL_PINNED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'POLICY_ACTIVATED',
  'KILL_SWITCHED',
  'PERSON_SIGNED_IN',
  'SIGN_IN_REFUSED',
  'HANDOFF_USED',
  'SECRET_CHANGED',
  'SECRET_USED',
  'LEDGER_KEY_ROTATED',
  'LEDGER_RESTORED',
  'DATA_ERASED',
  'SEGMENT_ARCHIVED',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/**
 * A fact before it is sealed. `sealed` holds values that can carry personal data: they are stored
 * beside the envelope and enter the hash only as salted commitments, so that they can be erased.
 */
export interface EventDraft {
  readonly type: EventType;
  readonly payload: JsonObject;
  readonly sealed?: JsonObject;
}

/** The envelope as hashed: everything but `hash`. `prev_hash` is absent at seq 0. Wire names. */
export interface Envelope {
  readonly event_type: EventType;
  readonly payload: JsonObject;
  readonly prev_hash?: string;
  readonly seq: number;
  readonly session_id: string;
  readonly tenant_id: string;
  readonly ts_unix_ms: number;
  readonly user_id: string;
}

/** A value held beside the envelope: `bytes` = salt (32) followed by the canonical JSON text. */
export interface SealedBlob {
  /** SHA-256 (hex) of `bytes`; the envelope's payload carries it under `$sealed`. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** An event sealed into its session's chain. `body` is the exact text that was hashed. */
export interface Entry {
  readonly envelope: Envelope;
  /** SHA-256 (hex) of the UTF-8 bytes of `body`. */
  readonly hash: string;
  /** RFC 8785 canonical form of the envelope. */
  readonly body: string;
  readonly blobs: readonly SealedBlob[];
}
