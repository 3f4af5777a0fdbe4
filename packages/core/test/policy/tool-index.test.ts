import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { call, policyOf } from './call.ts';

describe('the index by tool', () => {
  it('stays small when a caller makes up names without end', () => {
    const policy = policyOf([
      { name: 'suffix', action: 'allow', when: { tool_name: '*_read' } },
      { name: 'prefix', action: 'deny', when: { tool_name: 'drop_*' } },
    ]);
    for (let i = 0; i < 20_000; i++) {
      expect(decide(policy, call({ tool: `made_up_${i}_read` })).rule).toBe('suffix');
    }
    expect(policy.ordinary.remembered).toBeLessThanOrEqual(4096);
    const before = policy.ordinary.remembered;
    decide(policy, call({ tool: `${'x'.repeat(10_000)}_read` }));
    decide(policy, call({ tool: 'matches_nothing' }));
    expect(policy.ordinary.remembered).toBe(before);
  });

  it('gives the same answer when asked again and when the name was forgotten', () => {
    const policy = policyOf([
      { name: 'a', action: 'allow', when: { tool_name: ['x', 'x*', '*x'] } },
      { name: 'b', action: 'deny', when: { tool_name: 'x' } },
    ]);
    const ask = () => decide(policy, call({ tool: 'x' })).rule;
    expect([ask(), ask()]).toEqual(['a', 'a']);
    for (let i = 0; i < 10_000; i++) decide(policy, call({ tool: `x${i}` }));
    expect(ask()).toBe('a');
  });

  it('keeps policy order between rules that are found in different ways', () => {
    const rules = [
      { name: 'rest', action: 'deny', when: { server: 'web' } },
      { name: 'suffix', action: 'allow', when: { tool_name: '*_b', x: 1 } },
      { name: 'prefix', action: 'allow', when: { tool_name: 'a_*', x: 2 } },
      { name: 'exact', action: 'allow', when: { tool_name: 'a_b', x: 3 } },
      { name: 'last', action: 'allow' },
    ];
    const policy = policyOf(rules);
    const ask = (x: number, server = 'files') =>
      decide(policy, call({ tool: 'a_b', server, args: { x } })).rule;
    expect([ask(1), ask(2), ask(3), ask(4), ask(1, 'web')]).toEqual([
      'suffix',
      'prefix',
      'exact',
      'last',
      'rest',
    ]);
  });
});
