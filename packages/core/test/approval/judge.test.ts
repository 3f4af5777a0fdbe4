import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeApproval } from '../../src/approval/judge.ts';
import { EXPIRES_MS, Log, START_MS } from './events.ts';

const TWO = [{ quorum: 2, roles: [], people: [] }];
const standing = (log: Log, nowMs = START_MS) => judgeApproval(log.approval, nowMs);

describe('an approval', () => {
  it('waits until somebody answers, and is what the first one says', () => {
    expect(standing(new Log().ask())).toEqual({ kind: 'pending', missing: 1 });
    expect(standing(new Log().ask().vote({ by: 'ann' })).kind).toBe('approved');
    expect(standing(new Log().ask().vote({ by: 'ann', approved: false })).kind).toBe('refused');
  });

  it('raced by two approvers is what the first in the log says', () => {
    const refusedFirst = new Log().ask().vote({ by: 'ann', approved: false }).vote({ by: 'bob' });
    expect(standing(refusedFirst)).toMatchObject({ kind: 'refused', vote: { by: 'ann' } });
    const approvedFirst = new Log().ask().vote({ by: 'bob' }).vote({ by: 'ann', approved: false });
    expect(standing(approvedFirst)).toMatchObject({ kind: 'approved', votes: [{ by: 'bob' }] });
  });

  it('is never given by the agent, nor by the person on whose behalf it acts', () => {
    for (const by of ['bot', 'olga', 'OLGA ']) {
      expect(standing(new Log().ask().vote({ by })).kind).toBe('pending');
      expect(standing(new Log().ask().vote({ by, approved: false })).kind).toBe('pending');
    }
  });

  it('expires, and what comes after that does not count', () => {
    expect(standing(new Log().ask(), EXPIRES_MS + 1).kind).toBe('expired');
    expect(standing(new Log().ask().vote({ by: 'ann' }), EXPIRES_MS + 1).kind).toBe('expired');
    const late = new Log().ask().vote({ by: 'ann' }, { atMs: EXPIRES_MS + 1 });
    expect(standing(late, EXPIRES_MS).kind).toBe('pending');
  });

  it('of four eyes needs two people, and one cannot be both', () => {
    expect(standing(new Log().ask(TWO).vote({ by: 'ann' }))).toEqual({ kind: 'pending', missing: 1 });
    expect(standing(new Log().ask(TWO).vote({ by: 'ann' }).vote({ by: 'Ann' })).kind).toBe('pending');
    expect(standing(new Log().ask(TWO).vote({ by: 'ann' }).vote({ by: 'bob' })).kind).toBe('approved');
  });

  it('of four eyes is changed by nobody alone', () => {
    const log = new Log()
      .ask(TWO)
      .vote({ by: 'ann', edited: { to: 'me' } })
      .vote({ by: 'bob' });
    expect(standing(log)).toEqual({ kind: 'pending', missing: 1 });
  });

  it('is given by the people and the roles that the rule wants, and by no other', () => {
    const lead = [{ quorum: 1, roles: ['lead'], people: ['zoe'] }];
    expect(standing(new Log().ask(lead).vote({ by: 'ann' })).kind).toBe('pending');
    expect(standing(new Log().ask(lead).vote({ by: 'ann', roles: ['lead'] })).kind).toBe('approved');
    expect(standing(new Log().ask(lead).vote({ by: 'zoe' })).kind).toBe('approved');
  });

  it('with several requirements needs all of them met', () => {
    const both = [
      { quorum: 1, roles: ['lead'], people: [] },
      { quorum: 1, roles: ['legal'], people: [] },
    ];
    const log = new Log().ask(both).vote({ by: 'ann', roles: ['lead'] });
    expect(standing(log).kind).toBe('pending');
    expect(standing(log.vote({ by: 'bob', roles: ['legal'] })).kind).toBe('approved');
  });

  it('is used by one call', () => {
    const log = new Log().ask().vote({ by: 'ann' }).use('call_1').use('call_2');
    expect(standing(log)).toMatchObject({ kind: 'used', callId: 'call_1' });
  });
});

const vote = fc.record({
  by: fc.constantFrom('ann', 'bob', 'cid', 'bot', 'olga'),
  approved: fc.boolean(),
  roles: fc.subarray(['lead', 'legal']),
});

describe('for any votes', () => {
  it('what is settled stays settled, whatever is said after it', () => {
    fc.assert(
      fc.property(
        fc.array(vote, { maxLength: 6 }),
        vote,
        fc.integer({ min: 1, max: 3 }),
        (votes, more, quorum) => {
          const log = new Log().ask([{ quorum, roles: [], people: [] }]);
          for (const one of votes) log.vote(one);
          const before = standing(log);
          if (before.kind === 'pending') return;
          expect(standing(log.vote(more))).toEqual(before);
        },
      ),
    );
  });

  it('an approval stands on as many different people as the quorum, none of them the requester', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (votes, quorum) => {
        const log = new Log().ask([{ quorum, roles: [], people: [] }]);
        for (const one of votes) log.vote(one);
        const now = standing(log);
        if (now.kind !== 'approved') return;
        const people = new Set(now.votes.map(({ by }) => by));
        expect(people.size).toBe(quorum);
        expect(people.has('bot') || people.has('olga')).toBe(false);
      }),
    );
  });

  it('what is approved under more requirements is approved or refused under fewer', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 6 }), fc.subarray(['lead', 'legal']), (votes, roles) => {
        const log = new Log().ask();
        for (const one of votes) log.vote(one);
        const loose = [{ quorum: 1, roles: [], people: [] }];
        const strict = [...loose, { quorum: 2, roles, people: [] }];
        const under = (approvers: typeof strict) => judgeApproval(log.approval, START_MS, approvers).kind;
        const settled =
          under(strict) === 'approved' ? ['approved', 'refused'] : ['pending', 'approved', 'refused'];
        expect(settled).toContain(under(loose));
      }),
    );
  });
});
