import { AegisError, type Envelope, EVENT_TYPES, type JsonObject } from '@aegis/core';
import * as z from 'zod';
import type { ApiPorts } from '../ports.ts';
import { type Principal, sees } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { count, digits, event, id, jsonObject } from '../schemas.ts';
import { REPORTED_EVENTS } from '../sdk/reported-events.ts';
import type { OwnSessions } from '../sdk/sessions.ts';
import { readFor, readSealed, type SealedRead, starterOf } from '../stored.ts';
import { agentOf, tenantOf } from './of.ts';

/** Most events of one page, and most that are looked at for one. */
const PAGE = 500;
const LOOKED_AT = 10_000;

const NOT_REPORTED =
  'no agent reports this: Aegis records a tool call when it is made at `/mcp` or proposed at `/v1/actions`';

const filter = {
  after: digits.prefault('0').describe('The position behind which to begin.'),
  limit: digits.pipe(z.int().min(1).max(PAGE)).prefault('100'),
  type: z.enum(EVENT_TYPES).optional(),
};

type Filter = { readonly after: number; readonly limit: number; readonly type?: string | undefined };

const page = z.strictObject({
  events: z.array(event),
  next: count.describe('Give it as `after` for the next page; more may come later.'),
});

/** The events of the ledger. */
export function eventRoutes(ports: ApiPorts, sessions: OwnSessions): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/events',
      operation: 'reportEvent',
      summary: 'Put on record what an agent says of itself',
      audience: { kind: 'agents' },
      body: z.strictObject({
        session: id,
        event_type: z.enum(REPORTED_EVENTS, { error: NOT_REPORTED }),
        payload: jsonObject.describe('As schema/events describes it.'),
      }),
      answers: { 201: z.strictObject({ session: id, event_type: z.enum(REPORTED_EVENTS) }) },
      handle: async ({ principal, body: { session, event_type, payload } }) => {
        const { handle } = sessions.of(agentOf(principal), session);
        const refused = await ports.kernel.report(handle, { type: event_type, payload });
        if (refused !== undefined) throw new AegisError('INPUT_INVALID', refused);
        return { status: 201, body: { session, event_type } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/events',
      operation: 'listEvents',
      summary: 'Read the ledger in commit order',
      audience: { kind: 'people', permission: 'ledger.read' },
      query: z.strictObject(filter),
      answers: { 200: page },
      handle: async ({ principal, query }) => ({
        status: 200,
        body: await readPage(ports, principal, query),
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/sessions/{session}/events',
      operation: 'listSessionEvents',
      summary: 'Read the events of a session',
      audience: { kind: 'both', permission: 'ledger.read' },
      parameters: z.strictObject({ session: id }),
      query: z.strictObject({ ...filter, tenant: id.optional() }),
      answers: { 200: page },
      handle: async ({ principal, path, query }) => {
        const tenant = tenantOf(principal, query.tenant);
        const events = [];
        let next = query.after;
        let found = false;
        for await (const entry of ports.ledger.session(tenant, path.session)) {
          if (entry.seq === 0) {
            if (principal === undefined || !sees(principal, tenant, starterOf(entry, ports.sha256))) break;
            found = true;
          }
          if (entry.position <= query.after) continue;
          if (events.length === query.limit) break;
          const envelope = nextEnvelope(readSealed(entry, ports.sha256), events.length);
          if (envelope === undefined) break;
          next = entry.position;
          if ((query.type ?? envelope.event_type) !== envelope.event_type) continue;
          events.push({ position: entry.position, hash: entry.hash, envelope: asJson(envelope) });
        }
        if (!found) throw new AegisError('NOT_FOUND', 'there is no such session');
        return { status: 200, body: { events, next } };
      },
    }),
  ];
}

async function readPage(
  { ledger, sha256 }: ApiPorts,
  principal: Principal | undefined,
  { after, limit, type }: Filter,
) {
  const events = [];
  let next = after;
  for await (const entry of ledger.entries({ after, limit: LOOKED_AT })) {
    if (events.length === limit) break;
    const read = readFor(principal, entry, sha256);
    if (read !== undefined) {
      const envelope = nextEnvelope(read, events.length);
      if (envelope === undefined) break;
      if ((type ?? envelope.event_type) === envelope.event_type) {
        events.push({ position: entry.position, hash: entry.hash, envelope: asJson(envelope) });
      }
    }
    next = entry.position;
  }
  return { events, next };
}

/**
 * The envelope of the next entry of a page; undefined where the page ends before one that is not as it was sealed. A
 * page that would begin with it fails with `CHAIN_BROKEN`: nothing is passed over without a word.
 */
function nextEnvelope(read: SealedRead, before: number): Envelope | undefined {
  if (read.envelope !== undefined) return read.envelope;
  if (before > 0) return undefined;
  throw read.damage;
}

function asJson(envelope: Envelope): JsonObject {
  return envelope as unknown as JsonObject;
}
