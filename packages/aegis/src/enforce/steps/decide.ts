import { type Decision, decide as decideRequest } from '@aegis/core';
import type { Mediation, Step } from '../mediation.ts';

/**
 * Asks the policy decision point, on the snapshot as it is in this very turn.
 *
 * INVARIANT: nothing is awaited between this and the sealing of an allowed call, so that N concurrent
 * calls cannot spend the same budget.
 */
export function judge(m: Mediation): Decision {
  const decision = decideRequest(m.rules.policy, {
    request: m.request,
    facts: m.facts,
    snapshot: m.session.snapshot,
    server: m.rules.manifests.get(m.request.resource.server),
    agent: m.rules.agent(m.request.subject.agent),
    credentials: m.rules.credentials.get(m.request.resource.server) ?? NONE,
    receipts: m.rules.receipts,
    callFingerprint: m.fingerprint,
  });
  if (decision.effect === 'deny' && decision.mode === 'enforce') m.refusal = decision.reasons[0];
  return decision;
}

const NONE: readonly string[] = [];

export const decide: Step = {
  name: 'decide',
  run(m) {
    m.decision = judge(m);
    return undefined;
  },
};
