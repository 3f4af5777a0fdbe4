import * as z from 'zod';
import { KILL_SCOPES } from '../../kill/kill-switch.ts';
import { MAX_QUORUM } from '../../model/approver.ts';
import { count, id, label, sha256, text } from './values.ts';

const proof = sha256.describe(
  'MAC of the process that took it from the person, with a key outside the store.',
);

/** What people said, and who came in. */
export const PEOPLE_PAYLOADS = {
  APPROVAL_REQUESTED: z.strictObject({
    call_id: id,
    expires_at_ms: count.optional(),
    approval_id: id.optional().describe('Equal for the calls that wait for the same answer.'),
    agent: text.optional(),
    binding: sha256
      .optional()
      .describe('MAC over the question, which is sealed beside the first such event.'),
    approvers: z
      .array(
        z.strictObject({
          quorum: z.int().min(1).max(MAX_QUORUM),
          roles: z.array(text),
          people: z.array(text),
        }),
      )
      .optional()
      .describe('Whose word is needed; of several requirements all have to be met.'),
  }),
  APPROVAL_DECIDED: z.strictObject({
    call_id: id,
    approved: z.boolean(),
    by: text,
    why: text.optional(),
    approval_id: id.optional(),
    grant_id: id.optional().describe('The grant that covered the call, so that nobody was asked again.'),
    door: text.optional(),
    edited: z
      .boolean()
      .optional()
      .describe('The person gave other arguments: they are judged as a call of their own.'),
  }),
  APPROVAL_VOTED: z.strictObject({
    approval_id: id,
    approved: z.boolean(),
    by: text,
    roles: z.array(text),
    door: text,
    edited: z.boolean(),
    why: text.optional(),
    proof,
  }),
  APPROVAL_USED: z.strictObject({ approval_id: id, call_id: id }),
  GRANT_MADE: z.strictObject({
    grant_id: id,
    approval_id: id,
    agent: text.describe('Glob.'),
    session: id.optional().describe('The session in which alone it holds.'),
    method: text,
    server: text,
    name: text.describe('Glob on the name of the tool, the prompt or the resource.'),
    definition: sha256.optional(),
    policy_digest: sha256,
    grounds: z.array(text),
    expires_at_ms: count,
    by: text,
    door: text,
    proof,
  }),
  GRANT_REVOKED: z.strictObject({ grant_id: id, by: text, door: text, why: text.optional() }),
  DATA_DECLASSIFIED: z.strictObject({
    call_id: id.optional().describe('Absent where a person speaks of a session and of no call.'),
    at: text.optional().describe('RFC 6901 pointer of the argument of the call.'),
    labels: z.array(label),
    by: text.describe('The name of the sanitizer or of the person.'),
    means: z.enum(['sanitizer', 'person']),
    session: id.optional().describe('In a session of the person: the one that is meant.'),
    clearance: id
      .optional()
      .describe('Where a person speaks of no call: names what is said, here and in the one that is meant.'),
    door: text.optional(),
    why: text.optional(),
    proof: proof.optional(),
  }),
  KILL_SWITCHED: z.strictObject({
    scope: z.enum(KILL_SCOPES),
    name: text.optional().describe('The agent or the tenant; absent for `all`.'),
    killed: z.boolean().describe('false: it may go on.'),
    fingerprint: sha256.optional().describe('Of this stop: random, and present where `killed`.'),
    pinned: sha256
      .optional()
      .describe('Fingerprint of the newest stop of the same before; absent for the first.'),
    by: text,
    door: text,
    why: text.optional(),
    proof,
  }),
  PERSON_SIGNED_IN: z.strictObject({
    person: text,
    roles: z.array(text),
    tenant: text.optional().describe('The one tenant that the person sees; absent: all of them.'),
    source: text.describe('An IPv4 address, or the /64 network of an IPv6 address.'),
    issuer: text.optional().describe('The provider that said who it is; absent for a token of Aegis.'),
    subject: text.optional().describe('Who it is to that provider.'),
  }),
  SIGN_IN_REFUSED: z.strictObject({
    source: text.optional().describe('Absent for the failures of many places together.'),
    failures: count,
    first_ms: count,
    last_ms: count,
    locked_until_ms: count.optional().describe('Until then nothing new from there is looked at.'),
  }),
} as const;
