import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groundsOf } from '../../src/approval/question.ts';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import { decideOnBehalf } from '../../src/handoff/authority.ts';
import { chainProblem, MAX_DELEGATORS } from '../../src/handoff/delegator.ts';
import { call, policyOf } from '../policy/call.ts';

const AGENTS = ['ada', 'bob', 'cyd', 'dan', 'eve'] as const;
const TOOLS = ['read_file', 'write_file', 'send', 'drop'] as const;

const rule = fc.record({
  action: fc.constantFrom('allow', 'deny', 'require_approval'),
  agent: fc.constantFrom(...AGENTS, '*'),
  tool_name: fc.constantFrom(...TOOLS, '*'),
});

const rules = fc
  .array(rule, { minLength: 1, maxLength: 8 })
  .map((all) => all.map(({ action, ...when }, at) => ({ name: `rule-${at}`, action, when })));

const spent = fc.record({ steps: fc.nat(14), toolCalls: fc.nat(14) });

/** A chain of agents, each once, the one that calls first, with what the session of each has spent. */
const chain = fc
  .tuple(fc.shuffledSubarray([...AGENTS], { minLength: 1 }), fc.array(spent, { minLength: 5, maxLength: 5 }))
  .map(([agents, used]) => agents.map((agent, at) => ({ agent, snapshot: used[at] ?? {} })));

const RANK = { allow: 0, require_approval: 1, deny: 2 } as const;

describe('authority along a chain of handoffs', () => {
  it('is never more than that of any agent in the chain', () => {
    let denied = 0;
    fc.assert(
      fc.property(rules, chain, fc.constantFrom(...TOOLS), (policies, links, tool) => {
        const policy = policyOf(policies);
        const inputs = links.map((link) => call({ tool, ...link }));
        const [own, ...delegators] = inputs as [DecisionInput, ...DecisionInput[]];
        const { effect } = decideOnBehalf(policy, own, delegators);
        for (const input of inputs) {
          const alone = decide(policy, input).effect;
          expect(RANK[effect]).toBeGreaterThanOrEqual(RANK[alone]);
          if (alone === 'allow' && effect !== 'allow') denied++;
        }
        // Nor less: what all of them may is allowed.
        const all = inputs.map((input) => RANK[decide(policy, input).effect]);
        expect(RANK[effect]).toBe(Math.max(...all));
      }),
    );
    expect(denied).toBeGreaterThan(0);
  });

  it('does not grow with another link', () => {
    fc.assert(
      fc.property(rules, chain, fc.constantFrom(...TOOLS), (policies, links, tool) => {
        const policy = policyOf(policies);
        const [own, ...delegators] = links.map((link) => call({ tool, ...link })) as [DecisionInput];
        const ranks = [0, 1, 2, 3, 4].map(
          (depth) => RANK[decideOnBehalf(policy, own, delegators.slice(0, depth)).effect],
        );
        expect(ranks).toEqual(ranks.toSorted((one, two) => one - two));
      }),
    );
  });

  it('says on whose behalf a call is denied, and keeps the obligations of all', () => {
    const policy = policyOf([
      { name: 'not-ada', action: 'deny', when: { agent: 'ada' } },
      { name: 'masked', action: 'allow', when: { agent: 'bob' }, mask: ['email'] },
      { name: 'all', action: 'allow' },
    ]);
    const denied = decideOnBehalf(policy, call({ agent: 'cyd' }), [call({ agent: 'ada' })]);
    expect(denied).toMatchObject({ effect: 'deny', rule: 'not-ada' });
    expect(denied.reasons[0].message).toContain('on behalf of `ada`: ');
    const allowed = decideOnBehalf(policy, call({ agent: 'cyd' }), [call({ agent: 'bob' })]);
    expect(allowed).toMatchObject({ effect: 'allow', obligations: { mask: ['email'] } });
  });

  it('asks a person anew: a word given to an agent for itself is none for those behind it', () => {
    const policy = policyOf([{ name: 'ask', action: 'require_approval' }]);
    const alone = groundsOf(decideOnBehalf(policy, call({ agent: 'cyd' }), []));
    const chained = groundsOf(
      decideOnBehalf(policy, call({ agent: 'cyd' }), [call({ agent: 'bob' }), call({ agent: 'ada' })]),
    );
    expect(alone).toEqual(['ask']);
    expect(chained).toEqual(['ask', 'on behalf of `ada`: ask', 'on behalf of `bob`: ask']);
  });

  it('counts what is spent by those behind it', () => {
    const policy = policyOf([{ name: 'all', action: 'allow' }]);
    const spentAll = call({ agent: 'ada', snapshot: { toolCalls: 12 } });
    expect(decideOnBehalf(policy, call({ agent: 'cyd' }), [spentAll])).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'BUDGET_EXCEEDED' }],
    });
  });

  it('is refused to an agent that stands in the chain already, and beyond a depth', () => {
    const behind = (...agents: string[]) =>
      agents.map((agent) => ({ session: `ses_${agent}`, agent, user: agent }));
    expect(chainProblem('cyd', behind('bob', 'ada'))).toBeUndefined();
    expect(chainProblem('ada', behind('bob', 'ada'))).toContain('would act for itself');
    const deep = behind(...Array.from({ length: MAX_DELEGATORS }, (_, at) => `a${at}`));
    expect(chainProblem('cyd', deep)).toBeUndefined();
    expect(chainProblem('cyd', [...deep, ...behind('one')])).toContain('more than');
  });
});
