// Events of approvals as a log would give them, with a MAC that is good enough to tell forgeries.
import { ApprovalBook, type BookedEvent } from '../../src/approval/book.ts';
import { type Grant, grantDraft, readGranted } from '../../src/approval/grant.ts';
import { bindingText, type ApprovalQuestion } from '../../src/approval/question.ts';
import { type Ballot, voteDraft } from '../../src/approval/vote.ts';
import type { ApproverRequirement } from '../../src/model/approver.ts';
import type { EventDraft } from '../../src/model/event.ts';
import { isJsonObject } from '../../src/model/json.ts';

export const START_MS = 1_000_000;
export const EXPIRES_MS = START_MS + 60_000;
export const TENANT = 'acme';

/** A MAC of 64 hex digits: FNV-1a over the text and the key, spread out. */
export function macWith(key: string): (text: string) => string {
  return (text) => {
    let out = '';
    for (let round = 0; out.length < 64; round++) {
      let hash = 0x811c9dc5 ^ round;
      for (const unit of `${key}\n${round}\n${text}`)
        hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
      out += (hash >>> 0).toString(16).padStart(8, '0');
    }
    return out;
  };
}

export const mac = macWith('the key');

export const QUESTION: ApprovalQuestion = {
  agent: 'bot',
  user: 'olga',
  method: 'tools/call',
  server: 'mail',
  kind: 'tool',
  name: 'send',
  args: { to: 'ops@acme.example', text: 'hello' },
  definition: 'd'.repeat(64),
  policyDigest: 'e'.repeat(64),
  grounds: ['ask'],
  messages: ['a person has to look'],
  capabilities: ['mail.send'],
  findings: [],
};

const PLACE = { id: 'apr_1', tenant: TENANT, expiresAtMs: EXPIRES_MS };
export const BINDING = mac(bindingText(PLACE, QUESTION));

export const ANYBODY: readonly ApproverRequirement[] = [{ quorum: 1, roles: [], people: [] }];

/** A log: what is put into it gets the next position. */
export class Log {
  readonly book = new ApprovalBook(mac);
  #position = 0;

  put(draft: EventDraft, { tenant = TENANT, user = 'olga', atMs = START_MS } = {}): this {
    const position = ++this.#position;
    const envelope = {
      event_type: draft.type,
      payload: draft.payload,
      seq: position,
      session_id: 'ses_1',
      tenant_id: tenant,
      user_id: user,
      ts_unix_ms: atMs,
    };
    const edited = draft.type === 'APPROVAL_VOTED' ? draft.sealed?.['args'] : undefined;
    const event: BookedEvent = {
      envelope,
      position,
      edited: isJsonObject(edited) ? edited : undefined,
      granted: draft.type === 'GRANT_MADE' ? readGranted(draft.sealed?.['args']) : undefined,
    };
    this.book.take(event);
    return this;
  }

  ask(approvers = ANYBODY): this {
    return this.put({
      type: 'APPROVAL_REQUESTED',
      payload: {
        call_id: 'call_1',
        approval_id: PLACE.id,
        agent: QUESTION.agent,
        binding: BINDING,
        expires_at_ms: EXPIRES_MS,
        approvers: approvers.map(({ quorum, roles, people }) => ({ quorum, roles, people })),
      },
    });
  }

  vote(ballot: Partial<Ballot> & { readonly by: string }, options: Parameters<Log['put']>[1] = {}): this {
    return this.put(voteOf(ballot), options);
  }

  use(callId: string): this {
    return this.put({ type: 'APPROVAL_USED', payload: { approval_id: PLACE.id, call_id: callId } });
  }

  grant(grant: Partial<GrantGiven> = {}): this {
    return this.put(grantDraft({ ...GRANT, ...grant }, mac));
  }

  get approval() {
    const approval = this.book.approvals.get(PLACE.id);
    if (approval === undefined) throw new Error('nothing was asked');
    return approval;
  }
}

export function voteOf(ballot: Partial<Ballot> & { readonly by: string }, key = mac): EventDraft {
  const whole = { roles: [], approved: true, door: 'cli', ...ballot };
  return voteDraft({ ...PLACE, binding: BINDING }, whole, QUESTION.args, key);
}

type GrantGiven = Omit<Grant, 'madeAtMs' | 'revokedBy'>;

export const GRANT: GrantGiven = {
  id: 'grt_1',
  tenant: TENANT,
  approvalId: PLACE.id,
  by: 'ann',
  door: 'cli',
  agent: 'bot',
  session: undefined,
  method: 'tools/call',
  server: 'mail',
  name: 'send',
  args: { kind: 'like', values: { to: 'ops@acme.example' }, globs: { text: '*' } },
  definition: QUESTION.definition,
  policyDigest: QUESTION.policyDigest,
  grounds: ['ask'],
  expiresAtMs: START_MS + 600_000,
};
