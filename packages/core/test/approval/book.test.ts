import { describe, expect, it } from 'vitest';
import { grantDraft } from '../../src/approval/grant.ts';
import { judgeApproval } from '../../src/approval/judge.ts';
import { GRANT, Log, mac, macWith, START_MS, voteOf } from './events.ts';

const forged = macWith('a key of somebody else');
const kind = (log: Log) => judgeApproval(log.approval, START_MS).kind;

describe('a forged event', () => {
  it('of a vote does not count', () => {
    expect(kind(new Log().ask().put(voteOf({ by: 'ann' }, forged)))).toBe('pending');
  });

  it('of a vote whose words were changed does not count', () => {
    const vote = voteOf({ by: 'ann', approved: false });
    const turned = { ...vote, payload: { ...vote.payload, approved: true } };
    const renamed = { ...vote, payload: { ...vote.payload, by: 'zoe', roles: ['lead'] } };
    expect(kind(new Log().ask().put(turned))).toBe('pending');
    expect(kind(new Log().ask().put(renamed))).toBe('pending');
  });

  it('of a vote with other arguments than the person gave does not count', () => {
    const vote = voteOf({ by: 'ann', edited: { to: 'ops@acme.example' } });
    const swapped = { ...vote, sealed: { args: { to: 'attacker@evil.example' } } };
    expect(kind(new Log().ask().put(swapped))).toBe('pending');
    expect(kind(new Log().ask().put(vote))).toBe('approved');
  });

  it('of a vote for another approval does not count here', () => {
    const vote = voteOf({ by: 'ann' });
    const log = new Log().ask().put({
      type: 'APPROVAL_REQUESTED',
      payload: {
        call_id: 'call_2',
        approval_id: 'apr_2',
        agent: 'bot',
        binding: 'f'.repeat(64),
        expires_at_ms: START_MS + 60_000,
      },
    });
    log.put({ ...vote, payload: { ...vote.payload, approval_id: 'apr_2' } });
    expect(log.book.approvals.get('apr_2')?.votes).toEqual([]);
  });

  it('of a grant gives nothing', () => {
    const log = new Log().ask().vote({ by: 'ann' }).put(grantDraft(GRANT, forged));
    expect(log.book.grants.size).toBe(0);
  });

  it('of a grant that was widened gives nothing', () => {
    const log = new Log().ask().vote({ by: 'ann' });
    log.put({ ...grantDraft(GRANT, mac), sealed: { args: { match: 'any' } } });
    expect(log.book.grants.size).toBe(0);
  });
});

describe('another tenant', () => {
  it('can neither vote, nor use, nor grant, nor revoke', () => {
    const other = { tenant: 'globex' };
    const log = new Log().ask().vote({ by: 'ann' }, other);
    expect(kind(log)).toBe('pending');
    log.vote({ by: 'ann' });
    log.put({ type: 'APPROVAL_USED', payload: { approval_id: 'apr_1', call_id: 'call_9' } }, other);
    expect(kind(log)).toBe('approved');
    log.put(grantDraft(GRANT, mac), other);
    expect(log.book.grants.size).toBe(0);
    log.grant();
    log.put({ type: 'GRANT_REVOKED', payload: { grant_id: 'grt_1', by: 'eve', door: 'cli' } }, other);
    expect(log.book.grants.get('grt_1')?.revokedBy).toBeUndefined();
  });
});

describe('a grant', () => {
  it('stands on a word that counted', () => {
    expect(new Log().ask().vote({ by: 'ann' }).grant().book.grants.size).toBe(1);
    expect(new Log().ask().grant().book.grants.size).toBe(0);
    expect(new Log().ask().vote({ by: 'bob' }).grant().book.grants.size).toBe(0);
    const late = new Log().ask().vote({ by: 'bob', approved: false }).vote({ by: 'ann' }).grant();
    expect(late.book.grants.size).toBe(0);
  });

  it('is given by nobody alone where several have to agree', () => {
    const log = new Log()
      .ask([{ quorum: 2, roles: [], people: [] }])
      .vote({ by: 'bob' })
      .vote({ by: 'ann' });
    expect(log.grant().book.grants.size).toBe(0);
  });

  it('that was taken back stays taken back', () => {
    const log = new Log().ask().vote({ by: 'ann' }).grant();
    log.put({ type: 'GRANT_REVOKED', payload: { grant_id: 'grt_1', by: 'bob', door: 'cli' } });
    log.grant();
    expect(log.book.grants.get('grt_1')?.revokedBy).toBe('bob');
  });
});

describe('what is asked again', () => {
  it('changes nothing of what was asked', () => {
    const log = new Log().ask().vote({ by: 'ann' }).ask([]);
    expect(log.approval.approvers).toHaveLength(1);
    expect(kind(log)).toBe('approved');
  });
});
