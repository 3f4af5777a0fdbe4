import { createHash } from 'node:crypto';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { ReceiptDefinition, ServerManifest, ToolManifest } from '../../src/manifest/manifest.ts';
import type { Capability } from '../../src/model/capability.ts';
import type { Facts, Finding } from '../../src/model/finding.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ResourceKind } from '../../src/model/request.ts';
import type { TaintFact } from '../../src/model/taint.ts';
import { type CompiledPolicy, compilePolicy } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS, type PolicyLimits, type PolicySettings } from '../../src/policy/settings.ts';
import type { Snapshot } from '../../src/session/snapshot.ts';
import { readDocument, type SourceFormat } from '../../src/source/document.ts';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export const NOW = 1_800_000_000_000;

/** A call as a test describes it; everything that is not named is harmless. */
export interface CallSketch {
  readonly tool?: string;
  readonly kind?: ResourceKind;
  readonly server?: string;
  readonly agent?: string;
  readonly tenant?: string;
  readonly method?: string;
  readonly args?: JsonObject;
  readonly paths?: readonly string[];
  readonly hosts?: readonly string[];
  readonly capabilities?: readonly Capability[];
  readonly findings?: readonly Partial<Finding>[];
  /** Of what the arguments hold, each in an argument that decides something. */
  readonly labels?: readonly string[];
  readonly contents?: Facts['contents'];
  readonly snapshot?: Partial<Snapshot>;
  readonly manifest?: ServerManifest;
  readonly receipts?: readonly ReceiptDefinition[];
  readonly nowMs?: number;
}

const FINDING: Finding = {
  id: 'sql.drop',
  at: '/sql',
  severity: 'high',
  message: 'the statement drops a table',
};

function taintOf(label: string): TaintFact {
  return { at: `/${label}`, labels: [label], from: ['call_0'], agreement: 'value', use: 'authority' };
}

export function call(sketch: CallSketch = {}): DecisionInput {
  const { server = 'files', agent = 'ada', tenant = 'acme' } = sketch;
  return {
    request: {
      id: 'call_1',
      subject: { tenant, agent, user: agent, session: 'ses_1' },
      action: { method: sketch.method ?? 'tools/call', door: 'mcp-stdio' },
      resource: { kind: sketch.kind ?? 'tool', server, name: sketch.tool ?? 'read_file' },
      args: sketch.args ?? {},
      nowMs: sketch.nowMs ?? NOW,
    },
    facts: {
      capabilities: sketch.capabilities ?? ['fs.read'],
      findings: (sketch.findings ?? []).map((finding) => Object.assign({}, FINDING, finding)),
      paths: (sketch.paths ?? []).map((real) => ({ given: real, real })),
      urls: (sketch.hosts ?? []).map((host) => ({
        href: `https://${host}/`,
        scheme: 'https',
        host,
        internal: false,
      })),
      contents: sketch.contents ?? [],
      ...(sketch.labels === undefined
        ? {}
        : { taint: { taints: sketch.labels.map(taintOf), declassified: [] } }),
    },
    snapshot: {
      tenant,
      session: 'ses_1',
      agent,
      user: agent,
      startedAtMs: NOW - 1000,
      onBehalfOf: [],
      events: 1,
      steps: 0,
      toolCalls: 0,
      denied: 0,
      exposed: false,
      recentCalls: [],
      outcomes: [],
      lastAllowedAtMs: 0,
      deeds: [],
      modelCalls: 0,
      openModels: [],
      modelUsage: [],
      receipts: [],
      openCalls: new Map(),
      terminated: false,
      ...sketch.snapshot,
    },
    server: sketch.manifest,
    receipts: new Map((sketch.receipts ?? []).map((receipt) => [receipt.name, receipt])),
    callFingerprint: 'fingerprint',
  };
}

export function manifest(
  tools: readonly (Partial<ToolManifest> & { readonly name: string })[],
  rest: Partial<ServerManifest> = {},
): ServerManifest {
  return {
    server: 'files',
    tools: new Map(
      tools.map((tool) => [tool.name, { capabilities: [], args: new Map(), requires: [], ...tool } as const]),
    ),
    receipts: [],
    clientRequests: new Set(),
    protectedTables: [],
    ...rest,
  };
}

export interface SettingsSketch {
  readonly mode?: PolicySettings['mode'];
  readonly risk?: PolicySettings['risk'];
  readonly limits?: Partial<PolicyLimits>;
  readonly manifestsDigest?: string;
  readonly guards?: PolicySettings['guards'];
  readonly taint?: NonNullable<PolicySettings['taint']>;
  readonly loops?: NonNullable<PolicySettings['loops']>;
  readonly rates?: NonNullable<PolicySettings['rates']>;
  readonly sequences?: NonNullable<PolicySettings['sequences']>;
}

/** Compiles the `policies` of a text in one part, and reports. */
export function compileText(text: string, sketch: SettingsSketch = {}, format: SourceFormat = 'toml') {
  const document = readDocument({ text, file: `policy.${format}`, format });
  const { guards, ...others } = sketch;
  const settings = {
    ...DEFAULT_SETTINGS,
    ...others,
    ...(guards === undefined ? {} : { guards }),
    limits: { ...DEFAULT_SETTINGS.limits, ...sketch.limits },
  };
  return compilePolicy({ parts: [{ document, path: ['policies'] }], settings, sha256 });
}

/** Compiles rules given as data; throws when they have a fault. */
export function policyOf(rules: readonly JsonObject[], sketch: SettingsSketch = {}): CompiledPolicy {
  const { policy, diagnostics } = compileText(JSON.stringify({ policies: rules }), sketch, 'json');
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics, null, 2));
  return policy;
}

export const ALLOW_ALL: JsonObject = { name: 'all', action: 'allow' };
