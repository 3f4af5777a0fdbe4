import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { ALLOW_ALL, call, compileText, manifest, policyOf, type SettingsSketch } from './call.ts';
import { code, decideOn } from './deciding.ts';

describe('rules', () => {
  it('deny when nothing matched, and say what to do', () => {
    const decision = decideOn({ tool: 'x' }, []);
    expect(decision).toMatchObject({ effect: 'deny', mode: 'enforce', audit: false });
    expect(decision.rule).toBeUndefined();
    expect(decision.reasons).toEqual([
      {
        code: 'DEFAULT_DENY',
        phase: 'rules',
        message: 'no rule allows `tools/call` of `x` on `files`',
        remedy: 'use a tool and arguments that the policy allows, or ask its owner for a rule',
      },
    ]);
  });

  it('are asked in order and the first match wins', () => {
    const rules = [
      { name: 'one', action: 'allow', when: { tool_name: 'a' } },
      { name: 'two', action: 'deny', when: { tool_name: '*' } },
      { name: 'three', action: 'allow' },
    ];
    expect(decideOn({ tool: 'a' }, rules)).toMatchObject({ effect: 'allow', rule: 'one' });
    expect(decideOn({ tool: 'b' }, rules)).toMatchObject({ effect: 'deny', rule: 'two' });
    expect(decideOn({ kind: 'prompt' }, rules)).toMatchObject({ effect: 'allow', rule: 'three' });
  });

  it('have four effects', () => {
    const effect = (action: string, extra: JsonObject = {}) => {
      const { effect, audit, reasons } = decideOn({}, [{ name: 'r', action, ...extra }]);
      return [effect, audit, reasons[0].code];
    };
    expect(effect('allow')).toEqual(['allow', false, 'POLICY_ALLOW']);
    expect(effect('allow', { log: true })).toEqual(['allow', true, 'POLICY_ALLOW']);
    expect(effect('audit')).toEqual(['allow', true, 'POLICY_ALLOW']);
    expect(effect('deny')).toEqual(['deny', false, 'POLICY_DENY']);
    expect(effect('deny', { log: true })).toEqual(['deny', true, 'POLICY_DENY']);
    expect(effect('require_approval')).toEqual(['require_approval', false, 'APPROVAL_REQUIRED']);
  });

  it('show their own reason to the agent', () => {
    const [reason] = decideOn({}, [
      { name: 'r', action: 'deny', reason: 'not on a Friday', when: { server: '*' } },
    ]).reasons;
    expect(reason).toMatchObject({
      message: 'not on a Friday',
      rule: 'r',
      remedy: 'change what the rule looks at: `server`',
    });
  });

  it('apply to the methods that they match', () => {
    const rules = [{ name: 'r', action: 'allow', match: 'resources/*' }];
    expect(code({ method: 'resources/read', kind: 'resource' }, rules)).toBe('allow POLICY_ALLOW');
    expect(code({}, rules)).toBe('deny DEFAULT_DENY');
  });

  it('of a policy in shadow decide as ever and let the call go on', () => {
    const rules = [{ name: 'r', action: 'deny' }];
    expect(decideOn({}, rules, { mode: 'shadow' })).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
      rule: 'r',
    });
    expect(decideOn({}, [], { mode: 'shadow' })).toMatchObject({ effect: 'deny', mode: 'shadow' });
  });

  it('keep names that came from outside on one line and inside their quotation', () => {
    const [{ message }] = decideOn({ tool: `x\u001b[2J\n\`${'y'.repeat(300)}` }, []).reasons;
    expect(message).toMatch(/^[\x20-\x7e\ufffd]+$/);
    expect(message.length).toBeLessThan(250);
    expect(message.split('`')).toHaveLength(7);
  });
});

describe('a rule in shadow', () => {
  const shadow = { name: 'new', action: 'deny', mode: 'shadow', when: { tool_name: 'a' } };

  it('decides nothing, and what it would have said is recorded', () => {
    const decision = decideOn({ tool: 'a' }, [shadow, ALLOW_ALL]);
    expect(decision).toMatchObject({ effect: 'allow', mode: 'enforce', rule: 'all' });
    expect(decision.reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['POLICY_ALLOW', 'all'],
      ['POLICY_DENY', 'new'],
    ]);
    expect(decision.reasons[1]?.message).toBe('in shadow, not in force: denied by the rule `new`');
  });

  it('that allows lets nothing through', () => {
    const allow = { name: 'new', action: 'allow', mode: 'shadow' };
    expect(code({}, [allow])).toBe('deny DEFAULT_DENY');
    expect(code({}, [allow, { name: 'no', action: 'deny' }])).toBe('deny POLICY_DENY');
  });

  it('is silent where it does not match or stands after the rule that decided', () => {
    expect(decideOn({ tool: 'b' }, [shadow, ALLOW_ALL]).reasons).toHaveLength(1);
    expect(decideOn({ tool: 'a' }, [ALLOW_ALL, shadow]).reasons).toHaveLength(1);
  });

  it('that cannot be evaluated does not stop the call', () => {
    const failing = { name: 'new', action: 'deny', mode: 'shadow', when: { x: { matches: 'a' } } };
    const decision = decideOn({ args: { x: 'a'.repeat(20_000) } }, [failing, ALLOW_ALL]);
    expect(decision.effect).toBe('allow');
    expect(decision.reasons[1]).toMatchObject({ code: 'POLICY_DENY', rule: 'new' });
  });
});

