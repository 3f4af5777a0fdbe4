import { AegisError } from '@aegis/core';
import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Route, route } from '../route.ts';
import { id, text } from '../schemas.ts';
import { personOf, taken } from './approvals.ts';
import { tenantOf } from './of.ts';

const word = z.strictObject({
  labels: z.array(text.max(64)).max(16).optional().describe('What was read under them until now is meant.'),
  value: text.max(65_536).optional().describe('A text, in place of labels.'),
  why: text.max(1_000),
  tenant: id.optional().describe('Of the session; default: that of whoever asks, or `default`.'),
});

/** What people vouch for in sessions. An agent has no part in it. */
export function declassificationRoutes({ approvals }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/sessions/{session}/declassifications',
      operation: 'declassify',
      summary: 'Vouch for data that a session has read, from its next call on',
      audience: { kind: 'people', permission: 'approvals.decide' },
      parameters: z.strictObject({ session: id }),
      body: word,
      answers: {
        200: z.strictObject({
          tenant: z.string(),
          session: z.string(),
          by: z.string(),
          labels: z.array(z.string()),
          why: z.string(),
        }),
      },
      handle: async ({ principal, path: { session }, body: { labels = [], value, why, tenant } }) => {
        if ((labels.length === 0) === (value === undefined)) {
          throw new AegisError('INPUT_INVALID', 'name either `labels` or a `value`');
        }
        const place = { tenant: tenantOf(principal, tenant), session };
        const by = { person: personOf(principal), door: 'http' };
        return taken(await approvals.vouch(place, { ...by, why, labels, value }));
      },
    }),
  ];
}
