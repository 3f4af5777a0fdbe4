import type { Payload } from '../ledger/payloads.ts';
import type { Envelope } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { Approval } from './approval.ts';
import { type Grant, grantText, type GrantedArguments } from './grant.ts';
import { judgeApproval, quorumOf } from './judge.ts';
import { sameMac } from './same-mac.ts';
import { voteText } from './vote.ts';

/** One event of the log, with what was sealed beside it as far as it is still there. */
export interface BookedEvent {
  readonly envelope: Envelope;
  readonly position: number;
  /** Of a vote: the arguments that the person gave instead. */
  readonly edited?: JsonObject | undefined;
  /** Of a grant: the arguments that it covers. */
  readonly granted?: GrantedArguments | undefined;
}

/** The most approvals and grants that are kept; those that ended longest ago give way. */
const MAX_KEPT = 10_000;

/**
 * What people were asked, said and granted: a fold of the log and of nothing else, the same in every
 * process that reads it.
 *
 * SECURITY: a vote and a grant count only with the MAC that a process made which took them from a person.
 */
export class ApprovalBook {
  readonly #mac: (text: string) => string;
  readonly #approvals = new Map<string, Approval>();
  readonly #grants = new Map<string, Grant>();

  constructor(mac: (text: string) => string) {
    this.#mac = mac;
  }

  get approvals(): ReadonlyMap<string, Approval> {
    return this.#approvals;
  }

  get grants(): ReadonlyMap<string, Grant> {
    return this.#grants;
  }

  /** Takes the next event of the log; one that does not count changes nothing. */
  take(event: BookedEvent): void {
    switch (event.envelope.event_type) {
      case 'APPROVAL_REQUESTED':
        return this.#requested(event);
      case 'APPROVAL_VOTED':
        return this.#voted(event);
      case 'APPROVAL_USED':
        return this.#used(event);
      case 'GRANT_MADE':
        return this.#granted(event);
      case 'GRANT_REVOKED':
        return this.#revoked(event);
      default:
    }
  }

  /** A call that asks again for what is asked already changes nothing. */
  #requested({ envelope, position }: BookedEvent): void {
    const asked = envelope.payload as Payload<'APPROVAL_REQUESTED'>;
    const { approval_id: id, binding, agent, expires_at_ms: expiresAtMs } = asked;
    if (id === undefined || binding === undefined || agent === undefined || expiresAtMs === undefined) return;
    if (this.#approvals.has(id)) return;
    this.#approvals.set(id, {
      id,
      tenant: envelope.tenant_id,
      session: envelope.session_id,
      callId: asked.call_id,
      agent,
      user: envelope.user_id,
      binding,
      approvers: asked.approvers ?? [],
      requestedAtMs: envelope.ts_unix_ms,
      expiresAtMs,
      position,
      votes: [],
      usedBy: undefined,
    });
    drop(this.#approvals, (one) => one.expiresAtMs < envelope.ts_unix_ms);
  }

  #voted({ envelope, position, edited }: BookedEvent): void {
    const said = envelope.payload as Payload<'APPROVAL_VOTED'>;
    const approval = this.#approvals.get(said.approval_id);
    // SECURITY: nobody decides about what another tenant's agent asked for.
    if (approval === undefined || approval.tenant !== envelope.tenant_id) return;
    const { by, roles, approved, door, why } = said;
    // Erased arguments cannot be run.
    if (said.edited && edited === undefined) return;
    const ballot = { by, roles, approved, door, ...(said.edited && edited !== undefined ? { edited } : {}) };
    if (!sameMac(said.proof, this.#mac(voteText(approval, ballot)))) return;
    const vote = {
      by,
      roles,
      approved,
      atMs: envelope.ts_unix_ms,
      door,
      why,
      edited: said.edited,
      position,
    };
    this.#approvals.set(approval.id, { ...approval, votes: [...approval.votes, vote] });
  }

  /** INVARIANT: the first call in the log that uses an approval is the only one. */
  #used({ envelope }: BookedEvent): void {
    const { approval_id, call_id: usedBy } = envelope.payload as Payload<'APPROVAL_USED'>;
    const approval = this.#approvals.get(approval_id);
    if (approval === undefined || approval.tenant !== envelope.tenant_id) return;
    if (approval.usedBy === undefined) this.#approvals.set(approval.id, { ...approval, usedBy });
  }

  #granted({ envelope, granted }: BookedEvent): void {
    const made = envelope.payload as Payload<'GRANT_MADE'>;
    const approval = this.#approvals.get(made.approval_id);
    const { tenant_id: tenant, ts_unix_ms: madeAtMs } = envelope;
    if (granted === undefined || approval?.tenant !== tenant || this.#grants.has(made.grant_id)) return;
    const given = {
      id: made.grant_id,
      tenant,
      approvalId: made.approval_id,
      by: made.by,
      door: made.door,
      agent: made.agent,
      session: made.session,
      method: made.method,
      server: made.server,
      name: made.name,
      args: granted,
      definition: made.definition,
      policyDigest: made.policy_digest,
      grounds: made.grounds,
      expiresAtMs: made.expires_at_ms,
    };
    if (!sameMac(made.proof, this.#mac(grantText(given)))) return;
    // SECURITY: a grant stands on a word that counted, and nobody grants alone what several have to approve.
    const standing = judgeApproval(approval, madeAtMs);
    const counted = standing.kind === 'approved' && standing.votes.some(({ by }) => by === made.by);
    if (!counted || quorumOf(approval.approvers) > 1) return;
    this.#grants.set(given.id, { ...given, madeAtMs, revokedBy: undefined });
    drop(this.#grants, (one) => one.expiresAtMs < madeAtMs);
  }

  #revoked({ envelope }: BookedEvent): void {
    const { grant_id, by } = envelope.payload as Payload<'GRANT_REVOKED'>;
    const grant = this.#grants.get(grant_id);
    if (grant === undefined || grant.tenant !== envelope.tenant_id) return;
    this.#grants.set(grant.id, { ...grant, revokedBy: grant.revokedBy ?? by });
  }
}

/** Makes room: what is over first, then what is oldest. */
function drop<Kept>(kept: Map<string, Kept>, isOver: (one: Kept) => boolean): void {
  if (kept.size <= MAX_KEPT) return;
  for (const [id, one] of kept) if (isOver(one)) kept.delete(id);
  for (const id of kept.keys()) {
    if (kept.size <= MAX_KEPT) return;
    kept.delete(id);
  }
}
