import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { SourceDocument } from '../../source/document.ts';
import type { SourceNode } from '../../source/node.ts';
import { fault, type Report, readTable, refuseUnknownKeys } from '../../source/report.ts';
import { ALLOWLIST_KEYS, readAllowlist } from './allowlist.ts';
import { readAllowlistSettings } from './allowlist-settings.ts';
import type { AskedSettings } from './asked-settings.ts';
import { APPROVAL_KEYS, readApprovalRules } from './approval-rules.ts';
import { Translation } from './translation.ts';

/** A format other than the native one: known by its keys, and read as native rules. */
interface ForeignFormat {
  readonly keys: readonly string[];
  readonly read: (
    report: Report,
    table: JsonObject,
    translation: Translation,
    base: string | undefined,
  ) => readonly SourceNode[];
  /** What it asks for beside its rules. */
  readonly settings?: (report: Report, table: JsonObject) => readonly AskedSettings[];
}

const NATIVE_KEYS = ['policies'];
const FOREIGN: readonly ForeignFormat[] = [
  { keys: APPROVAL_KEYS, read: readApprovalRules },
  { keys: ALLOWLIST_KEYS, read: readAllowlist, settings: readAllowlistSettings },
];

const IN_CONFIGURATION = 'this stands in the configuration, and a policy file has rules alone';
const PLANNED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['servers', 'routes', 'agents', 'limits', 'risk', 'mode'].map((key) => [key, IN_CONFIGURATION]),
  ),
  policy: 'rules stand under `policies`',
};

/**
 * A policy file as a document with `policies`, whichever of the formats it is written in; its own top-level
 * keys say which. Positions are those of the file. `base` is the folder from which its relative paths start.
 */
export function readPolicyFile(
  document: SourceDocument,
  base: string | undefined,
): { readonly document: SourceDocument; readonly asked: readonly AskedSettings[] } {
  const { value } = document;
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  // A file without anything in it has no rules.
  if (value === undefined || value === null || readTable(report, [], value) === undefined) {
    return { document: { ...document, value: undefined, diagnostics: report.diagnostics }, asked: [] };
  }
  const table = isJsonObject(value) ? value : {};
  const keys = Object.keys(table).filter((key) => key !== '$schema');
  const formats = [NATIVE_KEYS, ...FOREIGN.map((format) => format.keys)];
  const first = keys.find((key) => formats.some((known) => known.includes(key)));
  const own = formats.find((known) => first !== undefined && known.includes(first));
  const mixed = keys.filter((key) => formats.some((known) => known !== own && known.includes(key)));
  for (const key of mixed) {
    fault(report, [key], 'mixed-formats', `\`${key}\` is of another format than \`${first}\``, {
      what: 'key',
      help: 'a policy file has one format: put it into a file of its own',
    });
  }
  const foreign = FOREIGN.find((format) => format.keys === own);
  if (mixed.length > 0 || foreign === undefined) {
    const known = own === undefined ? formats.flat() : [...own, ...mixed];
    refuseUnknownKeys(report, [], table, ['$schema', ...known], PLANNED);
    const { diagnostics } = report;
    return mixed.length > 0
      ? { document: { ...document, value: undefined, diagnostics }, asked: [] }
      : { document: { ...document, diagnostics }, asked: [] };
  }
  refuseUnknownKeys(report, [], table, ['$schema', ...foreign.keys], PLANNED);
  const translation = new Translation(document);
  const rules = foreign.read(report, table, translation, base);
  const asked = foreign.settings?.(report, table) ?? [];
  return { document: translation.document(rules, report.diagnostics), asked };
}
