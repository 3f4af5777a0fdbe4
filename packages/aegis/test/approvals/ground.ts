// Both sides of approvals over a store in memory: real follower, queue and desk. Fake are time, ids and people.
import type { ApprovalQuestion, EventDraft, JsonObject } from '@aegis/core';
import { createHmac } from 'node:crypto';
import type { Answer } from '../../src/approvals/answer.ts';
import type { Notice } from '../../src/approvals/channels/channel.ts';
import { ApprovalDesk } from '../../src/approvals/desk.ts';
import { ApprovalFollower } from '../../src/approvals/follower.ts';
import { Links } from '../../src/approvals/links.ts';
import { News } from '../../src/approvals/news.ts';
import { ApprovalQueue } from '../../src/approvals/queue.ts';
import { approvalRequested } from '../../src/enforce/evidence.ts';
import { OwnSession, ownCaller } from '../../src/enforce/own-session.ts';
import { createIds, sha256, utf8 } from '../../src/platform.ts';
import type { AskedApproval, EventStore, HeldCall, Verdict } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { FixedClock } from '../enforce/harness.ts';

export const CALL: HeldCall = {
  callId: 'call_1',
  tenant: 'acme',
  session: 'ses_1',
  agent: 'bot',
  user: 'olga',
  method: 'tools/call',
  server: 'mail',
  kind: 'tool',
  name: 'send',
  args: { to: 'ops@acme.example' },
  definition: undefined,
  policyDigest: 'e'.repeat(64),
  grounds: ['ask'],
  messages: ['a person has to look'],
  capabilities: [],
  findings: [],
  approvers: [],
};

export const mac = (text: string): string => createHmac('sha256', 'the key').update(text).digest('hex');

interface ProcessOptions {
  readonly store?: EventStore;
  readonly clock?: FixedClock;
  readonly quorum?: number;
  readonly expiresMs?: number;
}

/** One process on a ledger. */
export class Process {
  readonly clock: FixedClock;
  readonly store: EventStore;
  readonly follower: ApprovalFollower;
  readonly queue: ApprovalQueue;
  readonly desk: ApprovalDesk;
  readonly told: Notice[] = [];
  inForce: {
    policyDigest: string | undefined;
    definition: ((question: ApprovalQuestion) => string | undefined) | undefined;
  } = {
    policyDigest: CALL.policyDigest,
    definition: () => undefined,
  };
  readonly #ports;
  readonly #sessions = new Map<string, OwnSession>();
  #calls = 0;

  constructor({
    store = createMemoryStore(),
    clock = new FixedClock(),
    quorum = 1,
    expiresMs = 60_000,
  }: ProcessOptions = {}) {
    this.clock = clock;
    this.store = store;
    const ids = createIds(clock);
    this.#ports = { clock, ids, store, sha256, utf8 };
    this.follower = new ApprovalFollower({ store, clock, sha256, mac });
    const news = new News(this.follower);
    this.queue = new ApprovalQueue(
      {
        follower: this.follower,
        news,
        clock,
        ids,
        mac,
        record: (tenant, draft) => this.record(tenant, 'aegis', [draft]),
        notify: (notice) => this.told.push(notice),
        links: new Links(mac),
        sendsClients: true,
        byClient: undefined,
        knows: (name) => name !== 'dismissed',
      },
      { waitMs: 0, expiresMs, quorum },
    );
    this.desk = new ApprovalDesk({
      follower: this.follower,
      clock,
      ids,
      mac,
      record: (tenant, person, drafts) => this.record(tenant, person, drafts),
      inForce: () => this.inForce,
      answered: () => news.wake(),
    });
  }

  async record(tenant: string, user: string, drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void> {
    const key = `${tenant} ${user}`;
    const session =
      this.#sessions.get(key) ??
      new OwnSession(this.#ports, () => CALL.policyDigest, { ...ownCaller(user), tenant });
    this.#sessions.set(key, session);
    await session.record(drafts);
  }

  /** Makes a call as the kernel does: considers it, records that it is asked, and asks. */
  async call(over: Partial<HeldCall> = {}): Promise<{ asked: AskedApproval | undefined; verdict: Verdict }> {
    const call = { ...CALL, ...over, callId: `call_${process.hrtime.bigint()}_${++this.#calls}` };
    const asked = await this.queue.consider(call);
    if (asked === undefined) return { asked, verdict: { kind: 'unavailable' } };
    const proposed: EventDraft = {
      type: 'TOOL_CALL_PROPOSED',
      payload: {
        call_id: call.callId,
        server: call.server,
        tool_name: call.name,
        method: call.method,
        fingerprint: 'x',
        capabilities: [],
        finding_ids: [],
      },
    };
    const decided: EventDraft = {
      type: 'POLICY_DECISION',
      payload: {
        call_id: call.callId,
        effect: 'require_approval',
        mode: 'enforce',
        audit: false,
        policy_digest: call.policyDigest,
        reasons: [{ code: 'APPROVAL_REQUIRED', phase: 'approval', rule: 'ask', message: 'asks' }],
        obligations: { mask: [], timeout_ms: 1, max_output_bytes: 1 },
      },
    };
    const requested = approvalRequested({ request: { id: call.callId } } as never, call, asked);
    await this.record(call.tenant, call.user, [proposed, decided, requested]);
    if (asked.grant !== undefined) return { asked, verdict: { kind: 'approved', by: asked.grant.by } };
    return { asked, verdict: await this.queue.ask(call, asked, {}) };
  }

  answer(id: string, by: string, over: Partial<Answer> = {}) {
    return this.desk.answer(id, { person: { name: by, roles: [] }, door: 'cli', approved: true, ...over });
  }
}

export const grantOf = (came: unknown): string => String((came as { grantId?: string }).grantId);

export const problemOf = (came: unknown): unknown => (came as JsonObject)['problem'];
