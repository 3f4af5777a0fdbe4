import * as z from 'zod';
import { type Route, route } from '../route.ts';
import { count, denial, id, jsonObject } from '../schemas.ts';
import type { OpenActions } from '../sdk/actions.ts';
import type { OwnSessions } from '../sdk/sessions.ts';
import { wireOfStarted, wireOfVerdict } from '../sdk/wire.ts';
import { agentOf } from './of.ts';

const name = z.string().min(1).max(256);

const proposed = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('allowed'),
    action: id.describe('The id under which the action is recorded, and its outcome reported.'),
    params: jsonObject.describe('What may be done: a person may have changed it.'),
    timeout_ms: count.describe('How long the action may take until its outcome is reported.'),
    max_output_bytes: count,
  }),
  z.strictObject({ status: z.literal('denied'), denial }),
]);

/** What an agent proposes. */
export const proposal = z.strictObject({
  session: id,
  type: name.describe('What is done; rules know it as `tool_name`.'),
  target: name.describe('To what; rules know it as `server`.'),
  params: jsonObject.default({}),
  wait: z
    .boolean()
    .default(true)
    .describe('Whether to wait for a person, as long as the daemon is configured to.'),
});

/** What an agent says of the outcome. */
export const report = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('success'), result: jsonObject }),
  z.strictObject({ outcome: z.literal('failed'), error: z.string().max(4096) }),
]);

const recorded = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('recorded'), result: jsonObject.describe('As policy masks it.') }),
  z.strictObject({ status: z.literal('failed'), error: z.string() }),
  z.strictObject({ status: z.literal('withheld'), denial }),
]);

/** The door for an agent's own code: it proposes an action, carries it out when it may, and says what came of it. */
export function actionRoutes(sessions: OwnSessions, actions: OpenActions): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/actions',
      operation: 'proposeAction',
      summary: 'Propose an action; it may be carried out only when the answer is `allowed`',
      audience: { kind: 'agents' },
      body: proposal,
      answers: { 200: proposed },
      handle: async ({ principal, body: { session, type, target, params, wait }, signal }) => {
        const own = sessions.of(agentOf(principal), session);
        const started = await actions.start(own, { type, target, params, waits: wait }, signal);
        return { status: 200, body: wireOfStarted(started) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/actions/{action}/result',
      operation: 'reportAction',
      summary: 'Report what came of an action, once',
      audience: { kind: 'agents' },
      parameters: z.strictObject({ action: id }),
      body: report,
      answers: { 200: recorded },
      handle: async ({ principal, path, body }) => {
        const verdict = await actions.finish(agentOf(principal), path.action, body);
        return { status: 200, body: wireOfVerdict(verdict) };
      },
    }),
  ];
}
