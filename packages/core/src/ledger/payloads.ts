import * as z from 'zod';
import { CAPABILITIES } from '../model/capability.ts';
import { MAX_QUORUM } from '../model/approver.ts';
import { MODES } from '../model/decision.ts';
import { ACTIVATION_CAUSES } from '../model/activation.ts';
import type { EventType } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { PINNED_KINDS, PIN_STATES } from '../model/pin.ts';
import { PHASES, REASON_CODES } from '../model/reason.ts';
import { AGREEMENTS, ARGUMENT_USES, LABEL, MAX_RECORDED_TAINTS } from '../model/taint.ts';
import { BANDS } from '../model/threat.ts';
import { MAX_RATES } from '../rate/rate-limit.ts';
import { KILL_SCOPES } from '../kill/kill-switch.ts';
import { MAX_CYCLE } from '../loop/loop-settings.ts';
import { IDENTIFIER } from './identifier.ts';
import { type QuickCheck, quickCheck } from './quick-check.ts';

const id = z.string().regex(IDENTIFIER, 'is not an id: 1 to 128 of A-Z a-z 0-9 . _ : @ -');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 digest in lower-case hex');
const text = z.string();
const count = z.int().nonnegative();
const code = z.enum(REASON_CODES);
const label = z.string().regex(LABEL, 'is not a label: a-z, then at most 63 of a-z 0-9 . _ -');
const points = z.int().min(0).max(100);

const denial = { call_id: id, code, rule: text.optional(), message: text };

const proof = sha256.describe(
  'MAC of the process that took it from the person, with a key outside the store.',
);

const proposal = {
  call_id: id,
  edits: id.optional().describe('The call in whose place this one came, with arguments that a person gave.'),
  server: text,
  method: text,
  door: text.optional(),
  args_hash: sha256.optional(),
  fingerprint: text.describe(
    'Equal for equal actions of one session; keyed by the session, meaningless outside it.',
  ),
  capabilities: z.array(z.enum(CAPABILITIES)),
  finding_ids: z.array(text),
};

const allowance = {
  call_id: id,
  fingerprint: text,
  decision: z.enum(['allow', 'approved', 'shadow']),
  rates: z
    .array(text)
    .max(MAX_RATES)
    .optional()
    .describe('What the action is counted under: a name of a rate and what it is by, each as a JSON list.'),
};

const result = {
  call_id: id,
  outcome: z
    .enum(['executed', 'failed', 'withheld', 'unknown'])
    .describe('withheld: it ran, and nothing was released. unknown: nobody saw whether it ran.'),
  code: code.optional(),
  masked: count.describe('How many values were masked before the release.'),
  finding_ids: z
    .array(text)
    .optional()
    .describe('What the inspectors of content saw in what the server answered; absent where none looked.'),
  score: points.optional().describe('The threat score of the answer alone; absent where none was asked for.'),
  labels: z
    .array(label)
    .optional()
    .describe('Where the answer comes from, and what rules call it; absent where nothing follows data.'),
  tool_error: z.boolean().optional().describe('true: the tool answered that it failed (`isError`).'),
  answer_fingerprint: text
    .optional()
    .describe('Equal for equal answers of one session, keyed by it; absent where nothing compares them.'),
  bytes: count.optional(),
  result_hash: sha256.optional(),
};

/** A tool or prompt as its server names it. The definitions themselves are sealed beside the event. */
const definition = { server: text, kind: z.enum(PINNED_KINDS), name: text };

const pinned = sha256
  .optional()
  .describe('Fingerprint of the definition in force when the event was sealed; absent while there was none.');

/** Most hashes that one `DATA_ERASED` names: they take 60,300 of the 65,536 bytes of the largest envelope. */
export const MAX_ERASED_HASHES = 900;

const memory = { store: text, key: text, value_hash: sha256.optional(), call_id: id.optional() };

/**
 * The payload of each event type, in wire names. Unknown fields are refused: what is not described
 * here is not evidence. `$sealed` is added by `seal` and is no part of a draft.
 */
