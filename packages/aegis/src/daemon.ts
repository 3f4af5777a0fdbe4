import { homedir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import {
  type AccessRequest,
  AegisError,
  type Explanation,
  explain,
  type Facts,
  formatDiagnostics,
  inspect,
  type InspectPlatform,
  isJsonObject,
  type JsonObject,
  parseStrict,
  type LogHead,
  type SqlDialect,
  startSnapshot,
} from '@aegis/core';
import { type HttpDoor, openHttpDoor, type Readiness } from './api/server.ts';
import type { Configuration, ConfiguredServer } from './config/configuration.ts';
import { EnforcementKernel } from './enforce/kernel.ts';
import type { Ruleset } from './enforce/ruleset.ts';
import { Catalogue, type ServerState } from './gateway/catalogue/catalogue.ts';
import { createMcpHandler } from './gateway/front/http.ts';
import { serveStdio } from './gateway/front/stdio.ts';
import { createUpstream } from './gateway/upstream/create.ts';
import { createReaper } from './gateway/upstream/reaper.ts';
import { createAuthenticator } from './identity/agents.ts';
import { createInspectPlatform, resolvePath } from './inspect/platform.ts';
import { createIds, sha256, systemClock, utf8 } from './platform.ts';
import type { Approver, SecretStore } from './ports.ts';
import { loadRuleset } from './source/ruleset.ts';
import { openSqliteStore, openSqliteView } from './store/sqlite.ts';
import type { VerifiableStore } from './store/ledger-view.ts';
import { type VerificationReport, verifyLedger } from './store/verify.ts';
import { createSecretStore } from './vault/secrets.ts';
import { VERSION } from './version.ts';

// The composition root: the only file that constructs everything.

export type { HttpDoor, VerifiableStore };
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long the start waits for servers; one that is slower joins when it is up. */
const SERVERS_DEADLINE_MS = 20_000;

/** Nobody can be asked yet: what needs approval is denied. */
const nobody: Approver = { ask: () => Promise.resolve({ kind: 'unavailable' }) };

/** Opens the ledger for writing. Fails with `STORE_UNAVAILABLE`. */
export function openEvidence(configuration: Configuration): VerifiableStore {
  return openSqliteStore(configuration.storeFile);
}

/** What a verification found, and the end of the log that it verified: what a copy must agree with. */
export type VerifiedEvidence = VerificationReport & { readonly head: LogHead };

/** Recomputes the whole ledger from its file, without writing to it. */
export async function verifyEvidence(
  configuration: Configuration,
  onProgress?: (entries: number) => void,
): Promise<VerifiedEvidence> {
  const view = openSqliteView(configuration.storeFile);
  try {
    const report = await verifyLedger(view, ({ entries }) => onProgress?.(entries));
    return { ...report, head: view.head };
  } finally {
    view.close();
  }
}

/** Reads and compiles policies and manifests. Fails with `POLICY_INVALID`, every mistake in the message. */
export async function loadRules(configuration: Configuration): Promise<Ruleset> {
  const { mode, limits, risk, rules, policyFiles, servers } = configuration;
  const sources = { rules, policyFiles, servers, settings: { mode, limits, risk }, resolvePath };
  const { ruleset, diagnostics } = await loadRuleset(sources, sha256);
  if (ruleset !== undefined) return ruleset;
  throw new AegisError('POLICY_INVALID', formatDiagnostics('the policy', diagnostics));
}

/** The kernel with everything behind it: what a door is opened on. */
export interface Gateway {
  readonly kernel: EnforcementKernel;
  readonly catalogue: Catalogue;
  readonly secrets: SecretStore;
  servers(): readonly ServerState[];
  readonly readiness: readonly Readiness[];
  close(): Promise<void>;
}

/** Starts the kernel and its servers; a server that does not start is a state, not a failure. */
export async function openGateway(
  configuration: Configuration,
  store: VerifiableStore,
  rules: Ruleset,
  environment: Environment,
): Promise<Gateway> {
  const secrets = createSecretStore({ environment, directory: configuration.directory });
  const ports = {
    secrets,
    path: environment['PATH'],
    client: { name: 'aegis', version: VERSION },
    reaper: createReaper(),
  };
  const upstreams = configuration.servers.map((server) => createUpstream(server, ports));
  const catalogue = new Catalogue(upstreams);
  const inspectPlatform = await createInspection(configuration.servers, configuration.directory, rules);
  const kernel = new EnforcementKernel(
    {
      clock: systemClock,
      ids: createIds(systemClock),
      store,
      approver: nobody,
      sha256,
      utf8,
      inspect: inspectPlatform,
      upstream: (name) => upstreams.find((upstream) => upstream.name === name),
    },
    rules,
  );
  await catalogue.start(SERVERS_DEADLINE_MS);
  return {
    kernel,
    catalogue,
    secrets,
    servers: () => catalogue.servers(),
    readiness: [
      { name: 'ledger', problem: () => store.problem() },
      ...configuration.servers.map(({ name }) => ({
        name: `server ${name}`,
        problem: () => catalogue.servers().find((server) => server.name === name)?.problem,
      })),
    ],
    close: async () => {
      await kernel.closeAll('Aegis was stopped');
      await catalogue.close();
    },
  };
}

/** Relative paths in arguments are read from where the server runs. */
async function createInspection(
  servers: readonly ConfiguredServer[],
  directory: string,
  rules: Ruleset,
): Promise<(server: string) => InspectPlatform> {
  const platform = await createInspectPlatform({
    baseDir: directory,
    homeDir: homedir(),
    dialects: dialectsOf(rules),
    shell: readsShell(rules),
  });
  const platforms = new Map(
    servers.map((server) => [
      server.name,
      server.kind === 'stdio' ? { ...platform, baseDir: server.cwd } : platform,
    ]),
  );
  return (server) => platforms.get(server) ?? platform;
}

function readsShell({ manifests }: Ruleset): boolean {
  return [...manifests.values()].some(({ tools }) =>
    [...tools.values()].some(({ args }) => [...args.values()].some(({ kind }) => kind === 'shell')),
  );
}

function dialectsOf({ manifests }: Ruleset): SqlDialect[] {
  const dialects = new Set<SqlDialect>();
  for (const { tools } of manifests.values()) {
    for (const { args } of tools.values()) {
      for (const kind of args.values()) if (kind.kind === 'sql') dialects.add(kind.dialect);
    }
  }
  return [...dialects];
}

export interface ExplainedCall {
  readonly facts: Facts;
  readonly explanation: Explanation;
}

/** Decides a tool call as in a new session, without running or recording it, and says why. */
export async function explainCall(
  configuration: Configuration,
  rules: Ruleset,
  call: { readonly server: string; readonly tool: string; readonly args: JsonObject; readonly agent: string },
): Promise<ExplainedCall> {
  const { server: name, tool, args, agent } = call;
  const tenant = configuration.agents.find((known) => known.name === agent)?.tenant ?? 'default';
  const subject = { tenant, agent, user: agent, session: 'explained' };
  const request: AccessRequest = {
    id: 'explained',
    subject,
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server: name, name: tool },
    args,
    nowMs: systemClock.now(),
  };
  const inspection = await createInspection(configuration.servers, configuration.directory, rules);
  const server = rules.manifests.get(name);
  const facts = inspect({ request, server, platform: inspection(name) });
  const snapshot = { ...startSnapshot(subject), startedAtMs: request.nowMs };
  const input = { request, facts, snapshot, server, receipts: rules.receipts, callFingerprint: 'explained' };
  return { facts, explanation: explain(rules.policy, input) };
}

