import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import {
  AegisError,
  type CaseHost,
  type CaseResult,
  type DefinitionFact,
  formatDiagnostics,
  type InspectPlatform,
  isJsonObject,
  type JsonObject,
  parseStrict,
  type LogHead,
  type Resource,
  runCase,
  type SqlDialect,
} from '@aegis/core';
import { type HttpDoor, openHttpDoor, type Readiness } from './api/server.ts';
import type { Configuration, ConfiguredServer, DatabaseRole } from './config/configuration.ts';
import { EnforcementKernel } from './enforce/kernel.ts';
import type { Pin } from './enforce/door.ts';
import { OwnSession, ownCaller } from './enforce/own-session.ts';
import { acceptanceOf, SessionPinLedger } from './enforce/pin-ledger.ts';
import { readPins } from './enforce/pin-reading.ts';
import { recoverSessions } from './enforce/recovery.ts';
import type { Ruleset } from './enforce/ruleset.ts';
import type { SessionPorts } from './enforce/session.ts';
import { createSnapshotCache } from './enforce/snapshot-cache.ts';
import { type Acceptance, acceptRestored, type EpochPorts, replaceLostKeys } from './evidence/epoch.ts';
import { makeKeys } from './evidence/keys/open-keys.ts';
import { type Rotation, rotateKey } from './evidence/rotation.ts';
import { openSealedLedger, type SealedLedger } from './evidence/sealed-ledger.ts';
import { openWitness, type OpenWitness, type WitnessOptions } from './evidence/witness/server.ts';
import { capabilitiesFor } from './gateway/capabilities.ts';
import { Catalogue, type ServerState } from './gateway/catalogue/catalogue.ts';
import { createMcpHandler } from './gateway/front/http/front.ts';
import { serveStdio } from './gateway/front/stdio.ts';
import { Pins } from './gateway/pins/pins.ts';
import { suspicionOf } from './gateway/pins/suspect.ts';
import { compileRoutes } from './gateway/routes/table.ts';
import { createUpstream } from './gateway/upstream/create.ts';
import { UpstreamRefusals } from './gateway/upstream/refusals.ts';
import { createReaper } from './gateway/upstream/stdio/reaper.ts';
import { createAuthenticator } from './identity/agents.ts';
import { createInspectPlatform } from './inspect/platform.ts';
import { resolvePath } from './inspect/resolve-path.ts';
import type { LedgerStore, LedgerView } from './ledger-ports.ts';
import { createIds, sha256, systemClock, utf8 } from './platform.ts';
import type { Approver, SecretStore, StoredPin } from './ports.ts';
import { loadRuleset } from './source/ruleset.ts';
import { openSqliteStore, openSqliteView } from './store/sqlite.ts';
import { type VerificationReport, verifyLedger } from './store/verify.ts';
import { createSecretStore } from './vault/secrets.ts';
import { watchSecrets } from './vault/watch.ts';
import { VERSION } from './version.ts';

// The composition root: the only file that constructs everything.

export type { HttpDoor, Pin, SealedLedger };
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long the start waits for servers; one that is slower joins when it is up. */
export const SERVERS_DEADLINE_MS = 20_000;

/** Nobody can be asked yet: what needs approval is denied. */
const nobody: Approver = { ask: () => Promise.resolve({ kind: 'unavailable' }) };

/** Opens where the ledger is kept, without its keys. Fails with `STORE_UNAVAILABLE`. */
async function openStore(
  { directory, store }: Pick<Configuration, 'directory' | 'store'>,
  environment: Environment,
): Promise<LedgerStore> {
  const { durability } = store;
  if (store.kind === 'sqlite') return openSqliteStore(store.file, { durability });
  const secrets = createSecretStore({ environment, directory });
  const ownerDsn = store.owner && (await withPassword(store.owner, secrets));
  const dsn = await withPassword(store, secrets);
  // Loaded when it is needed: most ledgers are files.
  const { openPostgresStore } = await import('./store/postgres.ts');
  return openPostgresStore(dsn, { durability, ...(ownerDsn === undefined ? {} : { ownerDsn }) });
}

/** A connection string as the driver needs it. */
async function withPassword({ dsn, password }: DatabaseRole, secrets: SecretStore): Promise<string> {
  if (password === undefined) return dsn;
  const secret = await secrets.resolve(password);
  return dsn.replace('@', () => `:${encodeURIComponent(secret.reveal())}@`);
}

