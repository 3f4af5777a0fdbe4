import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { Capability } from '../../src/model/capability.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { NO_TAINTS, type TaintFact, type TaintFacts } from '../../src/model/taint.ts';
import { UNTRUSTED } from '../../src/taint/labels.ts';
import { DEFAULT_SINKS, type TaintSettings } from '../../src/taint/settings.ts';
import { ALLOW_ALL, call, compileText, policyOf } from '../policy/call.ts';

const TAINT: TaintSettings = { sinks: DEFAULT_SINKS, untrusted: UNTRUSTED, sanitizers: [], userText: false };

const fact = (more: Partial<TaintFact> = {}): TaintFact => ({
  at: '/to',
  labels: ['external'],
  from: ['call_0'],
  agreement: 'value',
  use: 'authority',
  ...more,
});

function followed(
  taint: Partial<TaintFacts> | undefined,
  capabilities: readonly Capability[] = ['message.send'],
): DecisionInput {
  const input = call({ capabilities });
  const facts = taint === undefined ? input.facts : { ...input.facts, taint: { ...NO_TAINTS, ...taint } };
  return { ...input, facts };
}

function outcome(
  input: DecisionInput,
  { rules = [ALLOW_ALL], taint = TAINT }: { rules?: readonly JsonObject[]; taint?: TaintSettings } = {},
): string {
  const { effect, reasons } = decide(policyOf(rules, { taint }), input);
  return `${effect} ${reasons[0].code}`;
}

const ALLOWED = 'allow POLICY_ALLOW';
const ASKED = 'require_approval APPROVAL_REQUIRED';
const DENIED = 'deny TAINTED_TO_HIGH_RISK';

describe('untrusted data that says what a call does', () => {
  it.each<[string, readonly Capability[], string]>([
    ['asks where the call sends', ['message.send'], ASKED],
    ['asks where it writes', ['fs.read', 'fs.write'], ASKED],
    ['asks where nothing is known of the tool', ['unclassified'], ASKED],
    ['denies where it runs a program', ['fs.write', 'exec'], DENIED],
    ['leads to nothing where the call only reads', ['fs.read', 'db.read', 'memory.read'], ALLOWED],
    ['leads to nothing where the call can do nothing', [], ALLOWED],
  ])('%s', (_, capabilities, want) => {
    expect(outcome(followed({ taints: [fact()] }, capabilities))).toBe(want);
  });

  it('leads to nothing in content and in a choice', () => {
    expect(outcome(followed({ taints: [fact({ use: 'content' }), fact({ use: 'choice' })] }))).toBe(ALLOWED);
  });

  it('leads to nothing when its labels are not among the untrusted ones', () => {
    expect(outcome(followed({ taints: [fact({ labels: ['confidential'] })] }))).toBe(ALLOWED);
    const taint = { ...TAINT, untrusted: ['confidential'] };
    expect(outcome(followed({ taints: [fact({ labels: ['confidential'] })] }), { taint })).toBe(ASKED);
  });

  it('leads to what the settings say of the capability', () => {
    const input = followed({ taints: [fact()] });
    expect(outcome(input, { taint: { ...TAINT, sinks: { 'message.send': 'deny' } } })).toBe(DENIED);
    expect(outcome(input, { taint: { ...TAINT, sinks: {} } })).toBe(ALLOWED);
  });

  it('is named with the argument, its labels and the call that it was read in', () => {
    const { reasons } = decide(policyOf([ALLOW_ALL], { taint: TAINT }), followed({ taints: [fact()] }));
    expect(reasons[0].message).toBe(
      'the argument at `/to` holds what data labelled `external` says (read in `call_0`); ' +
        "the call can `message.send`, and that asks for a person's approval",
    );
  });

  it('makes no denial of a rule milder, and stands beside the question of another rule', () => {
    const input = followed({ taints: [fact()] });
    expect(outcome(input, { rules: [{ name: 'no', action: 'deny' }] })).toBe('deny POLICY_DENY');
    const ask = { name: 'ask', action: 'require_approval' };
    const { reasons } = decide(policyOf([ask], { taint: TAINT }), input);
    expect(reasons.map(({ rule }) => rule)).toEqual(['ask', undefined]);
  });

  it('is waived by the rule that lets the call through, by label', () => {
    const waiving = (id: string) => ({ rules: [{ ...ALLOW_ALL, waive: [id] }] });
    const input = followed({ taints: [fact()] });
    expect(outcome(input, waiving('taint.external'))).toBe(ALLOWED);
    expect(outcome(input, waiving('taint.memory'))).toBe(ASKED);
    expect(
      outcome(followed({ taints: [fact({ labels: ['external', 'memory'] })] }), waiving('taint.memory')),
    ).toBe(ASKED);
  });

  it('does not lead to a denial in a policy in shadow, and the record says so', () => {
    const policy = policyOf([ALLOW_ALL], { taint: TAINT, mode: 'shadow' });
    expect(decide(policy, followed({ taints: [fact()] }, ['exec']))).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
    });
  });
});

