import * as z from 'zod';
import { type Route, route } from '../route.ts';

/** Who it is that asks. */
export function whoamiRoutes(): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/whoami',
      operation: 'whoami',
      summary: 'Who you are to Aegis, and what you may do',
      audience: { kind: 'both', permission: 'sessions.read' },
      answers: {
        200: z.strictObject({
          kind: z.enum(['agent', 'person']),
          name: z.string(),
          tenant: z.string().optional().describe('The one tenant that you see; absent: all of them.'),
          roles: z.array(z.string()).optional(),
          permissions: z.array(z.string()).optional(),
          csrf: z
            .string()
            .optional()
            .describe('For a page: `Aegis-Csrf` of every request that changes something.'),
        }),
      },
      handle: async ({ principal }) => {
        if (principal?.kind === 'agent') {
          const { name, tenant } = principal.agent;
          return { status: 200, body: { kind: 'agent', name, tenant } };
        }
        const { name = '', roles = [], tenant, may, csrf } = principal?.person ?? {};
        return {
          status: 200,
          body: {
            kind: 'person',
            name,
            ...(tenant === undefined ? {} : { tenant }),
            roles: [...roles],
            permissions: [...(may ?? [])],
            ...(csrf === undefined ? {} : { csrf }),
          },
        };
      },
    }),
  ];
}
