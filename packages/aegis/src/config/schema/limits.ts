import {
  CALL_ANSWERS,
  CAPABILITIES,
  LOOP_ACTIONS,
  LOOP_WINDOW,
  MAX_RATE_WINDOW_MS,
  MAX_ROUNDS,
  RATE_KEYS,
} from '@aegis/core';
import { z } from 'zod';
import { label, name, oneOrMore } from './values.ts';

export const rate = z.strictObject({
  name: name.describe('stands in denials and in the ledger'),
  per: z
    .array(z.enum(RATE_KEYS))
    .max(RATE_KEYS.length)
    .optional()
    .describe('what is counted for itself; several: each combination. Default: all calls together'),
  limit: z.int().min(1).max(1_000_000).describe('most calls that are allowed in any window'),
  window_ms: z.int().min(100).max(MAX_RATE_WINDOW_MS).describe('length of the window; at most a day'),
  burst: z.int().min(1).max(1_000_000).optional().describe('most of them within one second'),
  match: z.string().optional().describe('glob on the MCP method; default `tools/call`'),
  tools: z
    .array(z.string())
    .min(1)
    .max(256)
    .optional()
    .describe('globs on the name of the tool, alone or as `server.tool`; default: every tool'),
  action: z.enum(CALL_ANSWERS).optional().describe('what becomes of a call beyond it; default `deny`'),
});

/** When something is a loop. */
export function threshold(most: number, description: string) {
  return z
    .strictObject({
      times: z.int().min(1).max(most).describe('how often it may be; the next time it is a loop'),
      action: z.enum(LOOP_ACTIONS).optional().describe('default `deny`'),
      delay_ms: z
        .int()
        .min(1)
        .max(3_600_000)
        .optional()
        .describe('of `slow_down`: how long after the newest action the next call may come'),
    })
    .optional()
    .describe(description);
}

export const loops = z.strictObject({
  identical: threshold(LOOP_WINDOW, 'the same call among the last 64; in place of `max_identical_calls`'),
  sequence: threshold(MAX_ROUNDS, 'the same 2 to 8 calls, one round after the other'),
  same_answer: threshold(LOOP_WINDOW, 'a tool that only reads says the same, one time after the other'),
  errors: threshold(LOOP_WINDOW, 'a tool fails, one time after the other'),
});

export const step = {
  capability: oneOrMore(z.enum(CAPABILITIES)).optional().describe('one of these is among what it can do'),
  tool: oneOrMore(z.string()).optional().describe('globs on the name of the tool, prompt or resource'),
  server: oneOrMore(z.string()).optional().describe('globs on the name of the server'),
};

export const sequence = z.strictObject({
  name: name.describe('stands in decisions as the rule'),
  first: z.strictObject({
    ...step,
    label: oneOrMore(label).optional().describe('one of these is what its result is called'),
  }),
  next: z.strictObject(step),
  within_ms: z.int().min(1).optional().describe('default: as long as the session lasts'),
  within_steps: z.int().min(1).optional().describe('within so many actions; default: any number'),
  action: z.enum(CALL_ANSWERS).optional().describe('default `deny`'),
  invariant: z.boolean().optional().describe('in force in shadow, too'),
});