export const PAYLOADS = {
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
        z.strictObject({
          code,
          phase: z.enum([...PHASES, 'enforce']),
          rule: text.optional(),
          message: text,
          cycle: z
            .array(text)
            .max(MAX_CYCLE)
            .optional()
            .describe('Fingerprints of the calls of one round of a loop, in their order.'),
        }),
      )
      .min(1),
    obligations: z.strictObject({
      mask: z.array(text),
      timeout_ms: count,
      max_output_bytes: count,
      labels: z.array(label).optional(),
    }),
    taints: z
      .array(
        z.strictObject({
          at: text,
          labels: z.array(label),
          from: z.array(id),
          agreement: z.enum(AGREEMENTS),
          use: z.enum(ARGUMENT_USES),
        }),
      )
      .max(MAX_RECORDED_TAINTS)
      .optional()
      .describe(
        'Arguments that hold what labelled results said; absent where nothing follows data, or none does.',
      ),
    unfounded: text
      .optional()
      .describe(
        'What does not follow from what was said before the model was told what to do: a pointer, or all.',
      ),
    score: z
      .strictObject({
        value: points,
        band: z.enum(BANDS),
        parts: z.array(
          z.strictObject({
            kind: z.enum(['finding', 'capability', 'taint', 'history']),
            name: text,
            weight: z.number().min(0).max(1),
          }),
        ),
      })
      .optional()
      .describe('How threatening the action is; absent where no rule and no setting asks.'),
  }),
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

  TOOL_PINNED: z.strictObject({ ...definition, fingerprint: sha256 }),
  TOOL_CHANGED: z.strictObject({
    ...definition,
    pinned,
    state: z.enum(PIN_STATES),
    fingerprint: sha256.optional(),
    finding_ids: z
      .array(text)
      .optional()
      .describe('Why it was not trusted at first sight: what the inspector of definitions saw.'),
  }),
  TOOL_ACCEPTED: z.strictObject({ ...definition, pinned, fingerprint: sha256, by: text }),

  POLICY_ACTIVATED: z.strictObject({
    policy_digest: sha256.describe('What the decisions under this policy carry.'),
    fingerprint: sha256.describe('SHA-256 of the canonical JSON of the bundle: the texts of the policy.'),
    known: z.boolean().describe('The ledger has the bundle already, and it is not sealed again.'),
    previous: sha256.optional().describe('Fingerprint of the bundle that was in force before.'),
    cause: z.enum(ACTIVATION_CAUSES),
    by: text,
    signature: z
      .strictObject({ public_key: text, value: text })
      .optional()
      .describe('Ed25519 over the fingerprint, by a key that was trusted, both in base64.'),
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

  SECRET_CHANGED: z.strictObject({
    change: z
      .enum(['added', 'replaced', 'removed', 'rekeyed'])
      .describe('`rekeyed`: the whole vault has a new key.'),
    secret: text.optional().describe('Its name; absent for `rekeyed`.'),
    version: count.optional().describe('Which value of it.'),
    generation: count.describe('Of the vault; it rises with each change.'),
    by: text,
  }),
  SECRET_USED: z.strictObject({
    secret: text.describe('The name in the vault.'),
    version: count.describe('Which value of it.'),
    use: text.describe('What it was given to.'),
  }),

  LEDGER_KEY_ROTATED: z.strictObject({ old_key: text, new_key: text, overlap_until_ms: count }),
  LEDGER_RESTORED: z.strictObject({
    epoch: count,
    lost_origin: text,
    lost_size: count,
    lost_root: sha256,
    because: text,
    by: text,
  }),
  DATA_ERASED: z.strictObject({
    scope: z.enum(['session', 'event', 'user']),
    session: id.optional(),
    values: count,
    hashes: z.array(sha256).min(1).max(MAX_ERASED_HASHES),
    because: text,
    by: text,
  }),
  SEGMENT_ARCHIVED: z.strictObject({
    segment: id,
    sessions: count,
    events: count,
    bundle_sha256: sha256,
    before_ms: count,
    by: text,
  }),

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
} as const satisfies Record<EventType, z.ZodType>;

/** What the payload of an event type carries. */
export type Payload<T extends EventType> = z.infer<(typeof PAYLOADS)[T]>;

/** Compiled when the first event of a type comes. */
const quickChecks = new Map<EventType, QuickCheck>();

/** Says what is wrong with a payload, in words; undefined when it is as its event type describes it. */
export function checkPayload(type: EventType, payload: JsonObject): string | undefined {
  let quick = quickChecks.get(type);
  if (quick === undefined) quickChecks.set(type, (quick = quickCheck(PAYLOADS[type])));
  if (quick(payload)) return undefined;
  const checked = PAYLOADS[type].safeParse(payload);
  if (checked.success) return undefined;
  const [issue] = checked.error.issues;
  const place =
    issue === undefined || issue.path.length === 0 ? 'the payload' : `\`${issue.path.join('.')}\``;
  return `${place} of \`${type}\`: ${issue?.message ?? 'not valid'}`;
}
