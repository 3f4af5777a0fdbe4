import type { Finding } from '../model/finding.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { EvaluationFault } from '../policy/evaluation-fault.ts';
import type { DecisionInput } from './input.ts';
import { quote } from '../policy/quote.ts';

/** What the invariants that match a call hold it to. */
export interface Held {
  /** Set when one of them denies; the others are then not asked. */
  readonly denial: Reason | undefined;
  readonly rules: readonly CompiledRule[];
  /** One of them marks the record. */
  readonly audit: boolean;
}

const NOT_HELD: Held = Object.freeze({ denial: undefined, rules: Object.freeze([]), audit: false });

/**
 * Every invariant that matches, in policy order. One that cannot be evaluated denies.
 *
 * INVARIANT: nothing but the request and the facts is asked: no rule, mode or waiver reaches here.
 */
export function matchInvariants({ invariants }: CompiledPolicy, input: DecisionInput): Held {
  if (invariants.empty) return NOT_HELD;
  const rules: CompiledRule[] = [];
  let audit = false;
  try {
    for (const invariant of invariants.candidates(input)) {
      if (!invariant.holds(input)) continue;
      audit ||= invariant.verdict.audit;
      if (invariant.rule.action === 'deny') return { denial: invariant.verdict.reason, rules, audit };
      rules.push(invariant);
    }
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return { denial: faultReason(error, 'guards'), rules, audit };
  }
  return rules.length === 0 ? NOT_HELD : { denial: undefined, rules, audit };
}

/** The reason of a condition that could not be evaluated. */
export function faultReason({ rule, message, remedy }: EvaluationFault, phase: 'guards' | 'rules'): Reason {
  return {
    code: 'POLICY_DENY',
    phase,
    rule,
    message: `the rule ${quote(rule)} cannot judge the call: ${message}`,
    remedy,
  };
}

export function deniesByFinding({ facts }: DecisionInput): boolean {
  return facts.findings.length > 0 && facts.findings.some(({ denies }) => denies !== undefined);
}

/** The first finding that means denial, unless the rule that would win waives it by id. */
export function checkFindings(
  { facts }: DecisionInput,
  winner: CompiledRule | undefined,
): Reason | undefined {
  const waived = winner?.rule.waive ?? [];
  const finding = facts.findings.find(({ denies, id }) => denies !== undefined && !waived.includes(id));
  return finding && findingReason(finding);
}

function findingReason({ id, at, message, denies }: Finding): Reason {
  const where = at === '' ? 'the arguments' : `the argument at ${quote(at)}`;
  return {
    code: denies ?? 'INTERNAL_ERROR',
    phase: 'guards',
    message,
    remedy: `change ${where}; only a rule that waives ${quote(id)} lets this through`,
  };
}