/** Reads the arguments of a call as strictly as the doors do. Fails with `INPUT_INVALID`. */
export function readArguments(text: string): JsonObject {
  const parsed = parseStrict(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  const why = parsed.ok ? 'not an object' : parsed.problem.message;
  throw new AegisError('INPUT_INVALID', `the arguments are no JSON object: ${why}`);
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Opens the HTTP door with MCP at `/mcp`. Fails with `ADDRESS_IN_USE`. */
export async function openDoor({ daemon, agents }: Configuration, gateway: Gateway): Promise<HttpDoor> {
  const authenticate = await createAuthenticator(agents, gateway.secrets, daemon.anonymous);
  const mcp = createMcpHandler({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    version: VERSION,
    allowedHosts: LOOPBACK_NAMES,
    allowedOrigins: [],
    authenticate: (request) => {
      const agent = authenticate(request.headers.authorization);
      return agent && { tenant: agent.tenant, agent: agent.name, user: agent.name, door: 'mcp-http' };
    },
  });
  const door = await openHttpDoor({
    host: daemon.host,
    port: daemon.port,
    mcp,
    readiness: gateway.readiness,
    allowedHosts: LOOPBACK_NAMES,
  });
  return {
    ...door,
    close: async () => {
      await mcp.close();
      await door.close();
    },
  };
}

/** Serves one client on a pair of streams until it is gone or `stop` resolves. */
export async function serveClient(
  configuration: Configuration,
  gateway: Gateway,
  streams: { readonly input: Readable; readonly output: Writable },
  stop: Promise<unknown>,
): Promise<void> {
  const agent = configuration.stdioAgent;
  const tenant = configuration.agents.find(({ name }) => name === agent)?.tenant ?? 'default';
  const front = serveStdio({
    kernel: gateway.kernel,
    catalogue: gateway.catalogue,
    caller: { tenant, agent, user: agent, door: 'mcp-stdio' },
    version: VERSION,
    ...streams,
  });
  await Promise.race([front.closed, stop.then(() => front.close('Aegis was stopped'))]);
}
