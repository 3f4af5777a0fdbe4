import type { ApproverRequirement } from '../model/approver.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { ModelBudget } from '../budget/model-budget.ts';
import type { LoopSettings } from '../loop/loop-settings.ts';
import type { SequenceRule } from '../sequence/sequence.ts';
import type { RateLimit } from '../rate/rate-limit.ts';
import type { Rule, ValueTest } from './rule.ts';
import type { TaintSettings } from '../taint/settings.ts';
import type { GuardSettings } from './guard-settings.ts';
import type { PolicyModule } from './module/module.ts';
import type { PolicySettings } from './settings.ts';

/**
 * The policy as data, independent of file format, spelling and defaults left out: two policies with
 * the same normal form decide alike. Its canonical JSON is what the policy digest covers.
 */
export function policyNormalForm(
  rules: readonly Rule[],
  settings: PolicySettings,
  modules: readonly Pick<PolicyModule, 'rule' | 'digest'>[] = [],
): JsonObject {
  const { limits } = settings;
  return {
    rules: rules.map(ruleNormalForm),
    ...(modules.length === 0 ? {} : { modules: modules.map(({ rule, digest }) => ({ rule, digest })) }),
    settings: {
      mode: settings.mode,
      limits: {
        max_steps: limits.maxSteps,
        max_tool_calls: limits.maxToolCalls,
        max_wall_time_ms: limits.maxWallTimeMs,
        max_identical_calls: limits.maxIdenticalCalls,
        timeout_ms: limits.timeoutMs,
        max_output_bytes: limits.maxOutputBytes,
      },
      risk: { ...settings.risk },
      ...guardsNormalForm(settings.guards),
      ...taintNormalForm(settings.taint),
      ...ratesNormalForm(settings.rates),
      ...modelsNormalForm(settings.models),
      ...loopsNormalForm(settings.loops),
      ...sequencesNormalForm(settings.sequences),
      manifests_digest: settings.manifestsDigest,
    },
  };
}

/** Settings without effect are left out, so that they change no digest. */
function guardsNormalForm({
  requests,
  results,
  secrets,
  pii,
  patterns = [],
}: GuardSettings = {}): JsonObject {
  const guards: JsonObject = {
    ...(requests === undefined ? {} : { requests: { ...requests } }),
    ...(results === undefined ? {} : { results: { ...results } }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(pii === undefined ? {} : { pii: { ...pii, kinds: pii.kinds.toSorted() } }),
    ...(patterns.length === 0
      ? {}
      : { patterns: patterns.map(({ name, pattern, action }) => ({ name, pattern, action })) }),
  };
  return Object.keys(guards).length === 0 ? {} : { guards };
}

function taintNormalForm(taint: TaintSettings | undefined): JsonObject {
  if (taint === undefined) return {};
  const { sinks, untrusted, sanitizers, userText } = taint;
  return {
    taint: {
      sinks: { ...sinks },
      untrusted: untrusted.toSorted(),
      sanitizers: sanitizers.map((sanitizer) => Object.assign({}, sanitizer)),
      user_text: userText,
    },
  };
}

function ratesNormalForm(rates: readonly RateLimit[] = []): JsonObject {
  if (rates.length === 0) return {};
  return {
    rates: rates.map(({ windowMs, ...rate }) => ({ ...rate, window_ms: windowMs })),
  };
}

function modelsNormalForm(models: ModelBudget | undefined): JsonObject {
  if (models === undefined) return {};
  const { prices, ...budget } = models;
  const listed = prices.map(({ model, input, output }) => ({ model, input, output }));
  return { models: { ...budget, prices: listed } };
}

function loopsNormalForm(loops: LoopSettings = {}): JsonObject {
  const kinds = Object.entries(loops).map(([kind, threshold]) => [kind, { ...threshold }]);
  return kinds.length === 0 ? {} : { loops: Object.fromEntries(kinds) };
}

function sequencesNormalForm(sequences: readonly SequenceRule[] = []): JsonObject {
  if (sequences.length === 0) return {};
  return {
    sequences: sequences.map(({ first, next, ...rest }) => ({
      ...rest,
      first: { ...first },
      next: { ...next },
    })),
  };
}

/** One rule in the words of a policy file; keys without effect are left out. */
export function ruleNormalForm(rule: Rule): JsonObject {
  const form: Record<string, JsonValue> = { name: rule.name, match: rule.match, action: rule.action };
  if (rule.when.length > 0) {
    form['when'] = Object.fromEntries(rule.when.map(({ key, tests }) => [key, testsNormalForm(tests)]));
  }
  if (rule.condition !== undefined) form['condition'] = rule.condition.text;
  if (rule.time.length > 0) {
    form['time'] = rule.time.map(({ from, to, days, zone }) => ({ from, to, days, zone }));
  }
  if (rule.risk !== undefined) form['risk'] = rule.risk;
  if (rule.reason !== undefined) form['reason'] = rule.reason;
  if (rule.log) form['log'] = true;
  if (rule.mask.length > 0) form['mask'] = rule.mask.toSorted();
  const limits: Record<string, number> = {};
  if (rule.timeoutMs !== undefined) limits['timeout_ms'] = rule.timeoutMs;
  if (rule.maxOutputBytes !== undefined) limits['max_output_bytes'] = rule.maxOutputBytes;
  if (Object.keys(limits).length > 0) form['limits'] = limits;
  if (rule.requires.length > 0) form['requires'] = rule.requires.toSorted();
  if (rule.waive.length > 0) form['waive'] = rule.waive.toSorted();
  if (rule.approvers !== undefined) form['approvers'] = approversNormalForm(rule.approvers);
  if (rule.labels.length > 0) form['labels'] = rule.labels;
  if (rule.mode !== 'enforce') form['mode'] = rule.mode;
  if (rule.invariant) form['invariant'] = true;
  return form;
}

function approversNormalForm({ quorum, roles, people }: ApproverRequirement): JsonObject {
  return { quorum, roles: roles.toSorted(), people: people.toSorted() };
}

function testsNormalForm(tests: readonly ValueTest[]): JsonValue {
  const [first] = tests;
  if (first?.op === 'like') return first.values;
  return Object.fromEntries(tests.map((test) => [test.op, operandOf(test)]));
}

function operandOf(test: ValueTest): JsonValue {
  switch (test.op) {
    case 'like':
    case 'in':
      return test.values;
    case 'matches':
      return test.pattern;
    case 'cidr':
      return test.blocks;
    case 'under':
      return test.roots;
    default:
      return test.value;
  }
}
