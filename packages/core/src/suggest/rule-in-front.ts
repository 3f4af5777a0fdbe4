import type { CompiledPolicy } from '../policy/compile.ts';
import { compileRule } from '../policy/compiled-rule.ts';
import type { Rule } from '../policy/rule.ts';
import { ToolIndex } from '../policy/tool-index.ts';

/** The policy as it would decide with one more rule before all others. Its digest stays what it was. */
export function ruleInFront(policy: CompiledPolicy, rule: Rule): CompiledPolicy {
  const first = compileRule(rule, -1, policy.settings, policy.digest);
  const compiled = [first, ...policy.compiled];
  const ordinary = compiled.filter(({ rule: { invariant, mode } }) => !invariant && mode === 'enforce');
  return { ...policy, rules: [rule, ...policy.rules], compiled, ordinary: new ToolIndex(ordinary) };
}
