import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import { CAPABILITIES, type Capability, RISKS } from '../model/capability.ts';
import { CLIENT_REQUESTS } from '../model/method.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { quote } from '../policy/quote.ts';
import {
  fault,
  type Report,
  readCount,
  readLine,
  readSet,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';
import type { SourceDocument } from '../source/document.ts';
import { readArgumentKind } from './argument-kind.ts';
import type { ArgumentKind, ReceiptRequirement, ServerManifest, ToolManifest } from './manifest.ts';
import { readLabels } from '../taint/read-labels.ts';
import { LOOP_WINDOW } from '../session/snapshot.ts';
import { readReceipts } from './read-receipts.ts';

const MAX_NAME_LENGTH = 256;
const MAX_TEXT_LENGTH = 4096;

export interface ManifestOptions {
  /** Turns a path of the manifest into an absolute, normalised one; a throw is a fault of that path. */
  readonly resolve: (path: string) => string;
}

/** Reads one server's manifest. Everything wrong with it is reported at once; then there is none. */
export function readManifest(
  document: SourceDocument,
  options: ManifestOptions,
): { readonly manifest?: ServerManifest; readonly diagnostics: readonly Diagnostic[] } {
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  const manifest = document.value === undefined ? undefined : readServer(report, document.value, options);
  return report.diagnostics.length > 0 || manifest === undefined
    ? { diagnostics: sortDiagnostics(report.diagnostics) }
    : { manifest, diagnostics: [] };
}

function readServer(report: Report, value: JsonValue, options: ManifestOptions): ServerManifest | undefined {
  const table = readTable(report, [], value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, [], table, [
    'server',
    'tools',
    'receipts',
    'fs',
    'net',
    'client_requests',
    'protected_tables',
    'returns',
  ]);
  const server =
    table['server'] === undefined
      ? fault(report, [], 'missing-key', 'a manifest needs `server`')
      : readLine(report, ['server'], table['server'], MAX_NAME_LENGTH);
  const tools = new Map<string, ToolManifest>();
  for (const [name, entry] of entriesOf(report, ['tools'], table['tools'])) {
    const tool = readTool(report, ['tools', name], name, entry);
    if (tool !== undefined) tools.set(name, tool);
  }
  const fs = readPaths(report, table['fs'], options);
  const net = readDomains(report, table['net']);
  const receipts = readReceipts(report, table['receipts'], server ?? '', tools);
  const clientRequests = table['client_requests'];
  const asks =
    clientRequests === undefined
      ? []
      : readSet(report, ['client_requests'], clientRequests, (at, word) =>
          readWord(report, at, word, CLIENT_REQUESTS),
        );
  const protectedTables = readTexts(report, ['protected_tables'], table['protected_tables']);
  if (server === undefined) return undefined;
  return {
    server,
    tools,
    receipts,
    ...(fs === undefined ? {} : { fs }),
    ...(net === undefined ? {} : { net }),
    clientRequests: new Set(asks),
    protectedTables,
    ...readReturns(report, ['returns'], table['returns']),
  };
}

function readTool(
  report: Report,
  path: SourcePath,
  name: string,
  value: JsonValue,
): ToolManifest | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['capabilities', 'args', 'risk', 'requires', 'polling', 'returns']);
  const at = (key: string): SourcePath => [...path, key];
  const { capabilities: listed, args: named, risk: level, requires } = table;
  const capabilities: readonly Capability[] =
    listed === undefined
      ? (fault(report, path, 'missing-key', 'a tool needs `capabilities`', {
          help: 'write `capabilities: []` for a tool that touches nothing',
        }) ?? [])
      : readSet(report, at('capabilities'), listed, (p, v) => readWord(report, p, v, DECLARABLE));
  const args = new Map<string, ArgumentKind>();
  for (const [argument, kind] of entriesOf(report, at('args'), named)) {
    const read = readArgumentKind(report, [...path, 'args', argument], kind);
    if (read !== undefined) args.set(argument, read);
  }
  const risk = level === undefined ? undefined : readWord(report, at('risk'), level, RISKS);
  const polling =
    table['polling'] === undefined
      ? undefined
      : readCount(report, at('polling'), table['polling'], LOOP_WINDOW);
  return {
    name,
    capabilities,
    args,
    ...(risk === undefined ? {} : { risk }),
    ...(polling === undefined ? {} : { polling }),
    ...readReturns(report, at('returns'), table['returns']),
    requires: requires === undefined ? [] : readRequirements(report, at('requires'), requires),
  };
}

