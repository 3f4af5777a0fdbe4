import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Route, route } from '../route.ts';

/** The policy in force. */
export function policyRoutes({ policy }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/policies',
      operation: 'getPolicy',
      summary: 'The rules in force, in their order',
      audience: { kind: 'people', permission: 'policy.read' },
      answers: {
        200: z.strictObject({
          digest: z.string(),
          mode: z.enum(['enforce', 'shadow']),
          rules: z.array(
            z.strictObject({ name: z.string(), action: z.string(), reason: z.string().optional() }),
          ),
        }),
      },
      handle: async () => ({ status: 200, body: policy() }),
    }),
  ];
}
