import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import type { JsonValue } from '../../src/model/json.ts';
import type { CompiledPolicy } from '../../src/policy/compile.ts';
import type { Evaluated, ModuleInput } from '../../src/policy/module/module.ts';
import { ALLOW_ALL, call, policyOf } from '../policy/call.ts';
import { compiled, moduleOf, RULE, says } from './opinions.ts';

describe('a module of a policy', () => {
  it('denies what the rules allow, and the decision says who spoke', () => {
    const policy = compiled(says({ outcome: 'deny', reason: 'too many', code: 'BUDGET_EXCEEDED' }));
    expect(decide(policy, call())).toMatchObject({
      effect: 'deny',
      rule: RULE,
      mode: 'enforce',
      reasons: [{ code: 'BUDGET_EXCEEDED', phase: 'rules', rule: RULE, message: 'too many' }],
    });
  });

  it('takes a reason that is a code for the code', () => {
    const policy = compiled(says({ outcome: 'deny', reason: 'LOOP_DETECTED', constraints: {} }));
    expect(decide(policy, call()).reasons[0]).toMatchObject({
      code: 'LOOP_DETECTED',
      message: 'denied by the policy `rego:data.x.decision`',
    });
  });

  it('asks for a person, beside those that the rules ask for', () => {
    const asks = says({ outcome: 'require_approval', reason: 'look at it' });
    expect(decide(compiled(asks), call())).toMatchObject({
      effect: 'require_approval',
      rule: RULE,
      reasons: [{ code: 'APPROVAL_REQUIRED', phase: 'approval', rule: RULE, message: 'look at it' }],
    });
    const both = decide(compiled(asks, [{ name: 'held', action: 'require_approval' }]), call());
    expect([both.rule, both.reasons.map(({ rule }) => rule)]).toEqual(['held', ['held', RULE]]);
  });

  it('adds masks and smaller limits, and never takes one away', () => {
    const constraints = { timeout_ms: 100, max_output_bytes: 999_999_999, mask: ['email'] };
    const policy = compiled(says({ outcome: 'allow', constraints }), [
      { name: 'all', action: 'allow', mask: ['card'], limits: { max_output_bytes: 10 } },
    ]);
    expect(decide(policy, call())).toMatchObject({
      effect: 'allow',
      rule: 'all',
      obligations: { mask: ['card', 'email'], timeoutMs: 100, maxOutputBytes: 10 },
      reasons: [{ code: 'POLICY_ALLOW' }, { code: 'OK', phase: 'obligations', rule: RULE }],
    });
  });

  it('leaves a decision as it is when it has nothing to add', () => {
    for (const value of [
      { outcome: 'allow', reason: 'fine' },
      { outcome: 'allow', code: 'POLICY_ALLOW' },
      [],
    ]) {
      const policy = compiled(says(value));
      expect(decide(policy, call())).toEqual(policy.compiled[0]?.verdict.decision);
    }
  });

  it('is not asked about what is denied already', () => {
    const asked: ModuleInput[] = [];
    const module = moduleOf((input) => {
      asked.push(input);
      return { kind: 'value', value: { outcome: 'allow' } };
    });
    expect(decide(compiled(module, []), call()).reasons[0].code).toBe('DEFAULT_DENY');
    expect(decide(compiled(module), call({ snapshot: { steps: 24 } })).reasons[0].code).toBe(
      'BUDGET_EXCEEDED',
    );
    expect(asked).toEqual([]);
  });

  it('denies with each message of a set, and says how many there are when they are too many', () => {
    const two = decide(compiled(says(['first', 'second'])), call());
    expect(two.reasons.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'POLICY_DENY first',
      'POLICY_DENY second',
    ]);
    const many = decide(compiled(says(Array.from({ length: 100 }, (_, i) => `m${i}`))), call());
    expect(many.reasons).toHaveLength(9);
    expect(many.reasons[8]?.message).toBe('92 more objections');
  });

  it('repeats what a caller sent without control characters, and not at any length', () => {
    const policy = compiled(says([`a\u001b[2Jb\u202e${'x'.repeat(10_000)}\ud800`]));
    const { message } = decide(policy, call()).reasons[0];
    expect(message).toMatch(/^a\uFFFD\[2Jb\uFFFDx+\.\.\.$/);
    expect(message.length).toBeLessThan(600);
  });

  it.each<[string, Evaluated, string]>([
    ['is undefined', { kind: 'undefined' }, 'it is undefined for this call'],
    ['fails', { kind: 'fault', message: 'conflict (p.rego:3:1)' }, 'conflict (p.rego:3:1)'],
    ...(
      [
        [true, 'it gives neither a decision nor a set of messages'],
        [null, 'it gives neither a decision nor a set of messages'],
        ['allow', 'it gives neither a decision nor a set of messages'],
        [{}, '`outcome` is none of `allow`, `deny` and `require_approval`'],
        [{ outcome: 'audit' }, '`outcome` is none of `allow`, `deny` and `require_approval`'],
        [{ outcome: 'allow', allow: true }, 'the decision has an unknown key `allow`'],
        [{ outcome: 'allow', reason: 1 }, '`reason` is no text'],
        [{ outcome: 'allow', code: 'POLICY_DENY' }, '`code` is none that `allow` can have'],
        [{ outcome: 'deny', code: 'INTERNAL_ERROR' }, '`code` is none that `deny` can have'],
        [{ outcome: 'allow', constraints: [] }, '`constraints` is no object'],
        [{ outcome: 'allow', constraints: { timeout: 1 } }, '`constraints` has an unknown key `timeout`'],
        [
          { outcome: 'allow', constraints: { timeout_ms: 0 } },
          '`timeout_ms` is no whole number from 1 to 1000000000',
        ],
        [{ outcome: 'allow', constraints: { mask: 'email' } }, '`mask` is no list'],
        [
          { outcome: 'allow', constraints: { mask: ['mail'] } },
          '`mask` knows `email`, `phone`, `card`, `iban`, `ssn`, `national_id`, `ip`, `secret` alone',
        ],
        [['a', 1], 'a denial message is no text'],
      ] satisfies [JsonValue, string][]
    ).map(([value, why]): [string, Evaluated, string] => [
      `gives ${JSON.stringify(value)}`,
      { kind: 'value', value },
      why,
    ]),
  ])('that %s denies', (_, evaluated, why) => {
    expect(decide(compiled(moduleOf(() => evaluated)), call())).toMatchObject({
      effect: 'deny',
      reasons: [
        { code: 'POLICY_DENY', rule: RULE, message: `the policy \`${RULE}\` cannot judge the call: ${why}` },
      ],
    });
  });

  it('that throws denies', () => {
    const policy = compiled(
      moduleOf(() => {
        throw new Error('broken');
      }),
    );
    expect(decide(policy, call())).toMatchObject({ effect: 'deny', reasons: [{ code: 'INTERNAL_ERROR' }] });
  });

  it('in shadow says what it would decide, and obliges to nothing', () => {
    const shadow = { mode: 'shadow' } as const;
    expect(decide(compiled(says(['no']), [ALLOW_ALL], shadow), call())).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
      rule: RULE,
    });
    const constraints = { timeout_ms: 1, mask: ['email'] };
    const allowed = decide(compiled(says({ outcome: 'allow', constraints }), [ALLOW_ALL], shadow), call());
    expect(allowed).toMatchObject({ effect: 'allow', obligations: { mask: [], timeoutMs: 30_000 } });
  });

  it('cannot weaken an invariant in shadow', () => {
    const held = { name: 'held', action: 'require_approval', invariant: true, mask: ['email'] };
    const policy = compiled(says({ outcome: 'allow' }), [held, ALLOW_ALL], { mode: 'shadow' });
    expect(decide(policy, call())).toMatchObject({
      effect: 'require_approval',
      mode: 'enforce',
      obligations: { mask: ['email'] },
    });
  });

  it('is named where a decision is explained', () => {
    const line = (policy: CompiledPolicy) =>
      explain(policy, call()).phases.find(({ phase }) => phase === 'rules');
    expect(line(compiled(says([])))).toMatchObject({
      outcome: 'passed',
      why: 'the rule `all` matched first; `rego:data.x.decision` does not deny',
    });
    expect(line(compiled(says(['never'])))).toMatchObject({ outcome: 'denied', why: 'never' });
  });

  it('changes the digest of the policy', () => {
    const digests = [
      undefined,
      says([]),
      { ...says([]), digest: 'e' },
      { ...says([]), rule: 'rego:data.y' },
    ].map((module) => compiled(module).digest);
    expect(new Set(digests).size).toBe(4);
    expect(digests[0]).toBe(policyOf([ALLOW_ALL]).digest);
  });

  it('never makes a decision less strict, whatever it answers', () => {
    const effects = ['allow', 'require_approval', 'deny'];
    const answer = fc.oneof(
      fc.jsonValue() as fc.Arbitrary<JsonValue>,
      fc.array(fc.string(), { maxLength: 2 }),
      fc.record(
        {
          outcome: fc.constantFrom(...effects),
          reason: fc.string(),
          constraints: fc.record(
            {
              timeout_ms: fc.integer({ min: 1, max: 60_000 }),
              max_output_bytes: fc.integer({ min: 1, max: 2_000_000 }),
              mask: fc.uniqueArray(fc.constantFrom('email', 'card', 'ip'), { maxLength: 2 }),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ['outcome'] },
      ),
    );
    const action = fc.constantFrom('allow', 'deny', 'audit', 'require_approval');
    fc.assert(
      fc.property(answer, action, (value, chosen) => {
        const rules = [
          {
            name: 'r',
            action: chosen,
            ...(chosen === 'deny' ? {} : { mask: ['email'], limits: { timeout_ms: 999 } }),
          },
        ];
        const alone = decide(compiled(undefined, rules), call());
        const both = decide(compiled(says(value), rules), call());
        expect(effects.indexOf(both.effect)).toBeGreaterThanOrEqual(effects.indexOf(alone.effect));
        if (both.effect === 'deny') return;
        expect(both.obligations.mask).toEqual(expect.arrayContaining([...alone.obligations.mask]));
        expect(both.obligations.timeoutMs).toBeLessThanOrEqual(alone.obligations.timeoutMs);
        expect(both.obligations.maxOutputBytes).toBeLessThanOrEqual(alone.obligations.maxOutputBytes);
      }),
    );
  });
});
