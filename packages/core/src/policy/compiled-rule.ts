import type { DecisionInput } from '../decide/input.ts';
import { grantOf } from '../model/method.ts';
import { compileCel } from './cel/condition.ts';
import { compileCondition, type ConditionInput, type ConditionPredicate } from './condition.ts';
import { globTest, parseGlob } from './glob.ts';
import { type Condition, type Rule, tightens } from './rule.ts';
import type { PolicySettings } from './settings.ts';
import { compileTime } from './time-window.ts';
import { type RuleVerdict, ruleVerdict } from './verdict.ts';

type CallPredicate = (input: DecisionInput) => boolean;

/** A rule with its conditions as closures, in the order in which they are written. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Place in the policy, from 0, over ordinary rules and invariants together. */
  readonly place: number;
  readonly method: ConditionPredicate;
  readonly conditions: readonly { readonly condition: Condition; readonly holds: ConditionPredicate }[];
  /** Whether one of its windows is open; undefined for a rule of every time. */
  readonly open: ConditionPredicate | undefined;
  /** Whether the layer that it is of is about the caller; absent for a rule of the policy itself. */
  readonly applies?: ConditionPredicate;
  /** The expression of the rule; undefined for a rule without one. */
  readonly expression: CallPredicate | undefined;
  /** Everything but what the index has already decided by the tool's name. */
  readonly holds: CallPredicate;
  readonly verdict: RuleVerdict;
}

/** Whether the index alone can decide a condition: its answer depends on the tool's name and nothing else. */
export function isIndexed({ subject, tests }: Condition): boolean {
  // `matches` can fail on a long name, and must then fail in its turn and not before.
  return (
    subject.kind === 'fact' && subject.key === 'tool_name' && tests.every((test) => test.op !== 'matches')
  );
}

export function compileRule(
  rule: Rule,
  place: number,
  settings: PolicySettings,
  policyDigest: string,
): CompiledRule {
  const method = methodPredicate(rule.match);
  const within = compileTime(rule.time);
  const open = within === undefined ? undefined : ({ request }: ConditionInput) => within(request.nowMs);
  const conditions = rule.when.map((condition) => ({
    condition,
    holds: compileCondition(condition, tightens(rule), rule.name),
  }));
  const expression = rule.condition && compileCel(rule.condition, rule.name);
  const asked = conditions.filter(({ condition }) => !isIndexed(condition)).map(({ holds }) => holds);
  return {
    rule,
    place,
    method,
    conditions,
    open,
    expression,
    holds: conjunction([
      ...(rule.match === '*' ? [] : [method]),
      ...(open === undefined ? [] : [open]),
      ...asked,
      ...(expression === undefined ? [] : [expression]),
    ]),
    verdict: ruleVerdict(rule, settings, policyDigest),
  };
}

function methodPredicate(match: string): ConditionPredicate {
  const glob = parseGlob(match);
  const test = glob === undefined ? () => false : globTest(glob);
  return ({ request: { action, resource } }: ConditionInput) => {
    if (test(action.method)) return true;
    const grant = grantOf(action.method, resource.kind);
    return grant !== undefined && test(grant);
  };
}

function conjunction(terms: readonly CallPredicate[]): CallPredicate {
  const [a, b, c, d] = terms;
  if (a === undefined) return () => true;
  if (b === undefined) return a;
  if (c === undefined) return (input) => a(input) && b(input);
  if (d === undefined) return (input) => a(input) && b(input) && c(input);
  if (terms.length === 4) return (input) => a(input) && b(input) && c(input) && d(input);
  return (input) => terms.every((term) => term(input));
}
