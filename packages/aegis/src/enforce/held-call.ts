import { canonicalJson, covers, type Decision, groundsOf } from '@aegis/core';
import type { HeldCall } from '../ports.ts';
import type { Mediation } from './mediation.ts';

/** A call as a person is asked about it, and as an answer is bound to it. */
export function heldCall(m: Mediation, decision: Decision): HeldCall {
  const { id, subject, action, resource, args } = m.request;
  return {
    callId: id,
    tenant: subject.tenant,
    session: subject.session,
    agent: subject.agent,
    user: subject.user,
    method: action.method,
    server: resource.server,
    kind: resource.kind,
    name: resource.name,
    args,
    definition: m.ports.fingerprint?.(resource),
    policyDigest: decision.policyDigest,
    grounds: groundsOf(decision),
    messages: decision.reasons.map(({ message }) => message),
    capabilities: m.facts.capabilities,
    findings: [...new Set(m.facts.findings.map((finding) => finding.id))],
    approvers: decision.approvers ?? [],
  };
}

/**
 * Whether what a person approved is what would run now.
 *
 * SECURITY: what is asked for on a further ground, under another policy, by another definition or with
 * further people to ask is another question.
 */
export function isStillApproved(approved: HeldCall, now: HeldCall): boolean {
  return covers(approved, now) && canonicalJson(approvers(approved)) === canonicalJson(approvers(now));
}

function approvers({ approvers: wanted }: HeldCall) {
  return wanted.map(({ quorum, roles, people }) => ({ quorum, roles, people }));
}
