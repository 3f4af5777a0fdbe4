import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { smallestRule, withDrafted } from '../../src/suggest/smallest-rule.ts';
import { type CallSketch, call, policyOf } from '../policy/call.ts';
import { rules as generatedRules, sketch } from '../policy/generated.ts';

const rule = (name: string, action: string, more: JsonObject = {}): JsonObject => ({ name, action, ...more });

function suggested(rules: readonly JsonObject[], sketched: CallSketch, settings = {}) {
  return smallestRule(policyOf([...rules], settings), [call(sketched)]);
}

describe('the smallest rule that lets a call pass', () => {
  it('is not looked for where it passes', () => {
    expect(suggested([rule('all', 'allow')], {})).toBeUndefined();
  });

  it('names the agent, the tool and what the call touches, exactly', () => {
    expect(suggested([], { tool: 'read_file', paths: ['/data/a'], hosts: ['a.org'] })).toEqual({
      kind: 'rule',
      rule: {
        name: 'allow-read_file',
        action: 'allow',
        when: { agent: 'ada', server: 'files', tool_name: 'read_file', path: '/data/a', host: 'a.org' },
      },
    });
  });

  it('does not take a name with a wildcard for a pattern', () => {
    const remedy = suggested([], { tool: 'x*' });
    expect(remedy).toMatchObject({ rule: { when: { tool_name: { in: ['x*'] } } } });
  });

  it('says before which rule it has to stand, and finds a name that is free', () => {
    const rules = [rule('first', 'allow', { when: { server: 'web' } }), rule('allow-read_file', 'deny')];
    expect(suggested(rules, {})).toMatchObject({
      before: 'allow-read_file',
      rule: { name: 'allow-read_file-2' },
    });
  });

  it('waives the findings that deny, and no others', () => {
    const findings = [{ id: 'sql.unparsable', denies: 'GUARD_SQL' }, { id: 'sql.drop' }] as const;
    expect(suggested([rule('all', 'allow')], { findings })).toMatchObject({
      rule: { waive: ['sql.unparsable'] },
    });
  });

  it('takes the risk that asks for nothing where the risk is in the way', () => {
    const settings = { risk: { critical: 'deny', high: 'require_approval' } } as const;
    const remedy = suggested([rule('all', 'allow')], { capabilities: ['exec'] }, settings);
    expect(remedy).toMatchObject({ kind: 'rule', rule: { risk: 'medium' } });
  });

  it('lets many paths be the folder that they share', () => {
    const calls = Array.from({ length: 20 }, (_, n) => call({ paths: [`/data/in/${n % 3}/${n}.csv`] }));
    const remedy = smallestRule(policyOf([]), calls as [DecisionInput, ...DecisionInput[]]);
    expect(remedy).toMatchObject({ rule: { when: { path: { under: '/data/in' } } } });
  });

  it('says what no rule can switch off', () => {
    const never = rule('never', 'deny', { invariant: true });
    expect(suggested([never, rule('all', 'allow')], {})).toMatchObject({
      kind: 'beyond',
      reason: { rule: 'never' },
    });
    expect(suggested([], { snapshot: { steps: 1_000_000 } })).toMatchObject({
      kind: 'beyond',
      reason: { code: 'BUDGET_EXCEEDED' },
    });
  });

  it('on generated policies and calls does what it says, and nothing about a call of another agent', () => {
    const seen = { rule: 0, beyond: 0, none: 0 };
    fc.assert(
      fc.property(generatedRules, sketch, (raw, one) => {
        const policy = policyOf(raw as unknown as JsonObject[]);
        const input = call(one);
        const remedy = smallestRule(policy, [input]);
        seen[remedy?.kind ?? 'none']++;
        expect(remedy === undefined).toBe(decide(policy, input).effect === 'allow');
        if (remedy?.kind !== 'rule') return;
        const wider = withDrafted(policy, [remedy.rule]);
        expect(decide(wider, input).effect).toBe('allow');
        const other = call({ ...one, agent: 'bob' });
        expect(decide(wider, other)).toEqual(decide(policy, other));
      }),
      { numRuns: 1500 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});
