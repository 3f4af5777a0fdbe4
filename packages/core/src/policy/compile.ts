import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import type { ReceiptDefinition, ReceiptRequirement, ToolManifest } from '../manifest/manifest.ts';
import type { Mode, Obligations } from '../model/decision.ts';
import type { Sha256 } from '../model/hash.ts';
import type { Subject } from '../model/request.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import type { ConditionInput } from './condition.ts';
import { type CallNeeds, compileCallNeeds, unionOfNeeds } from './content-needs.ts';
import { type CompiledModule, compileModule } from './module/compile-module.ts';
import { needsOfReads, readsTaint } from './module/document.ts';
import type { PolicyModule } from './module/module.ts';
import { type AskedSettings, withAsked } from './formats/asked-settings.ts';
import { compileScope, type LayerScope } from './layer.ts';
import { policyText } from './normal-form.ts';
import { compilePersonalGuard, type PersonalGuard } from './personal-guard.ts';
import { baseObligations } from './obligations.ts';
import { type PolicyPart, readRules } from './read-rules.ts';
import { type CompiledRate, compileRate } from '../rate/rate-limit.ts';
import { type CompiledSequence, compileSequence } from '../sequence/sequence.ts';
import type { Rule } from './rule.ts';
import { assertSettings, type PolicySettings } from './settings.ts';
import { ToolIndex } from './tool-index.ts';

/** A whole ordered policy beside the policy itself: of an organisation, a team, a tenant, an agent. */
export interface PolicyLayer extends LayerScope {
  readonly name: string;
  readonly mode: Mode;
  /** Concatenated in order. */
  readonly parts: readonly PolicyPart[];
}

/** A layer, ready to decide. Its rules are called `layer/rule`. */
export interface CompiledLayer {
  readonly name: string;
  readonly mode: Mode;
  readonly applies: (subject: Subject) => boolean;
  readonly policy: CompiledPolicy;
}

/** Rules and settings, ready to decide. Immutable but for the memory of its indexes. */
export interface CompiledPolicy {
  /** SHA-256 (hex) of the canonical JSON of the normalised rules and the settings. */
  readonly digest: string;
  readonly settings: PolicySettings;
  /** Those of the settings that policy files ask for, by where they do. */
  readonly asked: readonly AskedSettings[];
  /** In policy order, invariants among them, then those of the layers. */
  readonly rules: readonly Rule[];
  /** The policy's own, without those of its layers. */
  readonly compiled: readonly CompiledRule[];
  /** Beside the policy's own rules; the strictest of those that speak of a call counts. */
  readonly layers: readonly CompiledLayer[];
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
  /** Whether it matters where the arguments of calls come from. */
  readonly followsData: boolean;
  /** What the settings say of personal data. */
  readonly personal: PersonalGuard;
  /** What is counted in stretches of time. */
  readonly rates: readonly CompiledRate[];
  /** What must not come after what. */
  readonly sequences: readonly CompiledSequence[];
  /** What is asked after the rules, in this order, and can only tighten. */
  readonly modules: readonly CompiledModule[];
}

