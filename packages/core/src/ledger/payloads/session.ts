import * as z from 'zod';
import { CAPABILITIES } from '../../model/capability.ts';
import { count, id, sha256, text } from './values.ts';

const memory = { store: text, key: text, value_hash: sha256.optional(), call_id: id.optional() };

/** What a session is, and what an agent reports of itself. */
export const SESSION_PAYLOADS = {
  SESSION_STARTED: z.strictObject({
    agent: text,
    door: text,
    client: text.optional().describe('What the client calls itself: recorded, never believed.'),
    run: text.optional().describe('The id that the client gave its run, in the era without sessions.'),
    policy_digest: sha256,
    handoff_id: id.optional().describe('The handoff by which it began.'),
    on_behalf_of: z
      .array(z.strictObject({ session: id, agent: text, user: text }))
      .min(1)
      .optional()
      .describe('The sessions on whose behalf it acts, the nearest first; absent where it acts for itself.'),
    durability: z
      .enum(['full', 'group', 'relaxed'])
      .optional()
      .describe('When an append counted as durable: full and group after a flush, relaxed before it.'),
  }),
  TERMINATION: z.strictObject({ cause: text }),
  ERROR_RAISED: z.strictObject({ code: text, message: text, call_id: id.optional() }),
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
  HANDOFF_REQUESTED: z.strictObject({
    handoff_id: id,
    to_agent: text,
    message: text.optional(),
    expires_at_ms: count
      .optional()
      .describe('Until when the token is good that Aegis made; absent in what an agent reports of itself.'),
  }),
  HANDOFF_COMPLETED: z.strictObject({
    handoff_id: id,
    outcome: z.enum(['accepted', 'refused', 'failed']),
    session: id
      .optional()
      .describe('The session that acts on behalf of this one; absent in what an agent reports of itself.'),
  }),
  HANDOFF_USED: z.strictObject({
    of_session: id.describe('The session that made the call.'),
    of_call: id,
    agent: text,
    server: text,
    name: text,
    tool: z.boolean(),
    capabilities: z.array(z.enum(CAPABILITIES)),
    fingerprint: text.describe('As if the call had been made in this session.'),
  }),
  CHECKPOINT_CREATED: z.strictObject({ checkpoint_id: id, state_hash: sha256 }),
} as const;
