import { CALL_ANSWERS, CAPABILITIES, MAX_LABELS } from '@aegis/core';
import { z } from 'zod';
import { label, name } from './values.ts';

export const sanitizer = z.strictObject({
  name: name.describe('how records call it'),
  server: name,
  tool: z.string().min(1).max(256),
  argument: z.string().min(1).max(256).describe('path of the argument: `amount`, `options.amount`'),
  number: z
    .strictObject({ min: z.number(), max: z.number() })
    .optional()
    .describe('a number from `min` to `max`, or a text that is one'),
  one_of: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(10_000)
    .optional()
    .describe('one of these values'),
});

export const taint = z.strictObject({
  sinks: z
    .partialRecord(z.enum(CAPABILITIES), z.enum(['allow', ...CALL_ANSWERS]))
    .optional()
    .describe('by capability; one that is not named asks, `exec` denies, and what only reads is none'),
  untrusted: z
    .array(label)
    .min(1)
    .max(MAX_LABELS)
    .optional()
    .describe('labels that count; default `tool`, `document`, `memory`, `external`'),
  user_text: z
    .boolean()
    .optional()
    .describe(
      'believe clients in what they say that the user said (`_meta`, `aegis/user-text`); default false',
    ),
  sanitizers: z
    .array(sanitizer)
    .max(256)
    .optional()
    .describe('arguments that are harmless whoever wrote them, when they are what is said here'),
});