/** Where a ledger is, as it may be shown. */
export function placeOfLedger({ store }: Configuration): string {
  return store.kind === 'sqlite' ? store.file : store.dsn;
}

/** Opens the ledger for reading as it is now: nothing is written, not even a missing file. Fails with `STORE_UNAVAILABLE`. */
export async function openEvidenceView(
  { directory, store }: Configuration,
  environment: Environment,
): Promise<LedgerView> {
  if (store.kind === 'sqlite') return openSqliteView(store.file);
  const dsn = await withPassword(store, createSecretStore({ environment, directory }));
  const { openPostgresView } = await import('./store/postgres.ts');
  return openPostgresView(dsn);
}

/** The folder of the keys that the ledger is signed with. */
export function keyFolderOf({ directory }: Pick<Configuration, 'directory'>): string {
  return join(directory, '.aegis', 'keys');
}

/** Makes the keys for a ledger that is still to come, beside a configuration. Fails with `CONFIG_INVALID`. */
export function makeLedgerKeys(directory: string): Promise<void> {
  return makeKeys(keyFolderOf({ directory }), systemClock.now());
}

/**
 * Opens the ledger for writing: from here on its events are sealed and signed. `warn` hears what goes wrong
 * beside the appends. Fails with `STORE_UNAVAILABLE`, also when the keys are lost or the ledger does not
 * reach what was signed of it.
 */
export async function openEvidence(
  configuration: Configuration,
  environment: Environment,
  warn: (text: string) => void,
): Promise<SealedLedger> {
  const { ledger } = configuration;
  return openSealedLedger({
    store: await openStore(configuration, environment),
    folder: keyFolderOf(configuration),
    clock: systemClock,
    sealIntervalMs: ledger.sealIntervalMs,
    witnesses: ledger.witnesses,
    anchor: ledger.anchor,
    warn,
  });
}

/** What a verification found, and the end of the log that it verified: what a copy must agree with. */
export type VerifiedEvidence = VerificationReport & { readonly head: LogHead };

/** Recomputes the whole ledger from its file, without writing to it. */
export async function verifyEvidence(
  configuration: Configuration,
  environment: Environment,
  onProgress?: (entries: number) => void,
): Promise<VerifiedEvidence> {
  const view = await openEvidenceView(configuration, environment);
  try {
    const report = await verifyLedger(view, ({ entries }) => onProgress?.(entries));
    return { ...report, head: view.head };
  } finally {
    await view.close();
  }
}

/** Reads and compiles policies and manifests. Fails with `POLICY_INVALID`, every mistake in the message. */
export async function loadRules(configuration: Configuration): Promise<Ruleset> {
  const { mode, limits, risk, guards, rules, policyFiles, servers, trust } = configuration;
  const settings = { mode, limits, risk, guards };
  const agents = agentsOf(configuration);
  const { rego } = configuration;
  const sources = { rules, policyFiles, rego, servers, agents, trust, settings, resolvePath };
  const { ruleset, diagnostics } = await loadRuleset(sources, sha256);
  if (ruleset !== undefined) return ruleset;
  throw new AegisError('POLICY_INVALID', formatDiagnostics('the policy', diagnostics));
}

/** Every agent that the configuration knows, each with the file of its manifest. */
function agentsOf({ agents, stdioAgent, stdioManifest, daemon }: Configuration) {
  const { anonymous } = daemon;
  return [
    ...agents.filter(({ name }) => name !== stdioAgent),
    { name: stdioAgent, ...(stdioManifest === undefined ? {} : { manifest: stdioManifest }) },
    ...(anonymous === undefined || anonymous === stdioAgent ? [] : [{ name: anonymous }]),
  ];
}

/**
 * What the ledger says of every tool and prompt that was ever offered, by server and name; nothing is
 * written, and without a ledger there is nothing. Fails with `STORE_UNAVAILABLE`.
 */
export async function readPinned(
  configuration: Configuration,
  environment: Environment,
): Promise<readonly Pin[]> {
  const { store } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) return [];
  const view = await openEvidenceView(configuration, environment);
  try {
    const rows: StoredPin[] = [];
    for await (const row of view.pins()) rows.push(row);
    const sortKey = ({ server, kind, name }: Pin): string => `${server}\n${kind}\n${name}`;
    return (await readPins(rows, view, sha256)).toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  } finally {
    await view.close();
  }
}

/**
 * Puts what was offered into force, exactly as it stands in `pins`, on the word of a person. Fails with
 * `STORE_UNAVAILABLE` when it cannot be recorded, or something else is in force by now.
 */
