import {
  type Approval,
  type ApprovalQuestion,
  type Grant,
  grantedJson,
  type JsonObject,
  questionJson,
} from '@aegis/core';
import type { ShownApproval, Taken } from './desk.ts';

/** A question in wire names, as channels and doors show it. */
export function questionView(approval: Approval, question: ApprovalQuestion | undefined): JsonObject {
  const { id, tenant, session, callId, agent, user, approvers, requestedAtMs, expiresAtMs } = approval;
  return {
    id,
    tenant,
    session,
    call_id: callId,
    agent,
    user,
    approvers: approvers.map(({ quorum, roles, people }) => ({ quorum, roles, people })),
    requested_at_ms: requestedAtMs,
    expires_at_ms: expiresAtMs,
    question: question === undefined ? null : questionJson(question),
  };
}

/** An approval in wire names, with how it stands and who said what. */
export function approvalView({ approval, standing, question }: ShownApproval): JsonObject {
  return {
    ...questionView(approval, question),
    status: standing.kind,
    missing: standing.kind === 'pending' ? standing.missing : 0,
    votes: approval.votes.map(({ by, roles, approved, atMs, door, why, edited }) => ({
      by,
      roles,
      approved,
      at_ms: atMs,
      door,
      edited,
      ...(why === undefined ? {} : { why }),
    })),
    ...(approval.usedBy === undefined ? {} : { used_by: approval.usedBy }),
  };
}

/** What came of an answer. */
export function takenView(taken: Taken): JsonObject {
  const { grantId } = taken;
  return { ...approvalView(taken), ...(grantId === undefined ? {} : { grant_id: grantId }) };
}

/** A grant in wire names. */
export function grantView(grant: Grant, nowMs: number): JsonObject {
  const { id, tenant, approvalId, by, door, agent, session, method, server, name, args, grounds } = grant;
  return {
    id,
    tenant,
    approval_id: approvalId,
    by,
    door,
    agent,
    ...(session === undefined ? {} : { session }),
    method,
    server,
    name,
    args: grantedJson(args),
    grounds,
    made_at_ms: grant.madeAtMs,
    expires_at_ms: grant.expiresAtMs,
    status: grant.revokedBy !== undefined ? 'revoked' : nowMs > grant.expiresAtMs ? 'expired' : 'active',
    ...(grant.revokedBy === undefined ? {} : { revoked_by: grant.revokedBy }),
  };
}
