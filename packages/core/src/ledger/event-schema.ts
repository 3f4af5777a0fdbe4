import * as z from 'zod';
import type { EventType } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { SALT_BYTES, SEALED_MEMBER } from './commitment.ts';
import { IDENTIFIER } from './identifier.ts';
import { PAYLOADS } from './payloads.ts';

/** What each event says, in a sentence. */
const MEANINGS: Readonly<Record<EventType, string>> = {
  MODEL_CALL_STARTED: 'The agent called a model.',
  MODEL_CALL_FINISHED: 'A call of a model ended.',
  TOOL_CALL_PROPOSED: 'An agent asked for a tool call. The arguments are sealed beside the event.',
  TOOL_CALL_ALLOWED: 'A tool call was allowed. It is written before the call is forwarded.',
  TOOL_CALL_DENIED: 'A tool call was denied and did not run.',
  TOOL_CALL_EXECUTED: 'A tool call ran, and the server behind answered or did not.',
  TOOL_RESULT: 'How a tool call ended for the agent. What was released is sealed beside the event.',
  POLICY_DECISION: 'What policy decided about a proposed action, and why.',
  APPROVAL_REQUESTED: 'A person was asked whether a held action may run.',
  APPROVAL_DECIDED: 'Whether a held action may run, and who said so.',
  MEMORY_READ: 'The agent read from a memory.',
  MEMORY_WRITE: 'The agent wrote to a memory.',
  HANDOFF_REQUESTED: 'The agent asked another agent to take over.',
  HANDOFF_COMPLETED: 'A handoff was taken, refused, or failed.',
  CHECKPOINT_CREATED: 'The agent saved its own state, so that a run can be resumed from there.',
  TERMINATION: 'The session ended; nothing follows.',
  ERROR_RAISED: 'Enforcement met an error, on a call or beside it.',
  SESSION_STARTED: 'A session began; this is its seq 0.',
  ACCESS_PROPOSED: 'An agent asked for something other than a tool call: a resource, a prompt, a completion.',
  ACCESS_ALLOWED: 'An access was allowed. It is written before the access is forwarded.',
  ACCESS_DENIED: 'An access was denied and did not run.',
  ACCESS_RESULT: 'How an access ended for the agent. What was released is sealed beside the event.',
  RECEIPT_MINTED: 'The kernel states that a precondition held for a subject, bound to its content.',
  DATA_DECLASSIFIED:
    'A sanitizer or a person vouched for an argument, or a person for what a session has read. What it says is sealed beside the event.',
  APPROVAL_VOTED:
    'A person said whether a held action may run. What was changed in it is sealed beside the event.',
  APPROVAL_USED: 'The one call that may rest on an approval; a second one never can.',
  GRANT_MADE:
    'A person allowed further calls like the one approved; which arguments is sealed beside the event.',
  GRANT_REVOKED: 'A person took a grant back.',
  TOOL_PINNED: 'A definition was trusted at first sight.',
  TOOL_CHANGED: 'What a server offers now; without a fingerprint nothing that a person could accept.',
  TOOL_ACCEPTED: 'A person accepted a changed definition.',
  POLICY_ACTIVATED:
    'A policy came into force. The texts that it is made of are sealed beside the first event that names them.',
  KILL_SWITCHED: 'A person stopped an agent, a tenant or everything, or let it go on.',
  PERSON_SIGNED_IN: 'A person showed a credential; one event for a visit from the same place.',
  HANDOFF_USED: 'A session that acts on behalf of this one was allowed a call: it counts here as well.',
  SIGN_IN_REFUSED:
    'Somebody showed what is nobody’s; one event for the failures of half a minute from the same place.',
  SECRET_CHANGED:
    'A credential of the vault was added, replaced or removed, or the vault has a new key. It is written before.',
  SECRET_USED: 'A credential of the vault was given to what needs it. It is written before.',
  LEDGER_KEY_ROTATED:
    'The logs are signed with a new key, named by its id; until the overlap ends, with both.',
  LEDGER_RESTORED:
    'A person accepted an older database; the lost checkpoint is the one that it does not reach.',
  DATA_ERASED: 'Sealed values were removed on purpose; they are named by the hashes in their commitments.',
  SEGMENT_ARCHIVED: 'Whole sessions were moved into a bundle outside the store.',
};

const id = z.string().regex(IDENTIFIER);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const commitment = z
  .strictObject({
    h: sha256.describe('SHA-256 of a salt followed by the canonical JSON of the value.'),
    n: z.int().min(SALT_BYTES).describe('Length of both, in bytes.'),
  })
  .describe('Stands for a value that is stored beside the event and can be erased.');

const sealed = z
  .record(z.string().regex(/^\//), commitment)
  .describe('Commitments, by the RFC 6901 pointer of the place that the value would have in the payload.');

/**
 * JSON Schema (draft 2020-12) of an event of a type, as its body stands in the ledger. That a body is
 * canonical (RFC 8785), and what it hashes to, no schema can say.
 */
export function eventSchema(type: EventType): JsonObject {
  const envelope = z.strictObject({
    event_type: z.literal(type),
    payload: z.strictObject({ ...PAYLOADS[type].shape, [SEALED_MEMBER]: sealed.optional() }),
    prev_hash: sha256.optional().describe('SHA-256 of the entry before; absent at seq 0.'),
    seq: z.int().nonnegative().describe('Place in the session, from 0.'),
    session_id: id,
    tenant_id: id,
    ts_unix_ms: z.int().nonnegative().describe('Unix time in milliseconds.'),
    user_id: id,
  });
  return {
    title: titleOf(type),
    description: MEANINGS[type],
    ...z.toJSONSchema(envelope),
    anyOf: [
      { properties: { seq: { const: 0 } }, not: { required: ['prev_hash'] } },
      { properties: { seq: { minimum: 1 } }, required: ['prev_hash'] },
    ],
  } as unknown as JsonObject;
}

/** `TOOL_CALL_DENIED`: "Tool call denied". */
function titleOf(type: EventType): string {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
