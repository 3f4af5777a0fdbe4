import { type Diagnostic, type Position, sortDiagnostics } from '../diagnostic.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { ReceiptDefinition, ReceiptRequirement, ToolManifest } from '../manifest/manifest.ts';
import type { Obligations } from '../model/decision.ts';
import type { Sha256 } from '../model/hash.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { SourceDocument } from '../source/document.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { type CallNeeds, compileCallNeeds } from './content-needs.ts';
import { type CompiledModule, compileModule } from './module/compile-module.ts';
import { needsOfReads } from './module/document.ts';
import type { PolicyModule } from './module/module.ts';
import { readPolicyFile } from './formats/policy-file.ts';
import { policyNormalForm } from './normal-form.ts';
import { baseObligations } from './obligations.ts';
import { readRule } from './read-rule.ts';
import { fault, type Report, readList, type SourcePath } from '../source/report.ts';
import type { Rule } from './rule.ts';
import { assertSettings, type PolicySettings } from './settings.ts';
import { ToolIndex } from './tool-index.ts';

/** A policy file, or a list of rules inside a document. */
export interface PolicyPart {
  readonly document: SourceDocument;
  /**
   * Where the list is (`['policies']`); a list that is not there has no rules. Absent for a policy file, which
   * is in the format that its own keys say.
   */
  readonly path?: SourcePath;
  /** Absolute folder from which relative paths of `under` start; without it they are refused. */
  readonly base?: string;
}

/** Rules and settings, ready to decide. Immutable but for the memory of its indexes. */
export interface CompiledPolicy {
  /** SHA-256 (hex) of the canonical JSON of the normalised rules and the settings. */
  readonly digest: string;
  readonly settings: PolicySettings;
  /** In policy order, invariants among them. */
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  /** Every receipt that a call of the tool may have to show, whichever rule decides. */
  requirements(
    tool: ToolManifest | undefined,
    receipts: ReadonlyMap<string, ReceiptDefinition>,
  ): readonly ReceiptRequirement[];
  /** What each kind of rule has to say about a tool. */
  readonly ordinary: ToolIndex;
  readonly shadowed: ToolIndex;
  readonly invariants: ToolIndex;
  /** What a call is allowed to take when no rule says less. */
  readonly obligations: Obligations;
  /** Whether some level of risk asks for more than the rules do. */
  readonly raisesRisk: boolean;
  /** What has to be known of a call's content; to be asked when everything else is established. */
  readonly callNeeds: CallNeeds;
  /** Whether the content of a call can lead to something that no rule says. */
  readonly guardsCalls: boolean;
  /** What is asked after the rules and can only tighten. */
  readonly module: CompiledModule | undefined;
}

export interface PolicyInput {
  /** Concatenated in order. */
  readonly parts: readonly PolicyPart[];
  readonly settings: PolicySettings;
  readonly module?: PolicyModule | undefined;
  readonly sha256: Sha256;
}

/**
 * Compiles rules to closures behind an index by tool name.
 *
 * Answers every diagnostic at once, those of the documents included and each once; with any
 * diagnostic there is no policy. Throws `POLICY_INVALID` only for settings that no policy can keep.
 */
export function compilePolicy(input: PolicyInput): {
  readonly policy?: CompiledPolicy;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { settings, sha256, module } = input;
  assertSettings(settings);
  const { rules, diagnostics } = readRules(input);
  if (diagnostics.length > 0) return { diagnostics };
  const digest = sha256(canonicalJson(policyNormalForm(rules, settings, module)));
  const compiled = rules.map((rule, place) => compileRule(rule, place, settings, digest));
  const required = [...new Set(rules.flatMap((rule) => rule.requires))];
  const ordinary = new ToolIndex(compiled.filter(({ rule }) => !rule.invariant && rule.mode === 'enforce'));
  const shadowed = new ToolIndex(compiled.filter(({ rule }) => rule.mode === 'shadow'));
  const invariants = new ToolIndex(compiled.filter(({ rule }) => rule.invariant));
  const { guards } = settings;
  const moduleNeeds = module && needsOfReads(module.reads);
  const policy: CompiledPolicy = {
    digest,
    settings,
    rules,
    compiled,
    requirements: (tool, receipts) => requirements(tool, required, receipts),
    ordinary,
    shadowed,
    invariants,
    obligations: baseObligations(settings),
    raisesRisk: Object.values(settings.risk).some((answer) => answer !== 'allow'),
    callNeeds: compileCallNeeds(compiled, [ordinary, shadowed, invariants], guards, moduleNeeds),
    guardsCalls: guards?.requests !== undefined || guards?.secrets !== undefined,
    module: module && compileModule(module),
  };
  return { policy, diagnostics: [] };
}

function readRules(input: PolicyInput): { rules: Rule[]; diagnostics: Diagnostic[] } {
  const rules: Rule[] = [];
  const parts = input.parts.map(({ document, path, base }) =>
    path === undefined
      ? { document: readPolicyFile(document, base), path: ['policies'], base }
      : { document, path, base },
  );
  const documents = new Set(parts.map(({ document }) => document));
  const diagnostics = [...documents].flatMap((document) => document.diagnostics);
  // What could not be read is not to be blamed a second time for being of the wrong type.
  const known = new Set(diagnostics.map(({ at }) => formatPosition(at)));
  const names = new Map<string, Position>();
  for (const { document, path, base } of parts) {
    const report: Report = { document, diagnostics: [] };
    for (const [index, value] of ruleList(report, path).entries()) {
      refuseDuplicateName(report, [...path, index, 'name'], value, names);
      const rule = readRule(report, [...path, index], value, { base });
      if (rule !== undefined) rules.push(rule);
    }
    for (const diagnostic of report.diagnostics) {
      if (!known.has(formatPosition(diagnostic.at))) diagnostics.push(diagnostic);
    }
  }
  return { rules, diagnostics: sortDiagnostics(diagnostics) };
}

function refuseDuplicateName(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  names: Map<string, Position>,
): void {
  const name = isJsonObject(value) ? value['name'] : undefined;
  if (typeof name !== 'string') return;
  const first = names.get(name);
  if (first === undefined) {
    names.set(name, report.document.positionOf(path));
    return;
  }
  const help = `the first one is at ${formatPosition(first)}`;
  fault(report, path, 'duplicate-name', `a rule \`${name}\` exists already`, { help });
}

function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function ruleList(report: Report, path: SourcePath): readonly JsonValue[] {
  let value: JsonValue | undefined = report.document.value;
  for (const segment of path) {
    value = (value as { readonly [key: string]: JsonValue } | null | undefined)?.[segment];
  }
  return value === undefined ? [] : (readList(report, path, value) ?? []);
}

function requirements(
  tool: ToolManifest | undefined,
  required: readonly string[],
  receipts: ReadonlyMap<string, ReceiptDefinition>,
): readonly ReceiptRequirement[] {
  const declared = tool?.requires ?? [];
  const byRule = required.flatMap((receipt) => {
    const subject = receipts.get(receipt)?.subject;
    const known = declared.some((one) => one.receipt === receipt && one.subject === subject);
    return subject === undefined || known ? [] : [{ receipt, subject }];
  });
  return byRule.length === 0 ? declared : [...declared, ...byRule];
}
