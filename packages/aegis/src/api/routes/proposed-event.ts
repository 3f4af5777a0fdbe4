import { REASON_CODES } from '@aegis/core';
import * as z from 'zod';
import type { Trial, TrialCall } from '../ports.ts';
import { count, id, jsonObject, text } from '../schemas.ts';

/** A question as an event that a tool call would begin with, with what the session has spent and what is granted. */
export const proposedEvent = z.strictObject({
  agent: id.optional(),
  tenant: id.optional(),
  event: z.strictObject({
    event_type: z.literal('TOOL_CALL_PROPOSED'),
    payload: z.strictObject({
      tool_name: text.min(1),
      call_id: id.optional(),
      server: text.min(1).optional().describe('Default: the one server whose manifest has the tool.'),
      args: jsonObject.default({}),
    }),
  }),
  snapshot: z
    .strictObject({
      steps_consumed: count.default(0),
      tool_calls_consumed: count.default(0),
      wall_time_ms: count.default(0),
    })
    .optional()
    .describe('What the session has spent; used here and nowhere else.'),
  manifest: jsonObject
    .optional()
    .describe('A manifest of an agent (v0.1), in place of its own; used here and nowhere else.'),
});

/** The answer in one word, one code, and what the call may take. */
export const outcome = z.strictObject({
  outcome: z.enum(['allow', 'require_approval', 'deny']),
  reason: z.enum(REASON_CODES),
  constraints: z.strictObject({ max_output_bytes: count, timeout_ms: count }).optional(),
});

export function callOfEvent({
  event: { payload },
  snapshot,
  manifest,
}: z.output<typeof proposedEvent>): Omit<TrialCall, 'agent' | 'tenant'> {
  return {
    method: 'tools/call',
    kind: 'tool',
    server: payload.server,
    name: payload.tool_name,
    args: payload.args,
    session: {
      steps: snapshot?.steps_consumed ?? 0,
      toolCalls: snapshot?.tool_calls_consumed ?? 0,
      denied: 0,
      ageMs: snapshot?.wall_time_ms ?? 0,
    },
    ...(manifest === undefined ? {} : { manifest }),
  };
}

export function outcomeOf({ effect, reasons: [first], limits }: Trial): z.input<typeof outcome> {
  if (effect !== 'allow') return { outcome: effect, reason: (first?.code ?? 'POLICY_DENY') as never };
  const { maxOutputBytes, timeoutMs } = limits;
  return {
    outcome: effect,
    reason: 'OK',
    constraints: { max_output_bytes: maxOutputBytes, timeout_ms: timeoutMs },
  };
}
