import { dirname, resolve } from 'node:path';
import {
  type AgentGrant,
  type AgentManifest,
  canonicalJson,
  type CompiledPolicy,
  compilePolicy,
  type Diagnostic,
  type JsonValue,
  type PolicySettings,
  type ReceiptDefinition,
  readDocument,
  readManifest,
  linkManifests,
  type PlacedManifest,
  type ServerManifest,
  type Sha256,
  type SourceDocument,
  sortDiagnostics,
  type WrittenPart,
} from '@aegis/core';
import type { SecretReference, SecretStore } from '../ports.ts';
import { loadAgentManifests, type NamedAgent, type Trust } from './agent-manifests.ts';
import type { CedarSources } from './cedar/load.ts';
import { type Consult, loadModules } from './modules.ts';
import type { OpaSources } from './opa/load.ts';
import { type LayerFiles, type PolicyParts, readPolicyTexts } from './policy-texts.ts';
import type { RegoSources } from './rego.ts';
import type { Snapshots } from './snapshots.ts';
import { type ReadText, readDisk } from './texts.ts';

interface NamedServer {
  readonly name: string;
  readonly manifest?: string;
  /** What it works with; those that are references to credentials count. */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  readonly headers?: Readonly<Record<string, string | SecretReference>>;
}

export interface RulesetSources {
  /** Rules that stand in the configuration itself; they come first. */
  readonly rules: WrittenPart | undefined;
  readonly policyFiles: readonly string[];
  /** Further policies, each with its files by absolute path. */
  readonly layers?: readonly LayerFiles[];
  /** Who keeps the tokens of services. */
  readonly secrets?: Pick<SecretStore, 'resolve'> | undefined;
  /** Where what was read of large policies is kept; absent: nowhere. */
  readonly snapshots?: Snapshots | undefined;
  readonly rego?: RegoSources | undefined;
  readonly cedar?: CedarSources | undefined;
  readonly opa?: OpaSources | undefined;
  readonly servers: readonly NamedServer[];
  readonly agents: readonly NamedAgent[];
  readonly trust: Trust;
  readonly settings: Omit<PolicySettings, 'manifestsDigest'>;
  /** Real path of an absolute one: rules and roots are held against real paths. */
  readonly resolvePath: (path: string) => string;
  /** Where the texts come from; default: from the disk. */
  readonly readText?: ReadText;
}

export interface LoadedRuleset {
  readonly policy: CompiledPolicy;
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  readonly agent: (name: string) => AgentGrant | undefined;
  readonly credentials: ReadonlyMap<string, readonly string[]>;
  readonly mints: ReadonlyMap<string, ReadonlyMap<string, readonly ReceiptDefinition[]>>;
  readonly consult: Consult;
  /** Ends what modules run in, after what is under way there. */
  readonly close: () => Promise<void>;
}

/**
 * Reads every policy file and manifest and compiles them to one ruleset. All that is wrong in all
 * files is reported together, and then there is no ruleset.
 */
