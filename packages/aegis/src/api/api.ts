import type { JsonObject } from '@aegis/core';
import * as z from 'zod';
import { openApi } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { type Route, route } from './route.ts';
import { type Api, createApi } from './router.ts';
import { actionRoutes } from './routes/actions.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { declassificationRoutes } from './routes/declassify.ts';
import { decideRoutes } from './routes/decide.ts';
import { eventRoutes } from './routes/events.ts';
import { handoffRoutes } from './routes/handoffs.ts';
import { killRoutes } from './routes/kills.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { policyRoutes } from './routes/policies.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { streamRoutes } from './routes/stream.ts';
import { whoamiRoutes } from './routes/whoami.ts';
import { OpenActions } from './sdk/actions.ts';
import { OwnSessions } from './sdk/sessions.ts';

/** The API of the daemon, and the end of what it holds open. */
export interface OpenApi {
  readonly serve: Api;
  close(): void;
}

/** Puts the routes together. */
export function openApiDoor(ports: ApiPorts): OpenApi {
  const sessions = new OwnSessions(ports.kernel, ports.clock);
  const routes = routesOf(ports, sessions);
  return { serve: createApi(routes, ports.identify, ports.newId), close: () => sessions.close() };
}

/** The API in OpenAPI, as a daemon of this version describes itself. */
export function describeApi(version: string): JsonObject {
  // INVARIANT: routes touch nothing outside before they are asked.
  const nothing = { version } as ApiPorts;
  return openApi(routesOf(nothing, undefined as never), version);
}

/** Every route, with the one that describes them all. */
function routesOf(ports: ApiPorts, sessions: OwnSessions): readonly Route[] {
  const routes = [
    ...actionRoutes(sessions, new OpenActions(ports.kernel, ports.isReserved)),
    ...approvalRoutes(ports),
    ...declassificationRoutes(ports),
    ...decideRoutes(ports),
    ...eventRoutes(ports, sessions),
    ...handoffRoutes(ports, sessions),
    ...killRoutes(ports),
    ...ledgerRoutes(ports),
    ...metricsRoutes(ports),
    ...policyRoutes(ports),
    ...sessionRoutes(ports, sessions),
    ...streamRoutes(ports),
    ...whoamiRoutes(),
  ];
  const described = route({
    method: 'GET',
    path: '/openapi.json',
    operation: 'getOpenApi',
    summary: 'This description',
    audience: { kind: 'everybody' },
    answers: { 200: z.record(z.string(), z.unknown()) },
    handle: async () => ({ status: 200, body: document }),
  });
  const all = [...routes, described];
  const document = openApi(all, ports.version);
  return all;
}
