import {
  type Approval,
  type ApproverRequirement,
  bindingText,
  type EventDraft,
  grantCovers,
  judgeApproval,
  quorumOf,
} from '@aegis/core';
import type { Approver, AskedApproval, Clock, HeldCall, Ids, Verdict } from '../ports.ts';
import type { Notice } from './channels/channel.ts';
import type { ApprovalFollower } from './follower.ts';
import type { Links } from './links.ts';
import type { News } from './news.ts';

export interface QueuePorts {
  readonly follower: ApprovalFollower;
  readonly news: News;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mac: (text: string) => string;
  /** Makes an event of Aegis itself durable in a tenant's log. Rejects with `STORE_UNAVAILABLE`. */
  readonly record: (tenant: string, draft: EventDraft) => Promise<void>;
  /** Tells people that they are asked. Must not throw. */
  readonly notify: (notice: Notice) => void;
  readonly links: Links;
  /** Whether clients are sent to pages. */
  readonly sendsClients: boolean;
  /** Takes the word of the user of an agent's client; undefined where it does not count. Must not throw. */
  readonly byClient: ((id: string, agent: string, approved: boolean) => void) | undefined;
  /** Whether a person may still approve here. */
  readonly knows: (person: string) => boolean;
}

export interface QueueSettings {
  /** How long a call waits for an answer before it is answered that people are asked, in milliseconds. */
  readonly waitMs: number;
  /** How long people have to answer, and the call to run on it, in milliseconds. */
  readonly expiresMs: number;
  /** How many people have to agree to any call, whatever its rule says. */
  readonly quorum: number;
}

/** Questions of one agent, and of all, that may wait at a time: people are not to be worn down. */
const MAX_PENDING_PER_AGENT = 32;
const MAX_PENDING = 1_024;

/** Asks people about held calls. What was asked and said is read from the ledger alone. */
export class ApprovalQueue implements Approver {
  readonly #ports: QueuePorts;
  readonly #settings: QueueSettings;
  /** What this process is about to ask, by the question: equal calls wait for one answer. */
  readonly #opening = new Map<string, AskedApproval>();
  readonly #told = new Set<string>();

