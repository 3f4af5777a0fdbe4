import {
  type Approval,
  type ApprovalQuestion,
  type Ballot,
  type EventDraft,
  type Grant,
  grantDraft,
  judgeApproval,
  type Standing,
  voteDraft,
} from '@aegis/core';
import type { Clock, Ids, NotTaken, Person } from '../ports.ts';
import { type Answer, checkAnswer, grantFor, type InForce } from './answer.ts';
import type { ApprovalFollower } from './follower.ts';
import { isTokenOf, readToken } from './token.ts';

export interface DeskPorts {
  readonly follower: ApprovalFollower;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mac: (text: string) => string;
  /** Makes what a person said durable, in a session of that person in the tenant's log. Rejects with `STORE_UNAVAILABLE`. */
  readonly record: (
    tenant: string,
    person: string,
    drafts: readonly [EventDraft, ...EventDraft[]],
  ) => Promise<void>;
  readonly inForce: () => InForce;
  /** Called when an answer was taken. */
  readonly answered: () => void;
}

/** An approval as a person sees it. */
export interface ShownApproval {
  readonly approval: Approval;
  readonly standing: Standing;
  /** Undefined when it was erased, or is not what the approval is bound to. */
  readonly question: ApprovalQuestion | undefined;
}

/** What came of an answer that was taken. */
export interface Taken extends ShownApproval {
  /** The grant that was made with it. */
  readonly grantId: string | undefined;
}

/** Where people see what is asked, and answer. Each method reads the ledger first, and takes no word from memory. */
export class ApprovalDesk {
  readonly #ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  /** What is asked, the oldest first; all that is still known of with `all`. */
  async list(
    options: { readonly tenant?: string; readonly all?: boolean } = {},
  ): Promise<readonly ShownApproval[]> {
    const { follower, clock } = this.#ports;
    await follower.refresh();
    const shown: ShownApproval[] = [];
    for (const approval of follower.book.approvals.values()) {
      if (options.tenant !== undefined && approval.tenant !== options.tenant) continue;
      if (options.all !== true && judgeApproval(approval, clock.now()).kind !== 'pending') continue;
      shown.push(await this.#shown(approval));
    }
    return shown;
  }

  async show(id: string, tenant?: string): Promise<ShownApproval | undefined> {
    await this.#ports.follower.refresh();
    const approval = this.#find(id, tenant);
    return approval && this.#shown(approval);
  }

  /** What a token leads to, and in whose name; undefined for one that was not made here. */
  async open(token: string): Promise<(ShownApproval & { readonly person: string | undefined }) | undefined> {
    const claim = readToken(token);
    if (claim === undefined) return undefined;
    const shown = await this.show(claim.approvalId);
    if (shown === undefined || !isTokenOf(token, shown.approval, claim.person, this.#ports.mac))
      return undefined;
    return { ...shown, person: claim.person };
  }

  /** Takes a person's answer, and says how the approval stands then, or why it was not taken. */
  async answer(id: string, answer: Answer, tenant?: string): Promise<Taken | NotTaken> {
    const { follower, clock, ids, mac, record, inForce, answered } = this.#ports;
    const shown = await this.show(id, tenant);
    if (shown === undefined) return { problem: 'unknown', message: `there is no approval \`${id}\`` };
    const { approval, question } = shown;
    if (question === undefined) {
      return { problem: 'changed', message: 'what was asked is gone, or is not what was asked' };
    }
    const refused = checkAnswer(approval, question, answer, inForce(), clock.now());
    if (refused !== undefined) return refused;
    const { person, door, approved, why, edited, grant: wish } = answer;
    const ballot: Ballot = {
      by: person.name,
      roles: person.roles,
      approved,
      door,
      ...(why === undefined ? {} : { why }),
      ...(edited === undefined ? {} : { edited }),
    };
    const grant =
      wish && grantFor(approval, question, answer, wish, { id: ids.next('grt'), nowMs: clock.now() });
    const vote = voteDraft(approval, ballot, question.args, mac);
    const granted = grant === undefined ? [] : [grantDraft(grant, mac)];
    await record(approval.tenant, person.name, [vote, ...granted]);
    await follower.refresh();
    answered();
    const now = await this.show(id);
    // Two people can have answered at the same moment: the log says who was first.
    if (now === undefined || !counts(now.standing, person, approved)) {
      return { problem: 'settled', message: 'somebody else was faster' };
    }
    return { ...now, grantId: grant?.id };
  }

  /** Every grant that holds; with `all` also those that are over. */
  async grants(
    options: { readonly tenant?: string; readonly all?: boolean } = {},
  ): Promise<readonly Grant[]> {
    const { follower, clock } = this.#ports;
    await follower.refresh();
    return [...follower.book.grants.values()].filter(
      ({ tenant, revokedBy, expiresAtMs }) =>
        (options.tenant === undefined || tenant === options.tenant) &&
        (options.all === true || (revokedBy === undefined && clock.now() <= expiresAtMs)),
    );
  }

  /** Takes a grant back. */
  async revoke(
    id: string,
    { person, door, why }: Pick<Answer, 'person' | 'door' | 'why'>,
    tenant?: string,
  ): Promise<Grant | NotTaken> {
    const { follower, record } = this.#ports;
    const grant = (await this.grants({ all: true, ...(tenant === undefined ? {} : { tenant }) })).find(
      (one) => one.id === id,
    );
    if (grant === undefined) return { problem: 'unknown', message: `there is no grant \`${id}\`` };
    if (grant.revokedBy !== undefined) {
      return { problem: 'settled', message: `${grant.revokedBy} has revoked it already` };
    }
    const payload = { grant_id: id, by: person.name, door, ...(why === undefined ? {} : { why }) };
    await record(grant.tenant, person.name, [{ type: 'GRANT_REVOKED', payload }]);
    await follower.refresh();
    return follower.book.grants.get(id) ?? grant;
  }

  #find(id: string, tenant: string | undefined): Approval | undefined {
    const approval = this.#ports.follower.book.approvals.get(id);
    // SECURITY: what another tenant is asked does not exist.
    return tenant !== undefined && approval?.tenant !== tenant ? undefined : approval;
  }

  async #shown(approval: Approval): Promise<ShownApproval> {
    const standing = judgeApproval(approval, this.#ports.clock.now());
    return { approval, standing, question: await this.#ports.follower.question(approval) };
  }
}

/** Whether a person's word is among those on which an approval stands. */
function counts(standing: Standing, { name }: Person, approved: boolean): boolean {
  switch (standing.kind) {
    case 'pending':
      return true;
    case 'refused':
      return !approved && standing.vote.by === name;
    case 'approved':
    case 'used':
      return approved && standing.votes.some(({ by }) => by === name);
    case 'expired':
      return false;
  }
}
