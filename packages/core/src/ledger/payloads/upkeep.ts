import * as z from 'zod';
import { ACTIVATION_CAUSES } from '../../model/activation.ts';
import { PINNED_KINDS, PIN_STATES } from '../../model/pin.ts';
import { count, id, sha256, text } from './values.ts';

/** Most hashes that one `DATA_ERASED` names: they take 60,300 of the 65,536 bytes of the largest envelope. */
export const MAX_ERASED_HASHES = 900;

/** A tool or prompt as its server names it. The definitions themselves are sealed beside the event. */
const definition = { server: text, kind: z.enum(PINNED_KINDS), name: text };

const pinned = sha256
  .optional()
  .describe('Fingerprint of the definition in force when the event was sealed; absent while there was none.');

/** What is in force, and what is done with the ledger. */
export const UPKEEP_PAYLOADS = {
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
    heads_sha256: sha256
      .optional()
      .describe(
        'Over a line `tenant session events hash` of each session, in order; absent in older events.',
      ),
    before_ms: count,
    by: text,
  }),
} as const;
