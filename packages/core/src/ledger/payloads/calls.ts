import * as z from 'zod';
import { MAX_CYCLE } from '../../loop/loop-settings.ts';
import { CAPABILITIES } from '../../model/capability.ts';
import { MODES } from '../../model/decision.ts';
import { PHASES } from '../../model/reason.ts';
import { AGREEMENTS, ARGUMENT_USES, MAX_RECORDED_TAINTS } from '../../model/taint.ts';
import { BANDS } from '../../model/threat.ts';
import { MAX_RATES } from '../../rate/rate-limit.ts';
import { code, count, id, label, points, sha256, text } from './values.ts';

const denial = { call_id: id, code, rule: text.optional(), message: text };

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

/** What becomes of an action. */
export const CALL_PAYLOADS = {
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
} as const;
