import { AegisError } from '@aegis/core';
import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Route, route } from '../route.ts';
import { digits, id } from '../schemas.ts';
import { tenantOf } from './of.ts';

/** What shows away from the ledger that it holds what it is said to hold. */
export function ledgerRoutes({ ledger }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/ledger/checkpoint',
      operation: 'getCheckpoint',
      summary: 'The newest signed checkpoint of a tenant’s log (C2SP tlog-checkpoint)',
      audience: { kind: 'people', permission: 'ledger.read' },
      query: z.strictObject({ tenant: id.optional() }),
      answers: { 200: 'text/plain; charset=utf-8' },
      handle: async ({ principal, query }) => {
        const view = await ledger.view();
        try {
          const checkpoint = await view.trees?.checkpoint(tenantOf(principal, query.tenant));
          if (checkpoint === undefined) throw new AegisError('NOT_FOUND', 'there is no checkpoint yet');
          return { status: 200, body: checkpoint.note, type: 'text/plain; charset=utf-8' };
        } finally {
          await view.close();
        }
      },
    }),
    route({
      method: 'GET',
      path: '/v1/ledger/proof/{session}/{seq}',
      operation: 'getProof',
      summary: 'An event with its proof of inclusion (C2SP tlog-proof)',
      audience: { kind: 'people', permission: 'ledger.read' },
      parameters: z.strictObject({ session: id, seq: digits }),
      query: z.strictObject({ tenant: id.optional() }),
      answers: {
        200: z.strictObject({
          proof: z.string().describe('C2SP tlog-proof, with the checkpoint.'),
          body: z.string().describe('The event, as exactly what was hashed.'),
          key: z.string().describe('The key to verify it with, as a C2SP verifier key.'),
        }),
      },
      handle: async ({ principal, path, query }) => {
        const { proof, body, key } = await ledger.prove(
          tenantOf(principal, query.tenant),
          path.session,
          path.seq,
        );
        return { status: 200, body: { proof, body, key } };
      },
    }),
  ];
}