/** `{ labels: [external] }`; an empty list trusts every word. */
function readReturns(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): { readonly returns?: readonly string[] } {
  const table = value === undefined ? undefined : readTable(report, path, value);
  if (table === undefined) return {};
  refuseUnknownKeys(report, path, table, ['labels']);
  const { labels } = table;
  if (labels !== undefined) return { returns: readLabels(report, [...path, 'labels'], labels) };
  return fault(report, path, 'missing-key', '`returns` needs `labels`') ?? {};
}

/** What is declared is classified. */
const DECLARABLE = CAPABILITIES.filter((capability) => capability !== 'unclassified');

/** `[silver]`, or `[{ receipt: silver, subject: dataset }]` where the argument has another name here. */
function readRequirements(report: Report, path: SourcePath, value: JsonValue): readonly ReceiptRequirement[] {
  if (!Array.isArray(value)) {
    return fault(report, path, 'wrong-type', '`requires` must be a list of receipts') ?? [];
  }
  return value.flatMap((entry: JsonValue, index): ReceiptRequirement[] => {
    const at = [...path, index];
    if (typeof entry === 'string') return [{ receipt: entry, subject: '' }];
    const table = readTable(report, at, entry);
    if (table === undefined) return [];
    refuseUnknownKeys(report, at, table, ['receipt', 'subject']);
    const line = (key: string): string | undefined => {
      const text = table[key];
      return text === undefined
        ? fault(report, at, 'missing-key', `a requirement needs \`${key}\``)
        : readLine(report, [...at, key], text, MAX_NAME_LENGTH);
    };
    const receipt = line('receipt');
    const subject = line('subject');
    return receipt === undefined || subject === undefined ? [] : [{ receipt, subject }];
  });
}

function readPaths(
  report: Report,
  value: JsonValue | undefined,
  { resolve }: ManifestOptions,
): ServerManifest['fs'] {
  const table = value === undefined ? undefined : readTable(report, ['fs'], value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, ['fs'], table, ['read_roots', 'write_roots']);
  const roots = (key: string): string[] =>
    readTexts(report, ['fs', key], table[key]).flatMap((root) => {
      try {
        return [resolve(root)];
      } catch {
        return fault(report, ['fs', key], 'bad-path', `the path ${quote(root)} cannot be resolved`) ?? [];
      }
    });
  return { readRoots: roots('read_roots'), writeRoots: roots('write_roots') };
}

function readDomains(report: Report, value: JsonValue | undefined): ServerManifest['net'] {
  const table = value === undefined ? undefined : readTable(report, ['net'], value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, ['net'], table, ['domains']);
  const domains = readTexts(report, ['net', 'domains'], table['domains']);
  for (const [index, domain] of domains.entries()) {
    if (HOST_GLOB.test(domain)) continue;
    fault(report, ['net', 'domains', index], 'bad-pattern', `${quote(domain)} is not a host`, {
      help: 'a host name or address without scheme, port and path, such as `api.example.org` or `*.example.org`',
    });
  }
  return { domains };
}

/** A host, or a glob over hosts: names, IPv4, IPv6 without brackets. */
const HOST_GLOB = /^(?:[\p{L}\p{N}*?_.-]+|[0-9a-f*?:.]+)$/iu;

function readTexts(report: Report, path: SourcePath, value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return readSet(report, path, value, (at, text) => readLine(report, at, text, MAX_TEXT_LENGTH));
}

function entriesOf(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): readonly (readonly [string, JsonValue])[] {
  const table: JsonObject | undefined = value === undefined ? undefined : readTable(report, path, value);
  return table === undefined ? [] : Object.entries(table);
}
