import type { Decision, Obligations } from '../model/decision.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Constraints } from '../policy/module/answer.ts';
import { withObligations } from '../policy/obligations.ts';
import type { DecisionInput } from './input.ts';

/**
 * The decision made as strict as the policy's module asks: it can deny, ask for a person, mask and limit.
 *
 * INVARIANT: what the rules deny is not asked about, and no answer makes a decision less strict.
 */
export function secondOpinion(policy: CompiledPolicy, input: DecisionInput, decision: Decision): Decision {
  const { module } = policy;
  if (module === undefined || decision.effect === 'deny') return decision;
  const { outcome, reasons, constraints } = module.ask(input);
  if (outcome === 'deny') {
    return { ...decision, effect: 'deny', reasons, obligations: policy.obligations, rule: module.rule };
  }
  const obligations = obligationsUnder(policy, decision, constraints);
  if (outcome === 'allow') {
    if (obligations === decision.obligations) return decision;
    return { ...decision, obligations, reasons: [...decision.reasons, ...reasons] };
  }
  return decision.effect === 'require_approval'
    ? { ...decision, obligations, reasons: [...decision.reasons, ...reasons] }
    : { ...decision, obligations, effect: 'require_approval', reasons, rule: module.rule };
}

function obligationsUnder(
  { settings }: CompiledPolicy,
  { obligations }: Decision,
  constraints: Constraints,
): Obligations {
  // What a policy in shadow asks for is not in force.
  if (settings.mode === 'shadow') return obligations;
  const bound = withObligations(obligations, constraints);
  const same =
    bound.mask.length === obligations.mask.length &&
    bound.timeoutMs === obligations.timeoutMs &&
    bound.maxOutputBytes === obligations.maxOutputBytes;
  return same ? obligations : bound;
}