export async function loadRuleset(
  sources: RulesetSources,
  sha256: Sha256,
): Promise<{ readonly ruleset?: LoadedRuleset; readonly diagnostics: readonly Diagnostic[] }> {
  const { resolvePath, readText = readDisk } = sources;
  const diagnostics: Diagnostic[] = [];
  const readSource = async (file: string): Promise<SourceDocument | undefined> => {
    const text = await readFileText(file, readText, diagnostics);
    return text === undefined ? undefined : readDocument({ text, file });
  };
  const placed: PlacedManifest[] = [];
  const manifestValues: Record<string, JsonValue> = {};
  for (const { name, manifest: file } of sources.servers) {
    if (file === undefined) continue;
    const document = await readSource(file);
    if (document === undefined) continue;
    const found = readManifest(document, { resolve: (path) => resolvePath(resolve(dirname(file), path)) });
    diagnostics.push(...found.diagnostics);
    if (found.manifest === undefined) continue;
    if (found.manifest.server === name) {
      placed.push({ manifest: found.manifest, document });
      manifestValues[name] = document.value ?? null;
    } else {
      diagnostics.push({
        code: 'wrong-server',
        message: `this manifest is for \`${found.manifest.server}\`, but server \`${name}\` names it`,
        at: document.positionOf(['server'], 'value'),
      });
    }
  }
  const texts = await readPolicyTexts(sources, {
    read: (file) => readFileText(file, readText, diagnostics),
    resolvePath,
    sha256,
  });
  const linked = linkManifests(placed);
  const agents = await loadAgentManifests(sources.agents, sources.trust, {
    read: (file) => readFileText(file, readText, diagnostics),
    readText,
    resolvePath,
    sha256,
    diagnostics,
  });
  const covered: JsonValue =
    Object.keys(agents.values).length === 0 ? manifestValues : [manifestValues, agents.values];
  const settings = { ...sources.settings, manifestsDigest: sha256(canonicalJson(covered)) };
  const { modules, consult, close } = await loadModules(sources, {
    read: readSource,
    readText,
    sha256,
    diagnostics,
    secrets: sources.secrets,
  });
  const compile = (parts: PolicyParts) => compilePolicy({ ...parts, settings, modules, sha256 });
  const restored = texts.restored && compile(texts.restored);
  const compiled = restored?.policy === undefined ? compile(texts.written()) : restored;
  diagnostics.push(...linked.diagnostics, ...compiled.diagnostics);
  for (const { name, requires, at } of compiled.policy?.rules ?? []) {
    for (const receipt of requires) {
      if (linked.receipts.has(receipt)) continue;
      const message = `rule \`${name}\` requires the receipt \`${receipt}\`, which no manifest defines`;
      diagnostics.push({ code: 'unknown-receipt', message, at });
    }
  }
  if (compiled.policy === undefined || diagnostics.length > 0) {
    await close();
    return { diagnostics: sortDiagnostics(diagnostics) };
  }
  if (compiled !== restored) await texts.keep(compiled.policy);
  const ruleset = {
    policy: compiled.policy,
    manifests: linked.manifests,
    receipts: linked.receipts,
    agent: grants(agents.manifests, sources.trust),
    credentials: new Map(sources.servers.map((server) => [server.name, credentialsOf(server)])),
    mints: byTool(linked.receipts.values()),
    consult,
    close,
  };
  return { ruleset, diagnostics };
}

/** SECURITY: in `prod` whoever has no manifest is granted nothing. */
function grants(
  manifests: ReadonlyMap<string, AgentManifest>,
  { mode }: Trust,
): (name: string) => AgentGrant | undefined {
  return (name) => manifests.get(name) ?? (mode === 'prod' ? 'nothing' : undefined);
}

function credentialsOf({ env = {}, headers = {} }: NamedServer): readonly string[] {
  return [...Object.values(env), ...Object.values(headers)].flatMap((value) =>
    typeof value === 'string' ? [] : Object.values<string>(value),
  );
}

async function readFileText(
  file: string,
  readText: ReadText,
  diagnostics: Diagnostic[],
): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    diagnostics.push({
      code: 'unreadable',
      message: `cannot read \`${file}\`: ${why}`,
      at: { file, line: 1, column: 1 },
    });
    return undefined;
  }
}

function byTool(
  receipts: Iterable<ReceiptDefinition>,
): ReadonlyMap<string, ReadonlyMap<string, readonly ReceiptDefinition[]>> {
  const servers = new Map<string, Map<string, ReceiptDefinition[]>>();
  for (const receipt of receipts) {
    const tools = servers.get(receipt.server) ?? new Map<string, ReceiptDefinition[]>();
    servers.set(receipt.server, tools);
    tools.set(receipt.mintedBy, [...(tools.get(receipt.mintedBy) ?? []), receipt]);
  }
  return servers;
}