export async function acceptOffered(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  pins: readonly Pin[],
  by: string,
): Promise<void> {
  const ledger = await openEvidence(configuration, environment, () => {});
  const pinned = new SessionPinLedger(sessionPorts(ledger), rules.policy.digest, ownCaller(by));
  try {
    const [first, ...others] = pins.flatMap((pin) => acceptanceOf(pin, by) ?? []);
    if (first !== undefined) await pinned.record([first, ...others]);
  } finally {
    await pinned.close('the person is done');
    await ledger.close();
  }
}

/** What sessions are recorded with. */
function sessionPorts(ledger: SealedLedger): SessionPorts {
  return {
    clock: systemClock,
    ids: createIds(systemClock),
    store: ledger,
    sha256,
    utf8,
    durability: ledger.durability,
    snapshots: createSnapshotCache(ledger, ledger.mac),
  };
}

/**
 * Puts a new signing key in place of the one in force; both sign for `overlapMs` milliseconds. Fails with
 * `STORE_UNAVAILABLE`.
 */
export async function rotateLedgerKey(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  { overlapMs, by }: { readonly overlapMs: number; readonly by: string },
): Promise<Rotation> {
  const ledger = await openEvidence(configuration, environment, () => {});
  const session = new OwnSession(sessionPorts(ledger), rules.policy.digest, ownCaller(by));
  try {
    return await rotateKey(
      {
        folder: keyFolderOf(configuration),
        clock: systemClock,
        record: (draft) => session.record([draft]),
        sealNow: () => ledger.sealNow(),
      },
      overlapMs,
    );
  } finally {
    await session.close('the key is in place');
    // Closing seals and signs the end of the session: with the new key, and the old one while they overlap.
    await ledger.close();
  }
}

/**
 * Goes on with a ledger that does not reach what was signed of it, in the next epoch, on the word of a
 * person. Gives the epoch. Fails with `INPUT_INVALID` when nothing is missing.
 */
export function acceptRestoredLedger(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
): Promise<number> {
  return beginEpoch(configuration, environment, rules, acceptance, acceptRestored);
}

/**
 * Goes on with a ledger whose keys are lost, with a new key and in the next epoch, on the word of a person.
 * Gives the new key as a line of text. Fails with `INPUT_INVALID` when the keys are there.
 */
export function replaceLostLedgerKeys(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
): Promise<string> {
  return beginEpoch(configuration, environment, rules, acceptance, replaceLostKeys);
}

/** Records the end of an epoch in the bare store, begins the next one, and signs what is there in it. */
async function beginEpoch<T>(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
  begin: (ports: EpochPorts, acceptance: Acceptance) => Promise<T>,
): Promise<T> {
  const store = await openStore(configuration, environment);
  let result: T;
  try {
    const ports = {
      clock: systemClock,
      ids: createIds(systemClock),
      store,
      sha256,
      utf8,
      durability: store.durability,
    };
    const session = new OwnSession(ports, rules.policy.digest, ownCaller(acceptance.by));
    try {
      result = await begin(
        {
          trees: store.trees,
          folder: keyFolderOf(configuration),
          clock: systemClock,
          record: (drafts) => session.record(drafts),
        },
        acceptance,
      );
    } finally {
      await session.close('the next epoch has begun');
    }
  } finally {
    await store.close();
  }
  const ledger = await openEvidence(configuration, environment, () => {});
  try {
    await ledger.sealNow();
  } finally {
    await ledger.close();
  }
  return result;
}

