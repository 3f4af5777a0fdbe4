import { type Decision, decideOnBehalf, type Reason } from '@aegis/core';
import { decisionInput, delegatorInput } from '../decision-input.ts';
import type { Mediation, Step } from '../mediation.ts';

/**
 * Asks the policy decision point, on the snapshot as it is in this very turn.
 *
 * INVARIANT: nothing is awaited between this and the sealing of an allowed call, so that N concurrent
 * calls cannot spend the same budget.
 */
export function judge(m: Mediation): Decision {
  const decision = decided(m);
  if (decision.effect === 'deny' && decision.mode === 'enforce') m.refusal = decision.reasons[0];
  return decision;
}

function decided(m: Mediation): Decision {
  const { delegators } = m;
  const ended = delegators === 'ended';
  const inputs = ended ? [] : delegators.map((session, at) => delegatorInput(m, session, at));
  const decision = decideOnBehalf(m.rules.policy, decisionInput(m), inputs);
  return ended ? { ...decision, effect: 'deny', mode: 'enforce', reasons: [ENDED] } : decision;
}

const ENDED: Reason = Object.freeze({
  code: 'PROTOCOL_VIOLATION',
  phase: 'limits',
  message: 'the session on whose behalf this one acts has ended, or is out of reach',
  remedy: 'ask for another handoff, and open a session with it',
});

export const decide: Step = {
  name: 'decide',
  run(m) {
    m.decision = judge(m);
    return undefined;
  },
};