describe('a call that does not follow from what was said', () => {
  it('asks, and is waived by a name of its own', () => {
    const input = followed({ unfounded: '/to' });
    expect(outcome(input)).toBe(ASKED);
    expect(outcome(input, { rules: [{ ...ALLOW_ALL, waive: ['taint.steered'] }] })).toBe(ALLOWED);
    expect(outcome(followed({ unfounded: '' }, ['exec']))).toBe(DENIED);
    expect(outcome(followed({ unfounded: '/to' }, ['fs.read']))).toBe(ALLOWED);
  });
});

describe('a call that was not followed', () => {
  it('is denied where it reaches a sink: it is none that is clean', () => {
    expect(outcome(followed(undefined))).toBe(DENIED);
    expect(outcome(followed(undefined, ['fs.read']))).toBe(ALLOWED);
  });
});

describe('rules about labels', () => {
  const rules = [
    { name: 'no-leak', action: 'deny', when: { label: 'confidential', capability: 'message.send' } },
    { name: 'names', action: 'allow', labels: ['confidential', 'crm'] },
  ];
  const policy = policyOf(rules);

  it('are met by what any argument holds, content too', () => {
    const leaking = followed({ taints: [fact({ labels: ['confidential'], use: 'content' })] });
    expect(decide(policy, leaking)).toMatchObject({ effect: 'deny', rule: 'no-leak' });
    expect(decide(policy, followed({ taints: [fact()] }))).toMatchObject({ effect: 'allow' });
  });

  it('put labels on what the call returns', () => {
    expect(decide(policy, followed({})).obligations.labels).toEqual(['confidential', 'crm']);
    expect(decide(policyOf([ALLOW_ALL]), followed({})).obligations).not.toHaveProperty('labels');
  });

  it.each([
    ['Not one', 'unknown-value'],
    ['', 'unknown-value'],
    ['-x', 'unknown-value'],
    ['x'.repeat(65), 'unknown-value'],
  ])('are refused where the label is none: %j', (label, code) => {
    const text = JSON.stringify({ policies: [{ ...ALLOW_ALL, labels: [label] }] });
    expect(compileText(text, {}, 'json').diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  it('have data followed without any settings', () => {
    expect(policy.followsData).toBe(true);
    expect(policyOf([ALLOW_ALL]).followsData).toBe(false);
    expect(policyOf([ALLOW_ALL], { taint: TAINT }).followsData).toBe(true);
  });
});

describe('an explanation', () => {
  it('says why the phase passes or denies', () => {
    const why = (input: DecisionInput): string =>
      explain(policyOf([ALLOW_ALL], { taint: TAINT }), input).phases.find(({ phase }) => phase === 'taint')
        ?.why ?? '';
    expect(why(followed({}))).toBe('no argument holds labelled data');
    expect(why(followed({ declassified: [{ at: '/to', labels: [], by: 'sum' }] }))).toContain(
      'cleared: `sum`',
    );
    expect(why(followed({ taints: [fact()] }, ['exec']))).toContain('the call can `exec`');
  });
});
