import { describe, expect, it } from 'vitest';
import { explain } from '../../src/decide/explain.ts';
import { type CallSketch, call, policyOf } from './call.ts';

const POLICY = policyOf([
  { name: 'never', invariant: true, action: 'deny', when: { capability: 'db.destroy' } },
  { name: 'other-method', action: 'deny', match: 'prompts/*' },
  { name: 'other-tool', action: 'deny', when: { tool_name: 'write_*' } },
  { name: 'no-path', action: 'deny', when: { path: '/etc/*' } },
  { name: 'small', action: 'allow', when: { amount: { lt: 100 } } },
  { name: 'note', action: 'deny', when: { 'args.token': 'secret*' } },
  { name: 'trial', mode: 'shadow', action: 'deny', when: { server: 'files' } },
  { name: 'reads', action: 'allow', when: { tool_name: 'read_*' } },
  { name: 'after', action: 'deny' },
]);

const explained = (sketch: CallSketch) => explain(POLICY, call(sketch));

describe('an explanation', () => {
  it('names the winner and says of each rule before it which condition it failed', () => {
    const { winner, rules, invariants } = explained({
      args: { amount: 250, token: 'hunter2' },
      paths: ['/tmp/x'],
    });
    expect(winner).toBe('reads');
    expect(rules.map(({ rule, outcome, why }) => [rule, outcome, why])).toEqual([
      ['other-method', 'passed_over', 'the method is `tools/call`, not `prompts/*`'],
      ['other-tool', 'passed_over', '`tool_name` is `read_file`; the rule asks for `write_*`'],
      ['no-path', 'passed_over', '`path` is `/tmp/x`; the rule asks for `/etc/*`'],
      ['small', 'passed_over', '`args.amount` is `250`; the rule asks for lt `100`'],
      ['note', 'passed_over', '`args.token` is a string; the rule asks for `secret*`'],
      ['trial', 'matched', ''],
      ['reads', 'matched', ''],
    ]);
    expect(invariants).toMatchObject([
      {
        rule: 'never',
        outcome: 'passed_over',
        why: '`capability` is `fs.read`; the rule asks for `db.destroy`',
      },
    ]);
  });

  it('does not repeat the texts of arguments, which can be secrets', () => {
    expect(JSON.stringify(explained({ args: { amount: 'hunter2', token: 'hunter2' } }).rules)).not.toContain(
      'hunter2',
    );
  });

  it('shows every phase of an allowed call', () => {
    expect(explained({}).phases).toEqual([
      { phase: 'manifest', outcome: 'passed', why: 'the server `files` has no manifest' },
      {
        phase: 'limits',
        outcome: 'passed',
        why: '0 of 24 steps, 0 of 12 tool calls, 1000 of 120000 ms used',
      },
      { phase: 'guards', outcome: 'passed', why: 'no findings' },
      { phase: 'taint', outcome: 'passed', why: 'data is not followed' },
      { phase: 'rules', outcome: 'passed', why: 'the rule `reads` matched first' },
      { phase: 'preconditions', outcome: 'passed', why: 'no receipt is required' },
      { phase: 'approval', outcome: 'passed', why: 'nobody has to be asked' },
      { phase: 'obligations', outcome: 'passed', why: 'mask nothing; at most 30000 ms and 1048576 bytes' },
    ]);
  });

  it('ends the phases at the denial, and names the rule that would have won', () => {
    const { phases, winner, decision } = explained({ snapshot: { steps: 24 } });
    expect(phases.map(({ outcome }) => outcome)).toEqual([
      'passed',
      'denied',
      ...Array(6).fill('not_reached'),
    ]);
    expect(phases[1]?.why).toBe(decision.reasons[0].message);
    expect(winner).toBe('reads');
  });

  it('says that a person is asked', () => {
    const policy = policyOf([{ name: 'ask', action: 'require_approval' }]);
    const phase = explain(policy, call()).phases.find(({ phase }) => phase === 'approval');
    expect(phase).toMatchObject({ outcome: 'asked', why: "the rule `ask` asks for a person's approval" });
  });

  it('stops at a rule that could not be evaluated', () => {
    const policy = policyOf([
      { name: 'long', action: 'allow', when: { x: { matches: 'a' } } },
      { name: 'all', action: 'allow' },
    ]);
    const { rules, winner, decision } = explain(policy, call({ args: { x: 'a'.repeat(20_000) } }));
    expect(decision).toMatchObject({ effect: 'deny', rule: 'long' });
    expect(winner).toBeUndefined();
    expect(rules).toMatchObject([
      { rule: 'long', outcome: 'failed', why: '`args.x` is longer than 16384 characters' },
    ]);
  });
});
