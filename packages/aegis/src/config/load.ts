import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  AegisError,
  DEFAULT_SETTINGS,
  type Diagnostic,
  type SourceDocument,
  sortDiagnostics,
} from '@aegis/core';
import type { Configuration } from './configuration.ts';
import type { ConfiguredAgent, ConfiguredServer } from './configured/parties.ts';
import type { ConfiguredLayer } from './configured/policy.ts';
import { readAgents } from './agents.ts';
import { readApprovals } from './approvals.ts';
import { readCedar } from './cedar.ts';
import { readDaemon } from './daemon.ts';
import { diagnose } from './diagnose.ts';
import { environment } from './environment.ts';
import { type Flags, readConfigurationDocument } from './flat/flat.ts';
import { readClassifier, readGuards } from './guards.ts';
import { readLedger, readStore } from './ledger.ts';
import { readOAuth } from './oauth.ts';
import { readOidc } from './oidc.ts';
import { readOpa } from './opa.ts';
import { readRego } from './rego.ts';
import { readPeople } from './people.ts';
import { readModels } from './models.ts';
import { readLoops } from './loops.ts';
import { readRates } from './rates.ts';
import { type Report, readRoutes } from './routes.ts';
import { readSequences } from './sequences.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { readTaint } from './taint.ts';
import { readTrust } from './trust.ts';
import { readTelemetry } from './telemetry.ts';
import { readVault } from './vault.ts';
import { type ConfigurationFile, configurationSchema, type ServerEntry } from './schema.ts';

export interface LoadedConfiguration {
  readonly configuration?: Configuration;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks the configuration file, with `flags` in place of what it says and what holds around it; rules and manifests are read elsewhere. */
export async function loadConfiguration(
  file: string,
  flags?: Flags,
  surroundings: Surroundings = surroundingsOf(environment()),
): Promise<LoadedConfiguration> {
  return readConfiguration(file, await textOf(file), flags, surroundings);
}

async function textOf(file: string): Promise<string> {
  try {
    if (!DESCRIPTOR.test(resolve(file)) && (await stat(file)).isFile()) return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${code ?? 'unknown error'}`);
  }
  throw new AegisError('FILE_UNREADABLE', `\`${file}\` is no regular file`, {
    why: 'what a configuration names is looked for beside it, and what is kept is kept there',
    help: 'save the configuration as a file',
  });
}

/** A file that is open already has no folder in which the ledger and the keys could be kept. */
const DESCRIPTOR = /^\/(?:dev|proc)\//;

/** Checks the text of a configuration as if it stood in the file. */
export function readConfiguration(
  file: string,
  text: string,
  flags?: Flags,
  surroundings?: Surroundings,
): LoadedConfiguration {
  const document = readConfigurationDocument({ text, file }, flags, surroundings);
  if (document.value === undefined) return { diagnostics: document.diagnostics };
  const parsed = configurationSchema.safeParse(document.value);
  if (!parsed.success) {
    const found = diagnose(document, parsed.error, configurationSchema);
    return { diagnostics: sortDiagnostics([...document.diagnostics, ...found]) };
  }
  const check = new Check(document);
  const configuration = {
    ...complete(file, parsed.data, check),
    text,
    ...(flags === undefined ? {} : { flags }),
    ...(surroundings === undefined || isEmpty(surroundings) ? {} : { surroundings }),
  };
  const diagnostics = sortDiagnostics([...document.diagnostics, ...check.diagnostics]);
  return diagnostics.length > 0 ? { diagnostics } : { configuration, diagnostics };
}

function isEmpty({ variables, defaults }: Surroundings): boolean {
  return variables.length + defaults.length === 0;
}

/** Collects what the schema alone cannot see. */
class Check {
  readonly diagnostics: Diagnostic[] = [];
  readonly document: SourceDocument;

  constructor(document: SourceDocument) {
    this.document = document;
  }

  report(code: string, path: readonly (string | number)[], message: string, help?: string): void {
    const at = this.document.positionOf(path, 'value');
    this.diagnostics.push({ code, message, at, ...(help === undefined ? {} : { help }) });
  }

  unique(list: 'servers' | 'agents' | 'people' | 'layers', names: readonly string[]): void {
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) {
        this.report(
          'duplicate-name',
          [list, index, 'name'],
          `\`${name}\` is already the name of another entry`,
        );
      }
    });
  }
}

