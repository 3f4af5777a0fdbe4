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

/** A condition of `when` and whether it holds. */
export interface CompiledCondition {
  readonly condition: Condition;
  readonly holds: ConditionPredicate;
}

/** A rule with its conditions as closures, in the order in which they are written. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Place in the policy, from 0, over ordinary rules and invariants together. */
  readonly place: number;
  readonly method: ConditionPredicate;
  readonly conditions: readonly CompiledCondition[];
  /** Whether one of its windows is open; undefined for a rule of every time. */
  readonly open: ConditionPredicate | undefined;
  /** Whether the layer that it is of is about the caller; undefined for a rule of the policy itself. */
  readonly applies: ConditionPredicate | undefined;
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

/** `applies` says whether the layer that the rule is of is about the caller. */
export function compileRule(
  rule: Rule,
  place: number,
  settings: PolicySettings,
  policyDigest: string,
  applies?: ConditionPredicate,
): CompiledRule {
  return new LazyRule(rule, place, applies, settings, policyDigest);
}

type Closures = Pick<CompiledRule, 'method' | 'conditions' | 'open' | 'expression' | 'holds'>;

/**
 * Makes its closures when they are first asked for: of the rules of a large policy the calls of an agent meet few.
 * What could be wrong with a rule was found when it was read.
 */
class LazyRule implements CompiledRule {
  readonly rule: Rule;
  readonly place: number;
  readonly applies: ConditionPredicate | undefined;
  readonly #settings: PolicySettings;
  readonly #policyDigest: string;
  #closures: Closures | undefined;
  #verdict: RuleVerdict | undefined;

  constructor(
    rule: Rule,
    place: number,
    applies: ConditionPredicate | undefined,
    settings: PolicySettings,
    policyDigest: string,
  ) {
    this.rule = rule;
    this.place = place;
    this.applies = applies;
    this.#settings = settings;
    this.#policyDigest = policyDigest;
  }

  get method(): ConditionPredicate {
    return this.#compiled().method;
  }

  get conditions(): readonly CompiledCondition[] {
    return this.#compiled().conditions;
  }

  get open(): ConditionPredicate | undefined {
    return this.#compiled().open;
  }

  get expression(): CallPredicate | undefined {
    return this.#compiled().expression;
  }

  get holds(): CallPredicate {
    return this.#compiled().holds;
  }

  get verdict(): RuleVerdict {
    this.#verdict ??= ruleVerdict(this.rule, this.#settings, this.#policyDigest);
    return this.#verdict;
  }

  #compiled(): Closures {
    this.#closures ??= closuresOf(this.rule, this.applies);
    return this.#closures;
  }
}

function closuresOf(rule: Rule, applies: ConditionPredicate | undefined): Closures {
  const method = methodPredicate(rule.match);
  const within = compileTime(rule.time);
  const open = within === undefined ? undefined : ({ request }: ConditionInput) => within(request.nowMs);
  const conditions = rule.when.map((condition) => ({
    condition,
    holds: compileCondition(condition, tightens(rule), rule.name),
  }));
  const expression = rule.condition && compileCel(rule.condition, rule.name);
  const asked = conditions.filter(({ condition }) => !isIndexed(condition)).map(({ holds }) => holds);
  const holds = conjunction([
    ...(applies === undefined ? [] : [applies]),
    ...(rule.match === '*' ? [] : [method]),
    ...(open === undefined ? [] : [open]),
    ...asked,
    ...(expression === undefined ? [] : [expression]),
  ]);
  return { method, conditions, open, expression, holds };
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
