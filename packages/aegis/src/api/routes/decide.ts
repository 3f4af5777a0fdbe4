import * as z from 'zod';
import { AegisError, REASON_CODES } from '@aegis/core';
import type { ApiPorts, TrialCall } from '../ports.ts';
import type { Principal } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { count, id, jsonObject } from '../schemas.ts';
import { wireOfTrial } from '../sdk/wire.ts';
import { callOfEvent, outcome, outcomeOf, proposedEvent } from './proposed-event.ts';
import { tenantOf } from './of.ts';

const name = z.string().min(1).max(2048);
const kind = z.enum(['tool', 'resource', 'prompt']);

const decision = z.strictObject({
  effect: z.enum(['allow', 'require_approval', 'deny']),
  mode: z.enum(['enforce', 'shadow']),
  rule: z.string().optional(),
  reasons: z
    .array(z.strictObject({ code: z.enum(REASON_CODES), phase: z.string(), message: z.string() }))
    .min(1),
  policy_digest: z.string(),
  finding_ids: z.array(z.string()),
});

const asked = z.strictObject({
  agent: id.optional().describe('A person may ask about any agent; an agent asks about itself.'),
  tenant: id.optional(),
  kind: kind.default('tool'),
  server: name,
  name,
  method: name.optional().describe('Default: the method that reaches a resource of this kind.'),
  arguments: jsonObject.default({}),
  session: z
    .strictObject({ steps: count.default(0), tool_calls: count.default(0), denied: count.default(0) })
    .optional()
    .describe('What the session has spent; used here and nowhere else.'),
});

const METHOD_OF = { tool: 'tools/call', resource: 'resources/read', prompt: 'prompts/get' } as const;

/** Questions about calls of which nothing happens: no session, no record, no budget. */
export function decideRoutes(ports: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/policy/decide',
      operation: 'decide',
      summary: 'What would be decided of a call, without doing or recording it',
      audience: { kind: 'both', permission: 'policy.read' },
      body: z.union([asked, proposedEvent]),
      answers: { 200: z.union([decision, outcome]) },
      handle: async ({ principal, body }) => {
        if ('event' in body) {
          const trial = await ports.decide({ ...askedAbout(principal, body), ...callOfEvent(body) });
          return { status: 200, body: outcomeOf(trial) };
        }
        const { steps, tool_calls, denied } = body.session ?? { steps: 0, tool_calls: 0, denied: 0 };
        const call: TrialCall = {
          ...askedAbout(principal, body),
          method: body.method ?? METHOD_OF[body.kind],
          kind: body.kind,
          server: body.server,
          name: body.name,
          args: body.arguments,
          session: { steps, toolCalls: tool_calls, denied, ageMs: 0 },
        };
        return { status: 200, body: wireOfTrial(await ports.decide(call)) };
      },
    }),
    route({
      method: 'POST',
      path: '/access/v1/evaluation',
      operation: 'evaluate',
      summary: 'The same as an OpenID AuthZEN access evaluation',
      audience: { kind: 'both', permission: 'policy.read' },
      // The specification lets a client send members that a decision point does not know.
      body: z.object({
        subject: z.object({
          type: z.literal('agent'),
          id,
          properties: z.object({ tenant: id.optional() }).optional(),
        }),
        action: z.object({
          name,
          properties: z.object({ arguments: jsonObject.default({}) }).optional(),
        }),
        resource: z.object({ type: kind, id: name, properties: z.object({ server: name }) }),
        context: z.record(z.string(), z.unknown()).optional(),
      }),
      answers: {
        200: z.strictObject({
          decision: z.boolean(),
          context: z.strictObject({
            id: z.string(),
            effect: z.enum(['allow', 'require_approval', 'deny']),
            reason_admin: z.record(z.string(), z.string()),
            policy_digest: z.string(),
          }),
        }),
      },
      handle: async ({ principal, body: { subject, action, resource }, requestId }) => {
        const { effect, mode, reasons, policyDigest } = await ports.decide({
          ...askedAbout(principal, { agent: subject.id, tenant: subject.properties?.tenant }),
          method: action.name,
          kind: resource.type,
          server: resource.properties.server,
          name: resource.id,
          args: action.properties?.arguments ?? {},
          session: { steps: 0, toolCalls: 0, denied: 0, ageMs: 0 },
        });
        return {
          status: 200,
          body: {
            decision: effect === 'allow' || mode === 'shadow',
            context: {
              id: requestId,
              effect,
              reason_admin: { en: reasons.map(({ code, message }) => `${code}: ${message}`).join('; ') },
              policy_digest: policyDigest,
            },
          },
        };
      },
    }),
  ];
}

/** SECURITY: an agent learns nothing of what others may do. */
function askedAbout(
  principal: Principal | undefined,
  { agent, tenant }: { readonly agent?: string | undefined; readonly tenant?: string | undefined },
): Pick<TrialCall, 'agent' | 'tenant'> {
  if (principal?.kind === 'agent') {
    const own = principal.agent;
    if ((agent ?? own.name) !== own.name) throw new AegisError('FORBIDDEN', 'an agent asks about itself');
    return { agent: own.name, tenant: tenantOf(principal, tenant) };
  }
  if (agent === undefined) throw new AegisError('INPUT_INVALID', '`agent` of the body: say which agent asks');
  return { agent, tenant: tenantOf(principal, tenant) };
}
