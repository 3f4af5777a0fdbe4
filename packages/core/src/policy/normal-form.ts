import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Rule, ValueTest } from './rule.ts';
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
  module?: Pick<PolicyModule, 'rule' | 'digest'>,
): JsonObject {
  const { limits } = settings;
  return {
    rules: rules.map(ruleNormalForm),
    ...(module === undefined ? {} : { module: { rule: module.rule, digest: module.digest } }),
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
      manifests_digest: settings.manifestsDigest,
    },
  };
}

/** Settings without effect are left out, so that they change no digest. */
function guardsNormalForm({ requests, results, secrets }: GuardSettings = {}): JsonObject {
  const guards: JsonObject = {
    ...(requests === undefined ? {} : { requests: { ...requests } }),
    ...(results === undefined ? {} : { results: { ...results } }),
    ...(secrets === undefined ? {} : { secrets }),
  };
  return Object.keys(guards).length === 0 ? {} : { guards };
}

/** One rule in the words of a policy file; keys without effect are left out. */
function ruleNormalForm(rule: Rule): JsonObject {
  const form: Record<string, JsonValue> = { name: rule.name, match: rule.match, action: rule.action };
  if (rule.when.length > 0) {
    form['when'] = Object.fromEntries(rule.when.map(({ key, tests }) => [key, testsNormalForm(tests)]));
  }
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
  if (rule.mode !== 'enforce') form['mode'] = rule.mode;
  if (rule.invariant) form['invariant'] = true;
  return form;
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
