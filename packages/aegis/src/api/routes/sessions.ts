import { AegisError, LedgerVerifier } from '@aegis/core';
import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Principal, sees } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { count, digits, id, text } from '../schemas.ts';
import type { OwnSessions } from '../sdk/sessions.ts';
import { agentOf, tenantOf } from './of.ts';
import { checkEnd, starterOf } from '../stored.ts';

/** Most sessions of one page. */
const PAGE = 200;

const place = z.strictObject({ session: id });
const ofTenant = z.strictObject({
  tenant: id.optional().describe('Default: that of whoever asks, or `default`.'),
});

const snapshot = z.strictObject({
  tenant: z.string(),
  session: z.string(),
  agent: z.string(),
  user: z.string(),
  started_at_ms: count,
  events: count,
  steps: count,
  tool_calls: count,
  denied: count,
  open_calls: count,
  receipts: z.array(z.strictObject({ name: z.string(), subject: z.string(), expires_at_ms: count })),
  terminated: z.boolean(),
  head: z.string().optional().describe('Hash of the newest event.'),
});

/** Sessions: an agent's own code opens and ends them; people and their owner look at them. */
export function sessionRoutes(ports: ApiPorts, own: OwnSessions): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/sessions',
      operation: 'openSession',
      summary: 'Open a session for the actions of an agent’s own code',
      audience: { kind: 'agents' },
      body: z.strictObject({
        client: text.max(200).optional().describe('What the program calls itself: recorded, never believed.'),
        run: text.max(200).optional().describe('The program’s own id for this run.'),
        handoff: z
          .string()
          .min(1)
          .max(2048)
          .optional()
          .describe('A handoff token: the session acts on behalf of the one that it comes from.'),
      }),
      answers: { 201: z.strictObject({ session: id, idle_ms: count }) },
      handle: async ({ principal, body: { client, run, handoff } }) => {
        const told = {
          ...(client === undefined ? {} : { client }),
          ...(run === undefined ? {} : { run }),
          ...(handoff === undefined ? {} : { handoff }),
        };
        const session = await own.open(agentOf(principal), told);
        return { status: 201, body: { session, idle_ms: own.idleMs } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/sessions/{session}',
      operation: 'endSession',
      summary: 'End a session when what is under way in it is answered',
      audience: { kind: 'agents' },
      parameters: place,
      answers: { 200: z.strictObject({ session: id }) },
      handle: async ({ principal, path }) => {
        await own.end(agentOf(principal), path.session, 'the agent ended it');
        return { status: 200, body: { session: path.session } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions',
      operation: 'listSessions',
      summary: 'List sessions, the oldest first',
      audience: { kind: 'people', permission: 'sessions.read' },
      query: z.strictObject({
        after: id.optional().describe('The last session of the page before.'),
        limit: digits.pipe(z.int().min(1).max(PAGE)).prefault(String(PAGE)),
      }),
      answers: {
        200: z.strictObject({
          sessions: z.array(
            z.strictObject({ tenant: z.string(), session: z.string(), events: count, head: z.string() }),
          ),
          next: id.optional().describe('Give it as `after` for the next page.'),
        }),
      },
      handle: async ({ principal, query }) => ({
        status: 200,
        body: await listSessions(ports, principal, query),
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/sessions/{session}',
      operation: 'getSession',
      summary: 'The state of a session, folded from its events',
      audience: { kind: 'both', permission: 'sessions.read' },
      parameters: place,
      query: ofTenant,
      answers: { 200: snapshot },
      handle: async ({ principal, path, query }) => {
        const tenant = tenantOf(principal, query.tenant);
        const { snapshot: state, head } = await ports.ledger.snapshot(tenant, path.session);
        if (state.events === 0 || principal === undefined || !sees(principal, tenant, state.agent))
          throw unknown();
        return {
          status: 200,
          body: {
            tenant,
            session: state.session,
            agent: state.agent,
            user: state.user,
            started_at_ms: state.startedAtMs,
            events: state.events,
            steps: state.steps,
            tool_calls: state.toolCalls,
            denied: state.denied,
            open_calls: state.openCalls.size,
            receipts: state.receipts.map(({ name, subject, expiresAtMs }) => ({
              name,
              subject,
              expires_at_ms: expiresAtMs,
            })),
            terminated: state.terminated,
            ...(head === undefined ? {} : { head }),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions/{session}/verify',
      operation: 'verifySession',
      summary: 'Recompute the chain of a session from what is stored',
      audience: { kind: 'both', permission: 'ledger.read' },
      parameters: place,
      query: ofTenant,
      answers: {
        200: z.strictObject({
          intact: z.boolean(),
          events: count,
          findings: z.array(z.strictObject({ kind: z.string(), seq: count.optional(), message: z.string() })),
        }),
      },
      handle: async ({ principal, path, query }) => {
        const tenant = tenantOf(principal, query.tenant);
        const verifier = new LedgerVerifier(ports.sha256, 'sessions');
        const findings = [];
        for await (const entry of ports.ledger.session(tenant, path.session)) {
          if (
            entry.seq === 0 &&
            (principal === undefined || !sees(principal, tenant, starterOf(entry, ports.sha256)))
          )
            throw unknown();
          for (const { kind, seq, message } of verifier.next(entry).findings) {
            if (findings.length < 100)
              findings.push({ kind, ...(seq === undefined ? {} : { seq }), message });
          }
        }
        if (verifier.entries === 0) throw unknown();
        return { status: 200, body: { intact: findings.length === 0, events: verifier.entries, findings } };
      },
    }),
  ];
}

function unknown(): AegisError {
  return new AegisError('NOT_FOUND', 'there is no such session');
}

async function listSessions(
  { ledger, sha256 }: ApiPorts,
  principal: Principal | undefined,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
) {
  const view = await ledger.view();
  try {
    const sessions = [];
    let reached = after === undefined;
    for await (const head of view.sessions()) {
      const { tenant, session, nextSeq, hash } = head;
      if (reached && principal?.kind === 'person' && sees(principal, tenant, undefined)) {
        await checkEnd(view, head, sha256);
        sessions.push({ tenant, session, events: nextSeq, head: hash });
      }
      reached ||= session === after;
      if (sessions.length > limit) break;
    }
    const page = sessions.slice(0, limit);
    const next = sessions.length > limit ? page.at(-1)?.session : undefined;
    return { sessions: page, ...(next === undefined ? {} : { next }) };
  } finally {
    await view.close();
  }
}
