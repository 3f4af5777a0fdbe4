// Aegis before real servers, with a real kernel, for clients without sessions.
import { createServer } from 'node:http';
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  type EventType,
  type JsonObject,
  linkManifests,
  RateBook,
  readDocument,
  readManifest,
  type TaintSettings,
} from '@aegis/core';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { ModernFront } from '../../src/gateway/front/modern/front.ts';
import { serveModern } from '../../src/gateway/front/modern/http.ts';
import type { ModernLimits } from '../../src/gateway/front/modern/limits.ts';
import type { RouteTable } from '../../src/gateway/routes/table.ts';
import { createUpstream } from '../../src/gateway/upstream/create.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
import { createReaper } from '../../src/gateway/upstream/stdio/reaper.ts';
import { createInspectPlatform } from '../../src/inspect/platform.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { CLIENT, listen, refused, secrets, startAll, stop } from './upstreams.ts';

const POLICY = `
[[policies]]
name = "no-forbidden"
action = "deny"
when = { tool_name = "forbidden", "args.really" = "yes" }

[[policies]]
name = "no-hidden"
invariant = true
action = "deny"
when = { tool_name = "hidden" }

[[policies]]
name = "no-sampling"
match = "sampling/*"
action = "deny"

[[policies]]
name = "no-secret"
match = "resources/read"
action = "deny"
when = { uri = "test://secret" }

[[policies]]
name = "no-secrets-in-answers"
action = "deny"
when = { "args.inputResponses.confirm.content.path" = "/etc/*" }

[[policies]]
name = "everything-else"
action = "allow"
`;

export interface LedgerEvent {
  readonly type: EventType;
  readonly session: string;
  readonly payload: JsonObject;
}

export interface ModernGateway {
  readonly url: string;
  readonly front: ModernFront;
  readonly catalogue: Catalogue;
  readonly kernel: EnforcementKernel;
  events(): Promise<readonly LedgerEvent[]>;
  close(): Promise<void>;
}

export interface ServerSpec {
  readonly name: string;
  readonly url: string;
  readonly era: 'legacy' | 'modern';
}

export interface GatewayOptions {
  readonly policy?: string;
  readonly limits?: Partial<ModernLimits>;
  readonly budget?: Partial<typeof DEFAULT_SETTINGS.limits>;
  /** What every server's manifest declares that it may ask. */
  readonly asks?: readonly string[];
  readonly routes?: RouteTable;
  readonly taint?: TaintSettings;
}

const ASKS = ['elicitation/create', 'roots/list', 'sampling/createMessage'];

export async function modernGateway(
  servers: readonly ServerSpec[],
  options: GatewayOptions = {},
): Promise<ModernGateway> {
  const reaper = createReaper();
  const upstreams = servers.map(({ name, url, era }) =>
    createUpstream(
      { kind: 'http', name, url, era, headers: {}, maxConcurrency: 512, isolated: true },
      { secrets, client: CLIENT, path: undefined, reaper, refused },
    ),
  );
  const store = createMemoryStore();
  const kernel = await openKernel(upstreams, store, options);
  const catalogue = new Catalogue(upstreams, options.routes);
  await startAll(catalogue);
  const front = new ModernFront({
    kernel,
    version: '1.2.3',
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const server = createServer((request, response) => {
    const agent = /^Bearer (\w+)$/.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody';
    const caller = { tenant: 'default', agent, user: agent, door: 'mcp-http' } as const;
    serveModern(front, request, response, { caller, catalogue, maxBodyBytes: 1024 * 1024 });
  });
  const url = `${await listen(server)}/mcp`;
  return {
    url,
    front,
    catalogue,
    kernel,
    events: async () => {
      const events: LedgerEvent[] = [];
      for await (const { body } of store.entries()) {
        const { event_type: type, session_id: session, payload } = JSON.parse(body);
        events.push({ type, session, payload });
      }
      return events;
    },
    close: async () => {
      await front.close('the test is over');
      await kernel.closeAll('the test is over');
      await catalogue.close();
      await stop(server);
      await store.close();
    },
  };
}

export async function openKernel(
  upstreams: readonly UpstreamServer[],
  store: ReturnType<typeof createMemoryStore>,
  { policy: text = POLICY, budget = {}, asks = ASKS, taint }: GatewayOptions,
): Promise<EnforcementKernel> {
  const document = readDocument({ text, file: 'policy.toml' });
  const limits = {
    ...DEFAULT_SETTINGS.limits,
    maxSteps: 100_000,
    maxToolCalls: 100_000,
    maxWallTimeMs: 3_600_000,
    maxIdenticalCalls: 64,
    ...budget,
  };
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings: { ...DEFAULT_SETTINGS, limits, ...(taint === undefined ? {} : { taint }) },
    sha256,
  });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  const placed = upstreams.map(({ name }) => {
    const source = readDocument({
      text: JSON.stringify({ server: name, client_requests: asks }),
      file: `${name}.json`,
    });
    const { manifest, diagnostics: wrong } = readManifest(source, { resolve: (path) => path });
    if (manifest === undefined) throw new Error(JSON.stringify(wrong));
    return { manifest, document: source };
  });
  const { manifests, receipts } = linkManifests(placed);
  const platform = await createInspectPlatform({ baseDir: '/srv', homeDir: '/home/agent', dialects: [] });
  const rules = {
    policy,
    manifests,
    receipts,
    mints: new Map(),
    agent: () => undefined,
    credentials: new Map(),
  };
  return new EnforcementKernel(
    {
      clock: systemClock,
      ids: createIds(systemClock),
      store,
      approver: {
        consider: () => Promise.resolve(undefined),
        ask: () => Promise.resolve({ kind: 'unavailable' }),
      },
      sha256,
      utf8,
      inspect: () => platform,
      definition: () => undefined,
      rates: new RateBook(() => policy.rates),
      upstream: (name) => upstreams.find((upstream) => upstream.name === name),
    },
    () => rules,
  );
}
