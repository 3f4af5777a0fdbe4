import type { Risk } from '../model/capability.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { inherentRisk } from '../policy/condition.ts';
import { EvaluationFault } from '../policy/evaluation-fault.ts';
import type { DecisionInput } from './input.ts';
import { faultReason } from './guards-phase.ts';
import { quote } from '../policy/quote.ts';

/** The first rule in force that matches. Throws `EvaluationFault` when one before it cannot be evaluated. */
export function findWinner({ ordinary }: CompiledPolicy, input: DecisionInput): CompiledRule | undefined {
  const candidates = ordinary.candidates(input);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] as CompiledRule;
    if (candidate.holds(input)) return candidate;
  }
  return undefined;
}

/**
 * What the first matching rule in shadow would have said, where it stands before the winner. Rules
 * in shadow take no part in the decision: they neither allow nor deny, waive or oblige.
 */
export function shadowNote(
  { shadowed }: CompiledPolicy,
  input: DecisionInput,
  winner: CompiledRule | undefined,
): Reason | undefined {
  if (shadowed.empty) return undefined;
  try {
    for (const candidate of shadowed.candidates(input)) {
      if (winner !== undefined && candidate.place > winner.place) return undefined;
      if (candidate.holds(input)) return inShadow(candidate.verdict.reason);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return inShadow(faultReason(error, 'rules'));
  }
}

function inShadow(reason: Reason): Reason {
  return { ...reason, message: `in shadow, not in force: ${reason.message}`, inShadow: true };
}

export function defaultDenial({ request }: DecisionInput): Reason {
  const { kind, name, server } = request.resource;
  const what = kind === 'server' ? quote(server) : `${quote(name)} on ${quote(server)}`;
  return {
    code: 'DEFAULT_DENY',
    phase: 'rules',
    message: `no rule allows ${quote(request.action.method)} of ${what}`,
    remedy: 'use a tool and arguments that the policy allows, or ask its owner for a rule',
  };
}

/** The level of risk of a call that the rule lets through. */
export function riskUnder(winner: CompiledRule, input: DecisionInput): Risk {
  return winner.rule.risk ?? inherentRisk(input);
}

export function riskDenial(risk: Risk): Reason {
  return {
    code: 'POLICY_DENY',
    phase: 'rules',
    message: `calls of ${risk} risk are denied`,
    remedy: 'make a call of lower risk: narrow what it can change',
  };
}

export function riskApproval(risk: Risk): Reason {
  return {
    code: 'APPROVAL_REQUIRED',
    phase: 'approval',
    message: `calls of ${risk} risk ask for a person's approval`,
    remedy: 'ask for approval, or make a call of lower risk',
  };
}
