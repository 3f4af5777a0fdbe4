import { decide as decideRequest } from '@aegis/core';
import type { Step } from '../mediation.ts';

/**
 * The policy decision point, on the snapshot as it is in this very turn.
 *
 * INVARIANT: nothing is awaited between this step and the sealing of an allowed call, so that N
 * concurrent calls cannot spend the same budget.
 */
export const decide: Step = {
  name: 'decide',
  run(m) {
    const decision = decideRequest(m.rules.policy, {
      request: m.request,
      facts: m.facts,
      snapshot: m.session.snapshot,
      server: m.rules.manifests.get(m.request.resource.server),
      receipts: m.rules.receipts,
      callFingerprint: m.fingerprint,
    });
    m.decision = decision;
    if (decision.effect === 'deny' && decision.mode === 'enforce') m.refusal = decision.reasons[0];
    return undefined;
  },
};
