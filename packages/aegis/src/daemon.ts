import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import {
  type AccessRequest,
  AegisError,
  type DefinitionFact,
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
  type Resource,
  type SqlDialect,
  startSnapshot,
} from '@aegis/core';
import { type HttpDoor, openHttpDoor, type Readiness } from './api/server.ts';
import type { Configuration, ConfiguredServer } from './config/configuration.ts';
import { EnforcementKernel } from './enforce/kernel.ts';
import type { Pin } from './enforce/door.ts';
import { acceptanceOf, ownCaller, SessionPinLedger } from './enforce/pin-ledger.ts';
import { readPins } from './enforce/pin-reading.ts';
import type { Ruleset } from './enforce/ruleset.ts';
import { capabilitiesFor } from './gateway/capabilities.ts';
import { Catalogue, type ServerState } from './gateway/catalogue/catalogue.ts';
import { createMcpHandler } from './gateway/front/http/front.ts';
import { serveStdio } from './gateway/front/stdio.ts';
import { Pins } from './gateway/pins/pins.ts';
import { compileRoutes } from './gateway/routes/table.ts';
import { createUpstream } from './gateway/upstream/create.ts';
import { createReaper } from './gateway/upstream/stdio/reaper.ts';
import { createAuthenticator } from './identity/agents.ts';
import { createInspectPlatform } from './inspect/platform.ts';
import { resolvePath } from './inspect/resolve-path.ts';
import { createIds, sha256, systemClock, utf8 } from './platform.ts';
import type { Approver, SecretStore, StoredPin } from './ports.ts';
import { loadRuleset } from './source/ruleset.ts';
import { openSqliteStore, openSqliteView } from './store/sqlite.ts';
import type { VerifiableStore } from './store/ledger-view.ts';
import { type VerificationReport, verifyLedger } from './store/verify.ts';
import { createSecretStore } from './vault/secrets.ts';
import { VERSION } from './version.ts';

// The composition root: the only file that constructs everything.

export type { HttpDoor, Pin, VerifiableStore };
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long the start waits for servers; one that is slower joins when it is up. */
export const SERVERS_DEADLINE_MS = 20_000;

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

/**
 * What the ledger says of every tool and prompt that was ever offered, by server and name; nothing is
 * written, and without a ledger there is nothing. Fails with `STORE_UNAVAILABLE`.
 */
export async function readPinned({ storeFile }: Configuration): Promise<readonly Pin[]> {
  if (!existsSync(storeFile)) return [];
  const view = openSqliteView(storeFile);
  try {
    const rows: StoredPin[] = [];
    for await (const row of view.pins()) rows.push(row);
    const sortKey = ({ server, kind, name }: Pin): string => `${server}\n${kind}\n${name}`;
    return (await readPins(rows, view, sha256)).toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  } finally {
    view.close();
  }
}

/**
 * Puts what was offered into force, exactly as it stands in `pins`, on the word of a person. Fails with
 * `STORE_UNAVAILABLE` when it cannot be recorded, or something else is in force by now.
 */
export async function acceptOffered(
  configuration: Configuration,
  rules: Ruleset,
  pins: readonly Pin[],
  by: string,
): Promise<void> {
  const store = openEvidence(configuration);
  const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 };
  const ledger = new SessionPinLedger(ports, rules.policy.digest, ownCaller(by));
  try {
    const [first, ...others] = pins.flatMap((pin) => acceptanceOf(pin, by) ?? []);
    if (first !== undefined) await ledger.record([first, ...others]);
  } finally {
    await ledger.close('the person is done');
    await store.close();
  }
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
  const upstreams = configuration.servers.map((server) => {
    // What a server asks of a client must reach that client and no other.
    const requests = rules.manifests.get(server.name)?.clientRequests ?? new Set();
    const isolated = server.isolated || requests.size > 0;
    return createUpstream({ ...server, isolated, asks: capabilitiesFor(requests) }, ports);
  });
  const onlyRouted = configuration.servers.filter((server) => server.onlyRouted).map(({ name }) => name);
  const ids = createIds(systemClock);
  const pinLedger = new SessionPinLedger(
    { clock: systemClock, ids, store, sha256, utf8 },
    rules.policy.digest,
  );
  const pins = new Pins({
    ledger: pinLedger,
    clock: systemClock,
    firstSight: configuration.firstSight,
    shadow: () => rules.policy.settings.mode === 'shadow',
  });
  const catalogue = new Catalogue(upstreams, compileRoutes(configuration.routes, onlyRouted), pins);
  const inspectPlatform = await createInspection(configuration.servers, configuration.directory, rules);
  const kernel = new EnforcementKernel(
    {
      clock: systemClock,
      ids,
      store,
      approver: nobody,
      sha256,
      utf8,
      inspect: inspectPlatform,
      definition: (resource) => pins.fact(resource),
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
      { name: 'pins', problem: () => pins.problem() },
      ...configuration.servers.map(({ name }) => ({
        name: `server ${name}`,
        problem: () => catalogue.servers().find((server) => server.name === name)?.problem,
      })),
    ],
    close: async () => {
      await kernel.closeAll('Aegis was stopped');
      await catalogue.close();
      await pins.close();
      await pinLedger.close('Aegis was stopped');
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
  const inspected = inspect({ request, server, platform: inspection(name) });
  const definition = await recordedDefinition(configuration, request.resource);
  const facts = definition === undefined ? inspected : { ...inspected, definition };
  const snapshot = { ...startSnapshot(subject), startedAtMs: request.nowMs };
  const input = { request, facts, snapshot, server, receipts: rules.receipts, callFingerprint: 'explained' };
  return { facts, explanation: explain(rules.policy, input) };
}

/** What the ledger says of a definition; undefined where it says nothing, or cannot be read. */
async function recordedDefinition(
  configuration: Configuration,
  { server, kind, name }: Resource,
): Promise<DefinitionFact | undefined> {
  const pins = await readPinned(configuration).catch(() => []);
  const pin = pins.find((known) => known.server === server && known.kind === kind && known.name === name);
  if (pin === undefined) return undefined;
  if (pin.broken) return 'broken';
  return pin.state === 'gone' ? undefined : pin.state;
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
