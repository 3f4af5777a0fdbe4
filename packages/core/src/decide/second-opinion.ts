import type { Decision, Obligations } from '../model/decision.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Constraints } from '../policy/module/answer.ts';
import type { CompiledModule } from '../policy/module/compile-module.ts';
import { withObligations } from '../policy/obligations.ts';
import type { DecisionInput } from './input.ts';
import { askedFor, notesOf } from './stricter.ts';

/**
 * The decision made as strict as the policy's modules ask: they can deny, ask for a person, mask and limit.
 * The first denial is the last.
 *
 * INVARIANT: what the rules deny is not asked about, and no answer makes a decision less strict.
 */
export function secondOpinion(policy: CompiledPolicy, input: DecisionInput, decision: Decision): Decision {
  let bound = decision;
  for (const module of policy.modules) {
    if (bound.effect === 'deny') return bound;
    bound = boundBy(module, policy, input, bound);
  }
  return bound;
}

function boundBy(
  module: CompiledModule,
  policy: CompiledPolicy,
  input: DecisionInput,
  decision: Decision,
): Decision {
  const { outcome, reasons, constraints } = module.ask(input);
  const [{ rule = module.rule }] = reasons;
  if (outcome === 'deny') {
    const all: Decision['reasons'] = [...reasons, ...notesOf(decision)];
    return { ...decision, effect: 'deny', reasons: all, obligations: policy.obligations, rule };
  }
  const obligations = obligationsUnder(policy, decision, constraints);
  if (outcome === 'allow') {
    if (obligations === decision.obligations) return decision;
    return { ...decision, obligations, reasons: [...decision.reasons, ...reasons] };
  }
  const asking = decision.effect === 'require_approval' ? decision : { ...decision, rule };
  return askedFor({ ...asking, obligations }, reasons);
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
