import { AegisError } from '@aegis/core';
import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Route, route } from '../route.ts';
import { count, id, text } from '../schemas.ts';
import type { OwnSessions } from '../sdk/sessions.ts';
import { agentOf } from './of.ts';

const MAX_TTL_MS = 60 * 60_000;

/** Authority that an agent hands on: what the other one may do is what both may. */
export function handoffRoutes(ports: ApiPorts, own: OwnSessions): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/handoffs',
      operation: 'handOff',
      summary: 'Let another agent act on behalf of a session, within what both may',
      audience: { kind: 'agents' },
      body: z
        .strictObject({
          session: z
            .string()
            .min(1)
            .max(4096)
            .optional()
            .describe('A session: `ses_...`, or an Mcp-Session-Id.'),
          run: text.max(128).optional().describe('In place of it a run of MCP 2026-07-28, by its id.'),
          to: id.describe('The name of the agent that may.'),
          ttl_ms: z
            .int()
            .min(1_000)
            .max(MAX_TTL_MS)
            .optional()
            .describe('How long sessions can be opened with the token; default five minutes.'),
          message: text.max(1024).optional().describe('Recorded; told to nobody.'),
        })
        .refine(({ session, run }) => (session === undefined) !== (run === undefined), {
          error: 'one of `session` and `run` is needed',
        }),
      answers: {
        201: z.strictObject({
          handoff: id,
          token: z.string().describe('The other agent shows it when it opens its session.'),
          expires_at_ms: count,
        }),
      },
      handle: async ({ principal, body: { session, run, to, ttl_ms: ttlMs, message } }) => {
        const agent = agentOf(principal);
        // SECURITY: agents of other tenants are answered as if they did not exist.
        if (!ports.isAgent(agent.tenant, to)) throw new AegisError('NOT_FOUND', 'there is no such agent');
        const handle = session?.startsWith('ses_')
          ? own.of(agent, session).handle
          : await ports.mcpSession(agent, session === undefined ? { run: run ?? '' } : { session });
        if (handle === undefined) throw new AegisError('NOT_FOUND', 'there is no such session');
        const made = await ports.handOff(handle, {
          to,
          ...(ttlMs === undefined ? {} : { ttlMs }),
          ...(message === undefined ? {} : { message }),
        });
        return {
          status: 201,
          body: { handoff: made.id, token: made.token, expires_at_ms: made.expiresAtMs },
        };
      },
    }),
  ];
}
