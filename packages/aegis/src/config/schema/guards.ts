import {
  CALL_ANSWERS,
  CLASSIFIER_FAILURES,
  GUARDED_BANDS,
  PATTERN_ACTIONS,
  PERSONAL_ANSWERS,
  PII_KINDS,
} from '@aegis/core';
import { z } from 'zod';

/** `record`, or what each band of the threat score leads to. */
export function byBand<const Answers extends readonly [string, ...string[]]>(
  answers: Answers,
  example: string,
) {
  return z.union([z.literal('record'), z.partialRecord(z.enum(GUARDED_BANDS), z.enum(answers))], {
    error: `write \`record\`, or what bands lead to: \`${example}\``,
  });
}

export const personal = z.strictObject({
  kinds: z
    .array(z.enum(PII_KINDS))
    .min(1)
    .max(PII_KINDS.length)
    .optional()
    .describe('default: card, iban, ssn, national_id'),
  requests: z
    .enum(CALL_ANSWERS)
    .optional()
    .describe('a call with such data among its arguments: `require_approval` or `deny`'),
  results: z
    .enum(PERSONAL_ANSWERS)
    .optional()
    .describe('such data in a result: `mask` or `redact` takes it out, `withhold` keeps the result back'),
});

export const personalPattern = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'a name has lower case letters, digits, `_` and `-`')
    .describe('of the finding (`pii.<name>`) and of the mask'),
  pattern: z.string().min(1).max(1024).describe('RE2, which takes time linear in the text'),
  action: z
    .enum(PATTERN_ACTIONS)
    .describe(
      '`mask` or `redact` what matches in results, `block` the call or the result that holds it, or `block_and_redact`: the one and the other',
    ),
});

export const classifier = z.strictObject({
  url: z.url({ protocol: /^http$/ }).describe('a classifier that listens on this machine'),
  deadline_ms: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('how long an answer is waited for; default 500'),
  failure: z
    .enum(CLASSIFIER_FAILURES)
    .optional()
    .describe('where it says nothing: `record` (default), or `high`, which weighs like a severe finding'),
});

export const guards = z.strictObject({
  requests: byBand(CALL_ANSWERS, '{ high = "require_approval", critical = "deny" }')
    .optional()
    .describe('calls are scored; by band, from it on: `require_approval` or `deny`. `record`: neither'),
  results: byBand(['withhold'], '{ high = "withhold" }')
    .optional()
    .describe(
      'results are scanned and scored; by band, from it on: `withhold`. `record`: released all the same',
    ),
  secrets: z
    .enum(CALL_ANSWERS)
    .optional()
    .describe('a call with a credential among its arguments, told by its form alone; default: nothing'),
  pii: z
    .union([z.enum(CALL_ANSWERS), personal])
    .optional()
    .describe('personal data in calls and results; a word alone is about calls; default: nothing'),
  patterns: z
    .array(personalPattern)
    .max(64)
    .optional()
    .describe('personal data of forms of your own, and what becomes of it'),
  classifier: classifier
    .optional()
    .describe('is asked about texts beside the inspectors; what it says can only raise a score'),
  definitions: z
    .enum(['quarantine', 'off'])
    .optional()
    .describe('a new tool whose definition acts on the model: `quarantine` (default) waits for a person'),
});
