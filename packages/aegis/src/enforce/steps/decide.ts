import { type Decision, decide as decideRequest } from '@aegis/core';
import { decisionInput } from '../decision-input.ts';
import type { Mediation, Step } from '../mediation.ts';

/**
 * Asks the policy decision point, on the snapshot as it is in this very turn.
 *
 * INVARIANT: nothing is awaited between this and the sealing of an allowed call, so that N concurrent
 * calls cannot spend the same budget.
 */
export function judge(m: Mediation): Decision {
  const decision = decideRequest(m.rules.policy, decisionInput(m));
  if (decision.effect === 'deny' && decision.mode === 'enforce') m.refusal = decision.reasons[0];
  return decision;
}

export const decide: Step = {
  name: 'decide',
  run(m) {
    m.decision = judge(m);
    return undefined;
  },
};