  constructor(ports: QueuePorts, settings: QueueSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  async consider(call: HeldCall): Promise<AskedApproval | undefined> {
    const { follower, clock, ids, mac } = this.#ports;
    await follower.refresh();
    const nowMs = clock.now();
    const approvers = this.#approvers(call);
    const known = this.#known(call, approvers, nowMs);
    const isOpen = known === undefined || judgeApproval(known, nowMs, approvers).kind === 'pending';
    // What was said of this very call counts before what was granted for all like it.
    const granted = isOpen ? this.#granted(call, approvers, nowMs) : undefined;
    if (granted !== undefined) return granted;
    await this.#ports.links.ready();
    if (known !== undefined) return { ...this.#asked(known, approvers), isOpen };
    const key = bindingText({ id: '', tenant: call.tenant, expiresAtMs: 0 }, call);
    const opening = this.#opening.get(key);
    if (opening !== undefined && nowMs <= opening.expiresAtMs && !follower.book.approvals.has(opening.id)) {
      return opening;
    }
    this.#forgetOld(nowMs);
    if (!this.#hasRoom(call, nowMs)) return undefined;
    const place = { id: ids.next('apr'), tenant: call.tenant, expiresAtMs: nowMs + this.#settings.expiresMs };
    const binding = mac(bindingText(place, call));
    const asking = { ...place, callId: call.callId, agent: call.agent, binding };
    const asked = { ...this.#asked(asking, approvers), isNew: true };
    this.#opening.set(key, asked);
    return asked;
  }

  async ask(
    call: HeldCall,
    asked: AskedApproval,
    { waitMs = this.#settings.waitMs, signal }: Parameters<Approver['ask']>[2],
  ): Promise<Verdict> {
    const { follower, clock, notify } = this.#ports;
    await follower.refresh();
    const approval = follower.book.approvals.get(asked.id);
    if (asked.isNew && approval !== undefined && !this.#told.has(asked.id)) {
      this.#told.add(asked.id);
      notify({ approval, question: call });
    }
    const deadline = performance.now() + waitMs;
    for (;;) {
      // A call that nobody waits for any more must not use up what a person said.
      if (signal?.aborted === true) return { kind: 'pending' };
      const verdict = await this.#verdict(call, asked);
      if (verdict.kind !== 'pending') return verdict;
      const leftMs = Math.min(deadline - performance.now(), asked.expiresAtMs + 1 - clock.now());
      if (leftMs <= 0) return verdict;
      await this.#ports.news.wait(leftMs, signal);
    }
  }

  async #verdict(call: HeldCall, asked: AskedApproval): Promise<Verdict> {
    const { follower, clock } = this.#ports;
    const approval = follower.book.approvals.get(asked.id);
    if (approval === undefined) return { kind: 'pending' };
    const standing = judgeApproval(approval, clock.now(), asked.approvers);
    switch (standing.kind) {
      case 'pending':
      case 'expired':
        return standing.kind === 'pending' ? { kind: 'pending' } : { kind: 'expired' };
      case 'used':
        return { kind: 'used' };
      case 'refused': {
        const { by, door, why } = standing.vote;
        return { kind: 'refused', by, door, ...(why === undefined ? {} : { why }) };
      }
      case 'approved': {
        const [first] = standing.votes;
        const edited = first.edited ? await follower.edited(first.position) : undefined;
        // SECURITY: what a person changed runs as it was changed, or not at all.
        if (first.edited && (edited === undefined || call.method !== 'tools/call'))
          return { kind: 'expired' };
        if (!(await this.#claim(approval, call.callId))) return { kind: 'used' };
        const { door, why } = first;
        const by = standing.votes.map((vote) => vote.by).join(' and ');
        return {
          kind: 'approved',
          by,
          door,
          ...(why === undefined ? {} : { why }),
          ...(edited === undefined ? {} : { edited }),
        };
      }
    }
  }

  /**
   * Makes the approval this call's own.
   *
   * INVARIANT: of all calls that claim an approval, in whichever processes, the first in the log has it.
   * The claim is durable before the log is read, so that two of them see each other.
   */
  async #claim({ id, tenant }: Approval, callId: string): Promise<boolean> {
    const { follower, record } = this.#ports;
    await record(tenant, { type: 'APPROVAL_USED', payload: { approval_id: id, call_id: callId } });
    await follower.refresh();
    return follower.book.approvals.get(id)?.usedBy === callId;
  }

  /** Where rules say whose word they want, anybody's is not enough. */
  #approvers({ approvers }: HeldCall): readonly ApproverRequirement[] {
    const { quorum } = this.#settings;
    if (quorum === 1 && approvers.length > 0) return approvers;
    return [{ quorum, roles: [], people: [] }, ...approvers];
  }

  #granted(
    call: HeldCall,
    approvers: readonly ApproverRequirement[],
    nowMs: number,
  ): AskedApproval | undefined {
    const { follower, knows } = this.#ports;
    if (quorumOf(approvers) > 1) return undefined;
    for (const grant of follower.book.grants.values()) {
      if (!grantCovers(grant, call, nowMs) || !knows(grant.by)) continue;
      const { id, by, door, approvalId, expiresAtMs } = grant;
      const approval = { id: approvalId, binding: '', approvers, expiresAtMs };
      return {
        ...approval,
        isNew: false,
        isOpen: false,
        page: undefined,
        decide: undefined,
        grant: { id, by, door },
      };
    }
    return undefined;
  }

  /** The question that is asked already, or was answered, and that no call has run on. */
  #known(call: HeldCall, approvers: readonly ApproverRequirement[], nowMs: number): Approval | undefined {
    const { follower, mac } = this.#ports;
    for (const approval of [...follower.book.approvals.values()].toReversed()) {
      const { tenant, agent, user, expiresAtMs } = approval;
      if (tenant !== call.tenant || agent !== call.agent || user !== call.user || expiresAtMs < nowMs)
        continue;
      const standing = judgeApproval(approval, nowMs, approvers);
      if (standing.kind === 'used' || standing.kind === 'expired') continue;
      if (mac(bindingText(approval, call)) === approval.binding) return approval;
    }
    return undefined;
  }

  #asked(
    approval: Pick<Approval, 'id' | 'tenant' | 'callId' | 'agent' | 'binding' | 'expiresAtMs'>,
    approvers: readonly ApproverRequirement[],
  ): AskedApproval {
    const { id, agent, binding, expiresAtMs } = approval;
    const { links, sendsClients } = this.#ports;
    const page = sendsClients ? links.to(approval, undefined) : undefined;
    const decide =
      this.#ports.byClient && ((approved: boolean) => this.#ports.byClient?.(id, agent, approved));
    return {
      id,
      binding,
      approvers,
      expiresAtMs,
      isNew: false,
      isOpen: true,
      page,
      decide,
      grant: undefined,
    };
  }

  #hasRoom({ tenant, agent }: HeldCall, nowMs: number): boolean {
    let all = 0;
    let own = 0;
    for (const approval of this.#ports.follower.book.approvals.values()) {
      if (judgeApproval(approval, nowMs).kind !== 'pending') continue;
      all++;
      if (approval.tenant === tenant && approval.agent === agent) own++;
    }
    return own < MAX_PENDING_PER_AGENT && all < MAX_PENDING;
  }

  #forgetOld(nowMs: number): void {
    const { approvals } = this.#ports.follower.book;
    for (const [key, { id, expiresAtMs }] of this.#opening) {
      if (expiresAtMs < nowMs || approvals.has(id)) this.#opening.delete(key);
    }
    for (const id of this.#told) {
      if ((approvals.get(id)?.expiresAtMs ?? 0) < nowMs) this.#told.delete(id);
    }
  }
}
