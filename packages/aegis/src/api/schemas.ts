import { isJsonObject, type JsonObject, REASON_CODES } from '@aegis/core';
import * as z from 'zod';

// What several routes take or answer, in wire names.

export const id = z.string().regex(/^[A-Za-z0-9._:@-]{1,128}$/, 'is no id');
export const text = z.string().max(65_536);
export const count = z.int().nonnegative();

/**
 * A JSON object as the strict reader gave it.
 *
 * SECURITY: taken as it is. A schema of records leaves `__proto__` out, and what is judged must be what is done.
 */
export const jsonObject = z
  .custom<JsonObject>(isJsonObject, 'is no JSON object')
  .meta({ type: 'object', additionalProperties: {} });

/** A whole number of a query: digits alone, of which `Number` has one reading. */
export const digits = z
  .string()
  .regex(/^\d{1,15}$/, 'is no whole number')
  .transform(Number);

export const denial = z.strictObject({
  code: z.enum(REASON_CODES),
  rule: z.string().optional(),
  message: z.string(),
  remedy: z.string().optional().describe('What would be allowed instead.'),
  retry_after_ms: count.optional().describe('After how many milliseconds the same could be allowed.'),
  decision_id: z.string().describe('The id under which the call is recorded.'),
  approval: z
    .strictObject({ id: z.string(), status: z.literal('pending'), expires_at_ms: count })
    .optional()
    .describe('Set while a person is asked: the same action, proposed again, rests on the answer.'),
});

export const event = z.strictObject({
  position: count.describe('In the whole log, from 1, rising in commit order.'),
  hash: z.string().describe('SHA-256 of the canonical form of the envelope, hex.'),
  envelope: z.record(z.string(), z.unknown()).describe('As schema/events describes it, by its `event_type`.'),
});

/** RFC 9457. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string().optional(),
  request_id: z.string().optional(),
});
