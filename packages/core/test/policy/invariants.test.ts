import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ALLOW_ALL, type CallSketch, call, policyOf } from './call.ts';

const DESTROY: CallSketch = { capabilities: ['db.destroy'] };
const NEVER = { name: 'never', invariant: true, action: 'deny', when: { capability: 'db.destroy' } };
const ASK = { ...NEVER, name: 'ask', action: 'require_approval' };
const MASK = { name: 'mask', invariant: true, action: 'audit', mask: ['email'] };

function decideOn(rules: readonly JsonObject[], sketch: CallSketch, mode: 'enforce' | 'shadow' = 'enforce') {
  return decide(policyOf(rules, { mode }), call(sketch));
}

describe('an invariant', () => {
  it('holds wherever it stands, whatever rule matches first', () => {
    const decision = decideOn([ALLOW_ALL, NEVER], DESTROY);
    expect(decision).toMatchObject({ effect: 'deny', rule: 'never' });
    expect(decision.reasons[0]).toMatchObject({ code: 'POLICY_DENY', phase: 'guards' });
  });

  it('lets nothing through by itself', () => {
    expect(decideOn([MASK], {}).reasons[0].code).toBe('DEFAULT_DENY');
  });

  it('cannot be waived', () => {
    const guard = { name: 'g', invariant: true, action: 'deny', when: { finding: 'sql.unparsable' } };
    const waiving = { name: 'w', action: 'allow', waive: ['sql.unparsable'] };
    const findings = [{ id: 'sql.unparsable', denies: 'GUARD_SQL' }] as const;
    expect(decideOn([waiving], { findings }).effect).toBe('allow');
    expect(decideOn([waiving, guard], { findings })).toMatchObject({ effect: 'deny', rule: 'g' });
  });

  it('is in force when the policy is in shadow', () => {
    expect(decideOn([ALLOW_ALL, NEVER], DESTROY, 'shadow')).toMatchObject({
      effect: 'deny',
      mode: 'enforce',
      rule: 'never',
    });
    expect(decideOn([ALLOW_ALL, NEVER], {}, 'shadow')).toMatchObject({ effect: 'allow', mode: 'shadow' });
    expect(decideOn([ASK], DESTROY, 'shadow')).toMatchObject({
      effect: 'require_approval',
      mode: 'enforce',
      rule: 'ask',
    });
  });

  it('in shadow outranks a denial of an earlier phase that the call would get past', () => {
    const sketch: CallSketch = { ...DESTROY, snapshot: { steps: 99 } };
    expect(decideOn([ALLOW_ALL], sketch, 'shadow')).toMatchObject({
      mode: 'shadow',
      reasons: [{ code: 'BUDGET_EXCEEDED' }],
    });
    expect(decideOn([ALLOW_ALL, NEVER], sketch, 'shadow')).toMatchObject({ mode: 'enforce', rule: 'never' });
  });

  it('in shadow obliges, and nothing else does', () => {
    const masking = { name: 'r', action: 'allow', mask: ['ip'] };
    const no = { name: 'no', action: 'deny' };
    expect(decideOn([MASK, masking], {}, 'shadow')).toMatchObject({
      audit: true,
      obligations: { mask: ['email'] },
    });
    expect(decideOn([MASK, no], {}, 'shadow')).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
      obligations: { mask: ['email'] },
    });
    expect(decideOn([masking], {}, 'shadow').obligations.mask).toEqual([]);
    expect(decideOn([MASK, masking], {}).obligations.mask).toEqual(['ip', 'email']);
  });

  it('that asks for approval adds to an allow and gives way to a denial', () => {
    expect(decideOn([ASK, ALLOW_ALL], DESTROY)).toMatchObject({ effect: 'require_approval', rule: 'ask' });
    expect(decideOn([ASK, { name: 'no', action: 'deny' }], DESTROY)).toMatchObject({
      effect: 'deny',
      rule: 'no',
    });
    expect(decideOn([ASK], DESTROY).reasons[0].code).toBe('DEFAULT_DENY');
    expect(decideOn([ASK, NEVER, ALLOW_ALL], DESTROY)).toMatchObject({ effect: 'deny', rule: 'never' });
  });

  it('that audits marks the record of an allowed and of a denied call', () => {
    const decision = decideOn([MASK, ALLOW_ALL], {});
    expect(decision).toMatchObject({ effect: 'allow', rule: 'all', audit: true });
    expect(decision.reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['POLICY_ALLOW', 'all'],
      ['OK', 'mask'],
    ]);
    expect(decideOn([MASK], {}).audit).toBe(true);
    expect(decideOn([{ ...NEVER, log: true }], DESTROY).audit).toBe(true);
  });

  it('that cannot be evaluated denies, in shadow too', () => {
    const failing = { name: 'f', invariant: true, action: 'audit', when: { x: { matches: 'a' } } };
    const sketch = { args: { x: 'a'.repeat(20_000) } };
    for (const mode of ['enforce', 'shadow'] as const) {
      expect(decideOn([failing, ALLOW_ALL], sketch, mode)).toMatchObject({
        effect: 'deny',
        mode: 'enforce',
        rule: 'f',
      });
    }
  });
});