function complete(file: string, data: ConfigurationFile, check: Check): Omit<Configuration, 'text'> {
  const directory = dirname(file);
  const servers = (data.servers ?? []).map((entry, index) => serverOf(entry, index, directory, check));
  check.unique(
    'servers',
    servers.map((server) => server.name),
  );
  const report: Report = (...fault) => check.report(...fault);
  const routing = readRoutes(data.routes ?? [], servers, report);
  for (const { name, url } of routing.undeclared) {
    servers.push({ ...serverOf({ name, url }, servers.length, directory, check), onlyRouted: true });
  }
  const agents = readAgents(
    data.agents ?? [],
    { clientRoots: data.daemon?.tls?.client_ca !== undefined, oauth: data.oauth !== undefined },
    directory,
    report,
  );
  check.unique(
    'agents',
    agents.map((agent) => agent.name),
  );
  const people = readPeople(data.people ?? [], report);
  check.unique(
    'people',
    people.map((one) => one.name),
  );
  const daemon = readDaemon(data.daemon ?? {}, { agents, people }, directory, report);
  const opa = data.opa && readOpa(data.opa, directory, check.document, report);
  const { limits } = DEFAULT_SETTINGS;
  return {
    file,
    directory,
    mode: data.mode ?? 'enforce',
    daemon,
    log: { level: data.log?.level ?? 'info', format: data.log?.format ?? 'text' },
    ...stdioOf(data, agents, directory, check),
    trust: readTrust(data.trust_mode ?? 'dev', data.trust, directory),
    store: readStore(data.store ?? {}, directory, report),
    ledger: readLedger(data.ledger ?? {}, directory, report),
    vault: readVault(data.vault ?? {}, directory, report),
    approvals: readApprovals(data.approvals ?? {}, report),
    telemetry: readTelemetry(
      data.telemetry ?? {},
      data.alerts ?? [],
      { directory, host: daemon.host },
      report,
    ),
    limits: {
      maxSteps: data.limits?.max_steps ?? limits.maxSteps,
      maxToolCalls: data.limits?.max_tool_calls ?? limits.maxToolCalls,
      maxWallTimeMs: data.limits?.max_wall_time_ms ?? limits.maxWallTimeMs,
      maxIdenticalCalls: data.limits?.max_identical_calls ?? limits.maxIdenticalCalls,
      timeoutMs: data.limits?.timeout_ms ?? limits.timeoutMs,
      maxOutputBytes: data.limits?.max_output_bytes ?? limits.maxOutputBytes,
    },
    firstSight: data.tools?.first_sight ?? 'pin',
    suspectDefinitions: data.guards?.definitions ?? 'quarantine',
    risk: data.risk ?? {},
    guards: readGuards(data.guards ?? {}, report),
    ...readClassifier(data.guards ?? {}, report),
    ...(data.taint === undefined ? {} : { taint: readTaint(data.taint, servers, report) }),
    ...readModels(data, report),
    rates: readRates(data.rates ?? [], report),
    loops: readLoops(data.loops ?? {}, report),
    sequences: readSequences(data.sequences ?? [], report),
    servers,
    routes: routing.routes,
    agents,
    people,
    ...(data.oauth === undefined ? {} : { oauth: readOAuth(data.oauth, directory, report) }),
    ...(data.oidc === undefined ? {} : { oidc: readOidc(data.oidc, report) }),
    rules: data.policies === undefined ? undefined : { document: check.document, path: ['policies'] },
    layers: layersOf(data, directory, check),
    policyFiles: (data.policy ?? []).map((name) => resolve(directory, name)),
    ...(data.rego === undefined ? {} : { rego: readRego(data.rego, directory, check.document) }),
    ...(data.cedar === undefined ? {} : { cedar: readCedar(data.cedar, directory, check.document) }),
    ...(opa === undefined ? {} : { opa }),
  };
}

function layersOf(
  { layers = [] }: ConfigurationFile,
  directory: string,
  check: Check,
): readonly ConfiguredLayer[] {
  check.unique(
    'layers',
    layers.map(({ name }) => name),
  );
  return layers.map(({ name, mode = 'enforce', policy, agents, tenants }) => ({
    name,
    mode,
    policyFiles: policy.map((file) => resolve(directory, file)),
    ...(agents === undefined ? {} : { agents }),
    ...(tenants === undefined ? {} : { tenants }),
  }));
}

/** SECURITY: an agent has one manifest, whichever way it comes. */
function stdioOf(
  { stdio }: ConfigurationFile,
  agents: readonly ConfiguredAgent[],
  directory: string,
  check: Check,
): Pick<Configuration, 'stdioAgent' | 'stdioManifest'> {
  const stdioAgent = stdio?.agent ?? 'local';
  const own = stdio?.manifest === undefined ? undefined : resolve(directory, stdio.manifest);
  const declared = agents.find(({ name }) => name === stdioAgent);
  if (own !== undefined && (declared?.manifest ?? own) !== own) {
    const message = `the agent \`${stdioAgent}\` has another manifest in \`agents\``;
    check.report('two-manifests', ['stdio', 'manifest'], message, 'name it there alone');
  }
  const manifest = own ?? declared?.manifest;
  return { stdioAgent, ...(manifest === undefined ? {} : { stdioManifest: manifest }) };
}

function serverOf(entry: ServerEntry, index: number, directory: string, check: Check): ConfiguredServer {
  const { name, command, url } = entry;
  const common = {
    name,
    isolated: entry.isolation === 'session',
    ...(entry.era === undefined ? {} : { era: entry.era }),
    ...(entry.manifest === undefined ? {} : { manifest: resolve(directory, entry.manifest) }),
  };
  if ((command === undefined) === (url === undefined)) {
    check.report('bad-server', ['servers', index], `server \`${name}\` needs either \`command\` or \`url\``);
  }
  for (const key of url === undefined ? HTTP_KEYS : STDIO_KEYS) {
    if (entry[key] !== undefined) {
      const kind = url === undefined ? 'a stdio' : 'an HTTP';
      check.report('bad-server', ['servers', index, key], `\`${key}\` means nothing for ${kind} server`);
    }
  }
  if (url !== undefined) {
    const { headers = {}, max_concurrency: maxConcurrency = 32 } = entry;
    return { kind: 'http', ...common, url, headers, maxConcurrency };
  }
  const { cwd, env = {}, idle_ms: idleMs, max_lifetime_ms: maxLifetimeMs } = entry;
  return {
    kind: 'stdio',
    ...common,
    command: (command ?? ['']) as [string, ...string[]],
    cwd: resolve(directory, cwd ?? '.'),
    env,
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(maxLifetimeMs === undefined ? {} : { maxLifetimeMs }),
  };
}

const HTTP_KEYS = ['headers', 'max_concurrency'] as const;
const STDIO_KEYS = ['cwd', 'env', 'idle_ms', 'max_lifetime_ms'] as const;
