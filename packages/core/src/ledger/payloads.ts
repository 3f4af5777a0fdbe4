import * as z from 'zod';
import { CAPABILITIES } from '../model/capability.ts';
import { MODES } from '../model/decision.ts';
import type { EventType } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { PINNED_KINDS, PIN_STATES } from '../model/pin.ts';
import { PHASES, REASON_CODES } from '../model/reason.ts';
import { IDENTIFIER } from './identifier.ts';

const id = z.string().regex(IDENTIFIER, 'is not an id: 1 to 128 of A-Z a-z 0-9 . _ : @ -');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 digest in lower-case hex');
const text = z.string();
const count = z.int().nonnegative();
const code = z.enum(REASON_CODES);

const denial = { call_id: id, code, rule: text.optional(), message: text };

const proposal = {
  call_id: id,
  server: text,
  method: text,
  door: text.optional(),
  args_hash: sha256.optional(),
  /** Keyed by the session: equal for equal actions of one session, meaningless outside it. */
  fingerprint: text,
  capabilities: z.array(z.enum(CAPABILITIES)),
  finding_ids: z.array(text),
};

const allowance = { call_id: id, fingerprint: text, decision: z.enum(['allow', 'approved', 'shadow']) };

const result = {
  call_id: id,
  /** `withheld`: it ran, and nothing was released. `unknown`: nobody saw whether it ran. */
  outcome: z.enum(['executed', 'failed', 'withheld', 'unknown']),
  code: code.optional(),
  /** How many values were masked before the release. */
  masked: count,
  bytes: count.optional(),
  result_hash: sha256.optional(),
};

/** A tool or prompt as its server names it. The definitions themselves are sealed beside the event. */
const definition = { server: text, kind: z.enum(PINNED_KINDS), name: text };

/** Fingerprint of the definition in force when the event was sealed; absent while there was none. */
const pinned = sha256.optional();

const memory = { store: text, key: text, value_hash: sha256.optional(), call_id: id.optional() };

/**
 * The payload of each event type, in wire names. Unknown fields are refused: what is not described
 * here is not evidence. `$sealed` is added by `seal` and is no part of a draft.
 */
export const PAYLOADS = {
  SESSION_STARTED: z.strictObject({
    agent: text,
    door: text,
    /** What the client calls itself: recorded, never believed. */
    client: text.optional(),
    /** The id that the client gave its run, in the era without sessions. */
    run: text.optional(),
    policy_digest: sha256,
  }),
  TERMINATION: z.strictObject({ cause: text }),
  ERROR_RAISED: z.strictObject({ code: text, message: text, call_id: id.optional() }),

  TOOL_CALL_PROPOSED: z.strictObject({ ...proposal, tool_name: text }),
  ACCESS_PROPOSED: z.strictObject({ ...proposal, kind: text.optional(), name: text }),
  POLICY_DECISION: z.strictObject({
    call_id: id,
    effect: z.enum(['allow', 'require_approval', 'deny']),
    mode: z.enum(MODES),
    audit: z.boolean(),
    policy_digest: sha256,
    rule: text.optional(),
    reasons: z
      .array(
        z.strictObject({ code, phase: z.enum([...PHASES, 'enforce']), rule: text.optional(), message: text }),
      )
      .min(1),
    obligations: z.strictObject({ mask: z.array(text), timeout_ms: count, max_output_bytes: count }),
  }),
  APPROVAL_REQUESTED: z.strictObject({ call_id: id, expires_at_ms: count.optional() }),
  APPROVAL_DECIDED: z.strictObject({
    call_id: id,
    approved: z.boolean(),
    by: text,
    why: text.optional(),
  }),
  TOOL_CALL_ALLOWED: z.strictObject(allowance),
  TOOL_CALL_DENIED: z.strictObject(denial),
  TOOL_CALL_EXECUTED: z.strictObject({
    call_id: id,
    duration_ms: z.number().nonnegative(),
    upstream: z.enum(['result', 'error', 'timeout', 'too_large', 'unavailable', 'cancelled', 'protocol']),
    result_hash: sha256.optional(),
  }),
  TOOL_RESULT: z.strictObject(result),
  ACCESS_ALLOWED: z.strictObject(allowance),
  ACCESS_DENIED: z.strictObject(denial),
  ACCESS_RESULT: z.strictObject(result),

  RECEIPT_MINTED: z.strictObject({
    call_id: id.optional(),
    receipt_id: id,
    name: text,
    subject: text,
    sha256,
    minted_at_ms: count,
    expires_at_ms: count,
  }),

  /** Trusted at first sight. */
  TOOL_PINNED: z.strictObject({ ...definition, fingerprint: sha256 }),
  /** What a server offers now; without `fingerprint` nothing that a person could accept. */
  TOOL_CHANGED: z.strictObject({
    ...definition,
    pinned,
    state: z.enum(PIN_STATES),
    fingerprint: sha256.optional(),
  }),
  TOOL_ACCEPTED: z.strictObject({ ...definition, pinned, fingerprint: sha256, by: text }),

  MODEL_CALL_STARTED: z.strictObject({
    model_call_id: id,
    provider: text.optional(),
    model: text,
    prompt_hash: sha256.optional(),
  }),
  MODEL_CALL_FINISHED: z.strictObject({
    model_call_id: id,
    outcome: z.enum(['completed', 'failed']),
    input_tokens: count.optional(),
    output_tokens: count.optional(),
    duration_ms: z.number().nonnegative().optional(),
    completion_hash: sha256.optional(),
  }),
  MEMORY_READ: z.strictObject(memory),
  MEMORY_WRITE: z.strictObject(memory),
  HANDOFF_REQUESTED: z.strictObject({ handoff_id: id, to_agent: text, message: text.optional() }),
  HANDOFF_COMPLETED: z.strictObject({ handoff_id: id, outcome: z.enum(['accepted', 'refused', 'failed']) }),
  /** The agent saved its own state, so that a run can be resumed from there. */
  CHECKPOINT_CREATED: z.strictObject({ checkpoint_id: id, state_hash: sha256 }),
} as const satisfies Record<EventType, z.ZodType>;

/** What the payload of an event type carries. */
export type Payload<T extends EventType> = z.infer<(typeof PAYLOADS)[T]>;

/** Says what is wrong with a payload, in words; undefined when it is as its event type describes it. */
export function checkPayload(type: EventType, payload: JsonObject): string | undefined {
  const checked = PAYLOADS[type].safeParse(payload);
  if (checked.success) return undefined;
  const [issue] = checked.error.issues;
  const place =
    issue === undefined || issue.path.length === 0 ? 'the payload' : `\`${issue.path.join('.')}\``;
  return `${place} of \`${type}\`: ${issue?.message ?? 'not valid'}`;
}
