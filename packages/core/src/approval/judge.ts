import type { ApproverRequirement } from '../model/approver.ts';
import type { Approval, Standing, Vote } from './approval.ts';

/**
 * How an approval stands at a time, under requirements: those that it was asked for with, or those of the
 * decision that wants to rest on it.
 *
 * The votes count in the order of the log until they settle it: one refusal does, and so do approvals that
 * meet every requirement. So of two people who answer differently at the same moment, the first in the log
 * decides, for every process alike.
 */
export function judgeApproval(
  approval: Approval,
  nowMs: number,
  approvers: readonly ApproverRequirement[] = approval.approvers,
): Standing {
  const { expiresAtMs, usedBy } = approval;
  const counted: Vote[] = [];
  for (const vote of approval.votes) {
    if (!mayCount(approval, vote, approvers, counted)) continue;
    if (!vote.approved) return nowMs > expiresAtMs ? EXPIRED : { kind: 'refused', vote };
    counted.push(vote);
    if (missing(approvers, counted) > 0) continue;
    const votes = counted as [Vote, ...Vote[]];
    if (usedBy !== undefined) return { kind: 'used', votes, callId: usedBy };
    return nowMs > expiresAtMs ? EXPIRED : { kind: 'approved', votes };
  }
  return nowMs > expiresAtMs ? EXPIRED : { kind: 'pending', missing: missing(approvers, counted) };
}

const EXPIRED: Standing = Object.freeze({ kind: 'expired' });

/** Why a person may not decide; undefined when the person may. */
export function barredFrom(
  approval: Pick<Approval, 'agent' | 'user'>,
  person: { readonly name: string; readonly roles: readonly string[] },
  approvers: readonly ApproverRequirement[],
): string | undefined {
  if (isRequester(approval, person.name)) return 'nobody decides about what he asked for himself';
  const named = { by: person.name, roles: person.roles };
  if (approvers.some((requirement) => isEligible(requirement, named))) return undefined;
  return 'the rule that asks wants other people';
}

function mayCount(
  approval: Approval,
  vote: Vote,
  approvers: readonly ApproverRequirement[],
  counted: readonly Vote[],
): boolean {
  // INVARIANT: nobody counts twice, and what comes after the end does not count.
  if (vote.atMs > approval.expiresAtMs || counted.some(({ by }) => isSame(by, vote.by))) return false;
  // Where several have to agree, nobody changes on his own what they agree on.
  if (vote.edited && quorumOf(approvers) > 1) return false;
  return barredFrom(approval, { name: vote.by, roles: vote.roles }, approvers) === undefined;
}

/** SECURITY: neither the agent nor the person on whose behalf it acts decides about its call. */
function isRequester({ agent, user }: Pick<Approval, 'agent' | 'user'>, name: string): boolean {
  return isSame(agent, name) || isSame(user, name);
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function isEligible(
  { people, roles }: ApproverRequirement,
  vote: { readonly by: string; readonly roles: readonly string[] },
): boolean {
  if (people.length === 0 && roles.length === 0) return true;
  return people.some((name) => isSame(name, vote.by)) || vote.roles.some((role) => roles.includes(role));
}

/** How many words are missing, of the requirement that lacks most. */
function missing(approvers: readonly ApproverRequirement[], counted: readonly Vote[]): number {
  return Math.max(
    // Without any requirement one word is still needed.
    1 - counted.length,
    ...approvers.map((one) => one.quorum - counted.filter((vote) => isEligible(one, vote)).length),
  );
}

/** How many people have to agree at least. */
export function quorumOf(approvers: readonly ApproverRequirement[]): number {
  return Math.max(1, ...approvers.map(({ quorum }) => quorum));
}