describe('obligations', () => {
  it('are the limits of the policy where no rule says less', () => {
    expect(decideOn({}).obligations).toEqual({ mask: [], timeoutMs: 30_000, maxOutputBytes: 1_048_576 });
  });

  it('are the masks of all and the smallest of the limits', () => {
    const limited = (timeout: number, bytes: number) => ({ timeout_ms: timeout, max_output_bytes: bytes });
    const rules = [
      { name: 'i1', invariant: true, action: 'audit', mask: ['email', 'card'], limits: limited(40_000, 500) },
      { name: 'i2', invariant: true, action: 'audit', mask: ['ssn'], when: { tool_name: 'other' } },
      { name: 'r', action: 'allow', mask: ['card', 'ip'], limits: limited(2000, 900) },
    ];
    const { mask, timeoutMs, maxOutputBytes } = decideOn({}, rules).obligations;
    expect([...mask].sort()).toEqual(['card', 'email', 'ip']);
    expect([timeoutMs, maxOutputBytes]).toEqual([2000, 500]);
  });
});

describe('decide', () => {
  it('answers an error inside with a denial, in shadow too', () => {
    const broken = { ...call(), facts: undefined } as unknown as DecisionInput;
    for (const mode of ['enforce', 'shadow'] as const) {
      const rules = [{ name: 'r', action: 'allow', when: { path: '/x' } }];
      const decision = decide(policyOf(rules, { mode }), broken);
      expect(decision).toMatchObject({
        effect: 'deny',
        mode: 'enforce',
        reasons: [{ code: 'INTERNAL_ERROR' }],
      });
    }
  });

  it('gives every denial a message and a remedy', () => {
    const denials = [
      decideOn({}, []),
      decideOn({}, [{ name: 'r', action: 'deny' }]),
      decideOn({ snapshot: { steps: 99 } }),
      decideOn({ snapshot: { terminated: true } }),
      decideOn({ snapshot: { recentCalls: Array(9).fill('fingerprint') } }),
      decideOn({ manifest: manifest([{ name: 'read_file' }]) }),
      decideOn({ findings: [{ denies: 'GUARD_SQL' }] }),
      decideOn({}, undefined, { risk: { low: 'deny', high: 'deny' } }),
    ];
    for (const { effect, reasons } of denials) {
      expect(effect).toBe('deny');
      expect(reasons[0].message).toMatch(/^[a-z`]/);
      expect(reasons[0].remedy).toMatch(/^[a-z]/);
    }
  });

  it('carries the digest of the policy, whatever it was written in', () => {
    const toml = '[[policies]]\nname = "r"\naction = "allow"\nwhen = { args.x = 5, tool_name = "a" }\n';
    const yaml =
      'policies: [{ action: allow, name: r, match: "*", when: { tool_name: [a], x: 5 }, log: false }]';
    const digests = [compileText(toml), compileText(yaml, {}, 'yaml')].map(({ policy }) => policy?.digest);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(decideOn({}).policyDigest).toBe(policyOf([ALLOW_ALL]).digest);
  });

  it('carries another digest as soon as anything that decides is different', () => {
    const rule = { name: 'r', action: 'audit' };
    const different: JsonObject[] = [
      { name: 'q' },
      { action: 'allow' },
      { match: 'tools/*' },
      { when: { x: 5 } },
      { when: { x: '5' } },
      { when: { x: { eq: 5 } } },
      { when: { x: { gt: 5 } } },
      { when: { 'x.y': 5 } },
      { when: { x: { matches: 'a' } } },
      { when: { x: { cidr: '10.0.0.0/8' } } },
      { when: { x: { under: '/a' } } },
      { when: { x: { in: [5] } } },
      { when: { x: { exists: true } } },
      { when: { x: { exists: false } } },
      { risk: 'low' },
      { reason: 'why' },
      { mask: ['email'] },
      { limits: { timeout_ms: 5 } },
      { limits: { max_output_bytes: 5 } },
      { requires: ['a'] },
      { waive: ['a.b'] },
      { mode: 'shadow' },
      { invariant: true },
    ].map((change) => Object.assign({}, rule, change));
    const settings: SettingsSketch[] = [
      { mode: 'shadow' },
      { risk: { low: 'deny' } },
      { manifestsDigest: 'aa' },
      ...Object.keys(DEFAULT_SETTINGS.limits).map((name) => ({ limits: { [name]: 7 } })),
    ];
    const digests = [
      policyOf([]).digest,
      policyOf([{ name: 'r', action: 'allow', log: true }]).digest,
      ...[rule, ...different].map((one) => policyOf([one]).digest),
      ...settings.map((sketch) => policyOf([rule], sketch).digest),
      policyOf([rule, ALLOW_ALL]).digest,
      policyOf([ALLOW_ALL, rule]).digest,
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
