// Aegis before real servers, with a real kernel, for clients without sessions.
import { createServer, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  type EventType,
  type JsonObject,
  linkManifests,
  readDocument,
  readManifest,
  type TaintSettings,
  RateBook,
} from '@aegis/core';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { ModernFront } from '../../src/gateway/front/modern/front.ts';
import { serveModern } from '../../src/gateway/front/modern/http.ts';
import type { ModernLimits } from '../../src/gateway/front/modern/limits.ts';
import type { RouteTable } from '../../src/gateway/routes/table.ts';
import { createUpstream } from '../../src/gateway/upstream/create.ts';
import { createReaper } from '../../src/gateway/upstream/stdio/reaper.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
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

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The last message of the answer, whether it came alone or on a stream. */
  readonly json: {
    readonly id?: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: {
      readonly code: number;
      readonly message: string;
      readonly data?: Record<string, unknown>;
    };
  };
  /** What came before it. */
  readonly notices: readonly { readonly method: string; readonly params: Record<string, unknown> }[];
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const META = 'io.modelcontextprotocol/';
export const ALL_CAPABILITIES = { elicitation: { form: {} }, sampling: {}, roots: {} };

/** Parameters with the `_meta` that every request has. */
export function withMeta(params: JsonObject = {}, meta: JsonObject = {}): JsonObject {
  return {
    ...params,
    _meta: {
      [`${META}protocolVersion`]: '2026-07-28',
      [`${META}clientInfo`]: { name: 'raw', version: '0' },
      [`${META}clientCapabilities`]: {},
      ...meta,
    },
  };
}

export function declaring(capabilities: JsonObject): JsonObject {
  return { [`${META}clientCapabilities`]: capabilities };
}

/** One POST as it stands: nothing is added but what HTTP itself needs. */
export function post(url: string, body: string, headers: Headers, signal?: AbortSignal): Promise<Answer> {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  );
  lines.push('Host', new URL(url).host, 'Content-Length', String(Buffer.byteLength(body)));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: 'POST', headers: lines, ...(signal ? { signal } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const events = response.headers['content-type'] === 'text/event-stream';
          const messages = (events ? text.split('\n').filter((line) => line.startsWith('data: ')) : [text])
            .map((line) => line.replace(/^data: /, ''))
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line));
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: messages.at(-1) ?? {},
            notices: messages.slice(0, -1),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The headers that belong to a request. */
export function headersOf(method: string, params: JsonObject): Record<string, string> {
  const name = params['name'] ?? params['uri'];
  return {
    Authorization: 'Bearer alice',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': method,
    ...(typeof name === 'string' && method !== 'completion/complete' ? { 'Mcp-Name': name } : {}),
  };
}

/** One well-formed request, but for the headers that are given. */
export function ask(
  url: string,
  method: string,
  params: JsonObject = {},
  options: {
    readonly headers?: Headers;
    readonly meta?: JsonObject;
    readonly id?: unknown;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { headers = {}, meta = {}, id = 1, signal } = options;
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: withMeta(params, meta) });
  return post(url, body, { ...headersOf(method, params), ...headers }, signal);
}
