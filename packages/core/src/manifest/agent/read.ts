import { type Diagnostic, sortDiagnostics } from '../../diagnostic.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { globTest, MAX_PATTERN_LENGTH, parseGlob, type TextTest } from '../../policy/glob.ts';
import { quote } from '../../policy/quote.ts';
import type { SourceDocument } from '../../source/document.ts';
import {
  fault,
  type Report,
  readBoolean,
  readCount,
  readLine,
  readSet,
  readString,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import type { ManifestOptions } from '../read.ts';
import { AGENT_MANIFEST_SCHEMA, type AgentBudgets, type AgentManifest } from './manifest.ts';
import { readExec } from './read-exec.ts';
import { readIntegrity } from './read-integrity.ts';

const MAX_LINE = 256;
const MAX_PATH = 4096;

/** Reads the manifest of an agent. Everything wrong with it is reported at once; then there is none. */
export function readAgentManifest(
  document: SourceDocument,
  options: ManifestOptions,
): { readonly manifest?: AgentManifest; readonly diagnostics: readonly Diagnostic[] } {
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  const manifest = document.value === undefined ? undefined : readWhole(report, document.value, options);
  return report.diagnostics.length > 0 || manifest === undefined
    ? { diagnostics: sortDiagnostics(report.diagnostics) }
    : { manifest, diagnostics: [] };
}

const KEYS = ['$schema', 'schema', 'name', 'version', 'publisher', 'permissions', 'sandbox', 'integrity'];

function readWhole(report: Report, value: JsonValue, options: ManifestOptions): AgentManifest | undefined {
  const table = readTable(report, [], value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, [], table, KEYS);
  const line = (key: string): string | undefined =>
    table[key] === undefined
      ? fault(report, [], 'missing-key', `an agent manifest needs \`${key}\``)
      : readLine(report, [key], table[key], MAX_LINE);
  const schema = line('schema');
  if (schema !== undefined && schema !== AGENT_MANIFEST_SCHEMA) {
    const help = `this version reads \`${AGENT_MANIFEST_SCHEMA}\``;
    fault(report, ['schema'], 'unknown-value', `unknown schema ${quote(schema)}`, { help });
  }
  const name = line('name');
  const version = line('version');
  const publisher = line('publisher');
  const permissions = readPermissions(report, table['permissions'], options);
  const sandboxed = readSandbox(report, table['sandbox']);
  const integrity = readIntegrity(report, table['integrity']);
  if (name === undefined || version === undefined || publisher === undefined) return undefined;
  return permissions && { name, version, publisher, ...permissions, sandboxed, integrity, written: table };
}

type Permissions = Omit<
  AgentManifest,
  'name' | 'version' | 'publisher' | 'sandboxed' | 'integrity' | 'written'
>;

function readPermissions(
  report: Report,
  value: JsonValue | undefined,
  options: ManifestOptions,
): Permissions | undefined {
  const at = ['permissions'];
  if (value === undefined) {
    return fault(report, [], 'missing-key', 'an agent manifest needs `permissions`', {
      help: 'write `permissions: {}` for an agent that may do nothing',
    });
  }
  const table = readTable(report, at, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, at, table, [
    'tools',
    'net',
    'fs',
    'exec',
    'secrets',
    'approval_required',
    'budgets',
  ]);
  const net = section(report, [...at, 'net'], table['net'], ['domains']);
  const fs = section(report, [...at, 'fs'], table['fs'], ['read_roots', 'write_roots']);
  const domainNames = lines(report, [...at, 'net', 'domains'], net['domains'], MAX_LINE);
  const exec = readExec(report, [...at, 'exec'], table['exec']);
  return {
    tools: globs(report, [...at, 'tools'], table['tools']),
    domains: globs(report, [...at, 'net', 'domains'], net['domains'], (text) => text.toLowerCase()),
    domainNames,
    readRoots: roots(report, [...at, 'fs', 'read_roots'], fs['read_roots'], options),
    writeRoots: roots(report, [...at, 'fs', 'write_roots'], fs['write_roots'], options),
    ...(exec === undefined ? {} : { exec }),
    secrets: new Set(lines(report, [...at, 'secrets'], table['secrets'], MAX_LINE)),
    approvalRequired: globs(report, [...at, 'approval_required'], table['approval_required']),
    budgets: readBudgets(report, [...at, 'budgets'], table['budgets']),
  };
}

/** A table that may be left out; without unknown keys. */
function section(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
  keys: readonly string[],
): JsonObject {
  const table = value === undefined ? undefined : readTable(report, path, value);
  if (table === undefined) return {};
  refuseUnknownKeys(report, path, table, keys);
  return table;
}

function lines(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
  longest: number,
): readonly string[] {
  if (value === undefined) return [];
  return readSet(report, path, value, (at, text) => readLine(report, at, text, longest));
}

function globs(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
  adapt: (text: string) => string = (text) => text,
): readonly TextTest[] {
  if (!Array.isArray(value)) return value === undefined ? [] : (lines(report, path, value, MAX_LINE), []);
  return value.flatMap((item: JsonValue, index): readonly TextTest[] => {
    const text = readString(report, [...path, index], item);
    if (text === undefined) return [];
    const glob = text.length > MAX_PATTERN_LENGTH || text === '' ? undefined : parseGlob(adapt(text));
    if (glob !== undefined) return [globTest(glob)];
    return fault(report, [...path, index], 'bad-pattern', `${quote(text)} is not a glob`) ?? [];
  });
}

function roots(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
  { resolve }: ManifestOptions,
): readonly string[] {
  return lines(report, path, value, MAX_PATH).flatMap((root) => {
    try {
      return [resolve(root)];
    } catch {
      return fault(report, path, 'bad-path', `the path ${quote(root)} cannot be resolved`) ?? [];
    }
  });
}

const BUDGETS = {
  max_steps: ['maxSteps', 1_000_000_000],
  max_tool_calls: ['maxToolCalls', 1_000_000_000],
  max_wall_time_ms: ['maxWallTimeMs', 1_000_000_000],
  max_output_bytes: ['maxOutputBytes', 1_073_741_824],
  timeout_ms: ['timeoutMs', 3_600_000],
  max_model_calls: ['maxModelCalls', 1_000_000_000],
} as const;

function readBudgets(report: Report, path: SourcePath, value: JsonValue | undefined): AgentBudgets {
  const table = value === undefined ? undefined : readTable(report, path, value);
  if (table === undefined) return {};
  refuseUnknownKeys(report, path, table, Object.keys(BUDGETS));
  const budgets: Record<string, number> = {};
  for (const [key, [name, most]] of Object.entries(BUDGETS)) {
    const written = table[key];
    const read = written === undefined ? undefined : readCount(report, [...path, key], written, most);
    if (read !== undefined) budgets[name] = read;
  }
  return budgets;
}

const UNBUILT = {
  image: 'programs do not run in images in this version',
  mounts: 'programs do not run in images in this version',
};

function readSandbox(report: Report, value: JsonValue | undefined): boolean {
  const table = value === undefined ? undefined : readTable(report, ['sandbox'], value);
  if (table === undefined) return false;
  refuseUnknownKeys(report, ['sandbox'], table, ['required'], UNBUILT);
  const { required } = table;
  return required === undefined ? false : (readBoolean(report, ['sandbox', 'required'], required) ?? true);
}