export interface PolicyInput {
  /** Concatenated in order. */
  readonly parts: readonly PolicyPart[];
  readonly settings: PolicySettings;
  readonly modules?: readonly PolicyModule[];
  readonly layers?: readonly PolicyLayer[];
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
  const { sha256, modules = [], layers = [] } = input;
  assertSettings(input.settings);
  const names = new Map();
  const base = readRules(input.parts, names);
  // Which layer comes first makes no difference, and is to make none to the digest.
  const read = layers
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((layer) => ({ layer, found: readRules(layer.parts, names, `${layer.name}/`) }));
  const { settings, diagnostics: refused } = withAsked(input.settings, base.asked);
  const diagnostics = [
    ...base.diagnostics,
    ...refused,
    ...read.flatMap(({ found }) => [...found.diagnostics, ...found.asked.map(notInALayer)]),
  ];
  if (diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  const texts = read.map(({ layer, found: { rules } }) => ({ ...layer, rules }));
  const digest = sha256(policyText(base.rules, settings, modules, texts));
  const { rules, asked } = base;
  const policy = compileRules({ rules, asked, settings, digest, modules });
  if (read.length === 0) return { policy, diagnostics: [] };
  const compiled = read.map(({ layer, found }): CompiledLayer => {
    const mode = layer.mode === 'shadow' ? 'shadow' : settings.mode;
    return {
      name: layer.name,
      mode: layer.mode,
      applies: compileScope(layer),
      policy: compileRules({ ...found, settings: { ...settings, mode }, digest, modules: [] }),
    };
  });
  return { policy: withLayers(policy, compiled), diagnostics: [] };
}

/** SECURITY: what is counted and guarded is so for all callers, and a layer is for some: it is refused, not left out. */
function notInALayer({ key, at }: AskedSettings): Diagnostic {
  const message = `\`${key}\` is a setting, and layers have rules alone`;
  return { code: 'unsupported-key', message, at, help: 'put it into a file that `policy` lists' };
}

/**
 * The policy with layers over it.
 *
 * INVARIANT: the invariants of every layer hold for the calls that the layer is about, whichever layers speak.
 */
function withLayers(base: CompiledPolicy, layers: readonly CompiledLayer[]): CompiledPolicy {
  let before = base.compiled.length;
  const invariants = new ToolIndex([
    ...base.compiled.filter(({ rule }) => rule.invariant),
    ...layers.flatMap((layer) => {
      const from = before;
      before += layer.policy.compiled.length;
      return layer.policy.compiled
        .filter(({ rule }) => rule.invariant)
        .map((rule) => withinLayer(layer, rule, from));
    }),
  ]);
  const all = [base, ...layers.map(({ policy }) => policy)];
  return {
    ...base,
    rules: all.flatMap(({ rules }) => rules),
    invariants,
    layers: layers.map(({ name, mode, applies, policy }) => ({
      name,
      mode,
      applies,
      policy: Object.assign({}, policy, { invariants }),
    })),
    requirements: (tool, receipts) => {
      const needed = all.flatMap((one) => one.requirements(tool, receipts));
      return [...new Map(needed.map((one) => [`${one.receipt}\n${one.subject}`, one])).values()];
    },
    callNeeds: (input) => all.map(({ callNeeds }) => callNeeds(input)).reduce(unionOfNeeds),
    followsData: all.some(({ followsData }) => followsData),
  };
}

/** A rule of a layer as one of the whole policy, of which `from` rules stand before the layer. */
function withinLayer(
  { applies, policy }: CompiledLayer,
  { rule, place }: CompiledRule,
  from: number,
): CompiledRule {
  const about = ({ request }: ConditionInput): boolean => applies(request.subject);
  return compileRule(rule, from + place, policy.settings, policy.digest, about);
}

function compileRules({
  rules,
  asked,
  settings,
  digest,
  modules,
}: {
  readonly rules: readonly Rule[];
  readonly asked: readonly AskedSettings[];
  readonly settings: PolicySettings;
  readonly digest: string;
  readonly modules: readonly PolicyModule[];
}): CompiledPolicy {
  const compiled = rules.map((rule, place) => compileRule(rule, place, settings, digest));
  const required = [...new Set(rules.flatMap((rule) => rule.requires))];
  const ordinary = new ToolIndex(compiled.filter(({ rule }) => !rule.invariant && rule.mode === 'enforce'));
  const shadowed = new ToolIndex(compiled.filter(({ rule }) => rule.mode === 'shadow'));
  const invariants = new ToolIndex(compiled.filter(({ rule }) => rule.invariant));
  const { guards } = settings;
  const moduleNeeds = needsOfReads(modules.flatMap(({ reads }) => reads));
  return {
    digest,
    settings,
    asked,
    rules,
    layers: [],
    compiled,
    requirements: (tool, receipts) => requirements(tool, required, receipts),
    ordinary,
    shadowed,
    invariants,
    obligations: baseObligations(settings),
    raisesRisk: Object.values(settings.risk).some((answer) => answer !== 'allow'),
    callNeeds: compileCallNeeds(compiled, [ordinary, shadowed, invariants], guards, moduleNeeds),
    guardsCalls: [guards?.requests, guards?.secrets, guards?.pii?.requests].some(
      (asked) => asked !== undefined,
    ),
    followsData:
      settings.taint !== undefined ||
      readsTaint(modules.flatMap(({ reads }) => reads)) ||
      rules.some(followsData) ||
      settings.sequences?.some(({ first }) => first.label !== undefined) === true,
    personal: compilePersonalGuard(guards),
    rates: (settings.rates ?? []).map(compileRate),
    sequences: (settings.sequences ?? []).map(compileSequence),
    modules: modules.map(compileModule),
  };
}

function followsData({ labels, when, condition }: Rule): boolean {
  if (labels.length > 0 || (condition !== undefined && readsTaint(condition.reads))) return true;
  return when.some(({ subject }) => subject.kind === 'fact' && subject.key === 'label');
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
