import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { ALLOW_ALL, call, compileText, policyOf } from './call.ts';

const asking = (name: string, approvers?: object, more: object = {}) => ({
  name,
  action: 'require_approval',
  ...(approvers === undefined ? {} : { approvers }),
  ...more,
});

const approversOf = (...rules: readonly object[]) =>
  decide(policyOf(rules as never), call({ tool: 'x' })).approvers;

describe('the approvers of a rule', () => {
  it('are in its decision, with one word as the quorum unless it says more', () => {
    expect(approversOf(asking('a', { roles: ['lead'] }))).toEqual([
      { quorum: 1, roles: ['lead'], people: [] },
    ]);
    expect(approversOf(asking('a', { quorum: 2, people: ['ann', 'bob'] }))).toEqual([
      { quorum: 2, roles: [], people: ['ann', 'bob'] },
    ]);
    expect(approversOf(asking('a'))).toBeUndefined();
  });

  it('of an invariant are wanted beside those of the rule that matched', () => {
    const invariant = asking('always', { roles: ['legal'] }, { invariant: true });
    expect(approversOf(invariant, asking('a', { quorum: 2 }))).toEqual([
      { quorum: 1, roles: ['legal'], people: [] },
      { quorum: 2, roles: [], people: [] },
    ]);
    expect(approversOf(invariant, ALLOW_ALL)).toEqual([{ quorum: 1, roles: ['legal'], people: [] }]);
  });

  it('of an invariant are wanted in shadow, too', () => {
    const invariant = asking('always', { roles: ['legal'] }, { invariant: true });
    const policy = policyOf([invariant, ALLOW_ALL] as never, { mode: 'shadow' });
    expect(decide(policy, call({ tool: 'x' }))).toMatchObject({
      mode: 'enforce',
      approvers: [{ roles: ['legal'] }],
    });
  });

  it('change the digest of the policy', () => {
    const digest = (approvers: string) =>
      compileText(`[[policies]]\nname = "r"\naction = "require_approval"\n${approvers}\n`).policy?.digest;
    expect(digest('approvers = { quorum = 2 }')).not.toBe(digest(''));
    expect(digest('approvers = { quorum = 2 }')).not.toBe(digest('approvers = { quorum = 3 }'));
    expect(digest('approvers = { roles = ["a", "b"] }')).toBe(digest('approvers = { roles = ["b", "a"] }'));
  });

  it.each([
    ['approvers = ["ann"]', 'wrong-type'],
    ['approvers = { quorum = 0 }', 'out-of-range'],
    ['approvers = { quorum = 17 }', 'out-of-range'],
    ['approvers = { quorum = 2, people = ["ann"] }', 'out-of-range'],
    ['approvers = { teams = ["ann"] }', 'unknown-key'],
    ['approvers = { roles = [""] }', 'bad-text'],
  ])('are refused when they are written %s', (line, code) => {
    const { diagnostics } = compileText(`[[policies]]\nname = "r"\naction = "require_approval"\n${line}\n`);
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
  });
});
