import { AegisError, type JsonObject } from '@aegis/core';
import * as z from 'zod';
import type { NotTaken, SignedInPerson } from '../../ports.ts';
import type { ApiPorts } from '../ports.ts';
import type { Principal } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { count, id, jsonObject, text } from '../schemas.ts';

const texts = z.array(z.string());

const approval = z.strictObject({
  id,
  tenant: z.string(),
  session: z.string(),
  call_id: z.string(),
  agent: z.string(),
  user: z.string(),
  approvers: z
    .array(z.strictObject({ quorum: z.int().positive(), roles: texts, people: texts }))
    .describe('Whose word is needed; of several requirements all have to be met.'),
  requested_at_ms: count,
  expires_at_ms: count,
  question: jsonObject.nullable().describe('What is asked; null when it was erased.'),
  status: z.enum(['pending', 'approved', 'refused', 'used', 'expired']),
  missing: count.describe('How many people still have to agree.'),
  votes: z.array(
    z.strictObject({
      by: z.string(),
      roles: texts,
      approved: z.boolean(),
      at_ms: count,
      door: z.string(),
      edited: z.boolean(),
      why: z.string().optional(),
    }),
  ),
  used_by: z.string().optional().describe('The call that ran on it.'),
  grant_id: z.string().optional().describe('The grant that was made with this answer.'),
});

const grant = z.strictObject({
  id,
  tenant: z.string(),
  approval_id: z.string(),
  by: z.string(),
  door: z.string(),
  agent: z.string().describe('Glob.'),
  session: z.string().optional(),
  method: z.string(),
  server: z.string(),
  name: z.string().describe('Glob.'),
  args: jsonObject,
  grounds: texts,
  made_at_ms: count,
  expires_at_ms: count,
  status: z.enum(['active', 'expired', 'revoked']),
  revoked_by: z.string().optional(),
});

const wish = z.strictObject({
  for: z
    .union([z.literal('session'), z.int().positive()])
    .describe('The session of the call, or milliseconds.'),
  agent: text.optional().describe('Glob in place of the agent.'),
  name: text.optional().describe('Glob in place of the name of the tool.'),
  args: z
    .union([z.literal('any'), z.record(z.string(), text)])
    .optional()
    .describe('Whatever arguments, or globs in place of some.'),
});

const answer = z.strictObject({
  approved: z.boolean(),
  why: text.max(1_000).optional(),
  args: jsonObject.optional().describe('Other arguments, with which the call is judged anew.'),
  grant: wish.optional().describe('For which further calls nobody is asked again.'),
});

const listing = z.strictObject({
  all: z.enum(['true', 'false']).default('false').describe('Also what is over.'),
});

/** What people are asked about held calls, and what they granted. An agent has no part in it. */
export function approvalRoutes({ approvals }: ApiPorts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/approvals',
      operation: 'listApprovals',
      summary: 'List the calls that wait for a person, the oldest first',
      audience: { kind: 'people', permission: 'approvals.read' },
      query: listing,
      answers: { 200: z.strictObject({ approvals: z.array(approval) }) },
      handle: async ({ principal, query: { all } }) => {
        const listed = await approvals.list(personOf(principal).tenant, all === 'true');
        return { status: 200, body: { approvals: listed } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/approvals/{approval}',
      operation: 'getApproval',
      summary: 'Show what is asked, and who said what',
      audience: { kind: 'people', permission: 'approvals.read' },
      parameters: z.strictObject({ approval: id }),
      answers: { 200: approval },
      handle: async ({ principal, path }) => {
        const shown = await approvals.show(personOf(principal).tenant, path.approval);
        if (shown === undefined) throw new AegisError('NOT_FOUND', 'there is no such approval');
        return { status: 200, body: shown };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/approvals/{approval}',
      operation: 'answerApproval',
      summary: 'Approve or refuse a held call',
      audience: { kind: 'people', permission: 'approvals.decide' },
      parameters: z.strictObject({ approval: id }),
      body: answer,
      answers: { 200: approval },
      handle: async ({ principal, path, body }) => {
        const person = personOf(principal);
        const by = { person, door: 'http' };
        return taken(await approvals.answer(person.tenant, path.approval, by, body as JsonObject));
      },
    }),
    route({
      method: 'GET',
      path: '/v1/grants',
      operation: 'listGrants',
      summary: 'List what was granted, so that nobody is asked again',
      audience: { kind: 'people', permission: 'approvals.read' },
      query: listing,
      answers: { 200: z.strictObject({ grants: z.array(grant) }) },
      handle: async ({ principal, query: { all } }) => {
        const listed = await approvals.grants(personOf(principal).tenant, all === 'true');
        return { status: 200, body: { grants: listed } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/grants/{grant}',
      operation: 'revokeGrant',
      summary: 'Take a grant back',
      audience: { kind: 'people', permission: 'approvals.decide' },
      parameters: z.strictObject({ grant: id }),
      query: z.strictObject({ why: text.max(1_000).optional() }),
      answers: { 200: grant },
      handle: async ({ principal, path, query: { why } }) => {
        const person = personOf(principal);
        return taken(await approvals.revoke(person.tenant, path.grant, { person, door: 'http' }, why));
      },
    }),
  ];
}

/** The person that asks, on a route that is for people. */
export function personOf(principal: Principal | undefined): SignedInPerson {
  if (principal?.kind === 'person') return principal.person;
  // SECURITY: the audience of every route above keeps agents out; this is for a mistake in one.
  throw new AegisError('FORBIDDEN', 'this is for people');
}

/** What came of a person's word; fails with why it was not taken. */
export function taken(came: JsonObject | NotTaken): { readonly status: number; readonly body: JsonObject } {
  if (!('problem' in came)) return { status: 200, body: came };
  const { problem, message } = came as NotTaken;
  throw new AegisError(CODES[problem], message);
}

const CODES = {
  unknown: 'NOT_FOUND',
  settled: 'CONFLICT',
  expired: 'CONFLICT',
  changed: 'CONFLICT',
  forbidden: 'FORBIDDEN',
  invalid: 'INPUT_INVALID',
} as const satisfies Record<NotTaken['problem'], string>;