export { type OpenWitness, openWitness, type WitnessOptions };

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
  ledger: SealedLedger,
  rules: Ruleset,
  environment: Environment,
): Promise<Gateway> {
  const secrets = watchSecrets(createSecretStore({ environment, directory: configuration.directory }));
  const ports = {
    secrets,
    path: environment['PATH'],
    client: { name: 'aegis', version: VERSION },
    reaper: createReaper(),
    refused: (server: string, method: string) => refusals.refused(server, method),
  };
  const upstreams = configuration.servers.map((server) => {
    // What a server asks of a client must reach that client and no other.
    const requests = rules.manifests.get(server.name)?.clientRequests ?? new Set();
    const isolated = server.isolated || requests.size > 0;
    return createUpstream({ ...server, isolated, asks: capabilitiesFor(requests) }, ports);
  });
  const onlyRouted = configuration.servers.filter((server) => server.onlyRouted).map(({ name }) => name);
  const sessions = sessionPorts(ledger);
  const pinLedger = new SessionPinLedger(sessions, rules.policy.digest);
  const pins = new Pins({
    ledger: pinLedger,
    clock: systemClock,
    firstSight: configuration.firstSight,
    ...(configuration.suspectDefinitions === 'quarantine' ? { suspicion: suspicionOf } : {}),
    shadow: () => rules.policy.settings.mode === 'shadow',
  });
  const catalogue = new Catalogue(upstreams, compileRoutes(configuration.routes, onlyRouted), pins);
  const inspectPlatform = await createInspection(configuration.servers, configuration.directory, rules);
  const kernel = new EnforcementKernel(
    {
      ...sessions,
      approver: nobody,
      inspect: inspectPlatform,
      definition: (resource) => pins.fact(resource),
      known: () => secrets.known(),
      upstream: (name) => upstreams.find((upstream) => upstream.name === name),
    },
    rules,
  );
  const refusals = new UpstreamRefusals((...refusal) => kernel.refuse(...refusal));
  await takeOverSessions(ledger, sessions);
  await catalogue.start(SERVERS_DEADLINE_MS);
  return {
    kernel,
    catalogue,
    secrets,
    servers: () => catalogue.servers(),
    readiness: [
      { name: 'ledger', problem: () => ledger.problem() },
      { name: 'pins', problem: () => pins.problem() },
      ...configuration.servers.map(({ name }) => ({
        name: `server ${name}`,
        problem: () => catalogue.servers().find((server) => server.name === name)?.problem,
      })),
    ],
    close: async () => {
      await refusals.close();
      await kernel.closeAll('Aegis was stopped');
      await catalogue.close();
      await pins.close();
      await pinLedger.close('Aegis was stopped');
    },
  };
}

/** Takes up the sessions of processes that are gone, now and from now on. */
async function takeOverSessions(ledger: SealedLedger, ports: SessionPorts): Promise<void> {
  await ledger.lease.recoverWith(async (places) => {
    const unrecovered = await recoverSessions(ports, places);
    for (const { place, why } of unrecovered) {
      ledger.warn(`session \`${place.session}\` of a process that is gone: ${why}`);
    }
    return unrecovered.map(({ place }) => place);
  });
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

/** Every inspector, with relative paths read from a folder. */
export function openInspectors(baseDir: string): Promise<InspectPlatform> {
  const dialects: readonly SqlDialect[] = ['postgresql', 'sqlite', 'mysql'];
  return createInspectPlatform({ baseDir, homeDir: homedir(), dialects, shell: true });
}

/** A tool call as a person describes it on the command line. */
export interface DescribedCall {
  readonly server: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly agent: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** Decides a tool call as in a new session, without running or recording it, and says why. */
export async function explainCall(
  configuration: Configuration,
  rules: Ruleset,
  environment: Environment,
  { server, tool: name, args, agent, atMs }: DescribedCall,
): Promise<Pick<CaseResult, 'facts' | 'explanation'>> {
  const host = await openCaseHost(configuration, rules);
  const definition = await recordedDefinition(configuration, environment, { kind: 'tool', server, name });
  return runCase(
    { ...host, definition },
    {
      name,
      call: { server, kind: 'tool', name, method: 'tools/call', agent, tenant: undefined, args },
      session: { steps: 0, toolCalls: 0, denied: 0, identicalCalls: 0, ageMs: 0 },
      atMs,
      expect: { effect: 'allow' },
      at: { file: configuration.file, line: 1, column: 1 },
    },
  );
}

/** What cases of a policy are tried in: the rules, and the inspectors as the kernel has them. */
export async function openCaseHost(configuration: Configuration, rules: Ruleset): Promise<CaseHost> {
  const { agents, servers, directory, stdioAgent } = configuration;
  return {
    ...rules,
    inspect: await createInspection(servers, directory, rules),
    defaultAgent: stdioAgent,
    tenantOf: (agent) => agents.find(({ name }) => name === agent)?.tenant ?? 'default',
    nowMs: systemClock.now(),
  };
}

/** What the ledger says of a definition; undefined where it says nothing, or cannot be read. */
async function recordedDefinition(
  configuration: Configuration,
  environment: Environment,
  { server, kind, name }: Resource,
): Promise<DefinitionFact | undefined> {
  const pins = await readPinned(configuration, environment).catch(() => []);
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
