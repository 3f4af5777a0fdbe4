import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import {
  ALLOW_ALL,
  type CallSketch,
  call,
  compileText,
  manifest,
  NOW,
  policyOf,
  type SettingsSketch,
} from './call.ts';

function decideOn(
  sketch: CallSketch,
  rules: readonly JsonObject[] = [ALLOW_ALL],
  settings?: SettingsSketch,
): Decision {
  return decide(policyOf(rules, settings), call(sketch));
}

function code(sketch: CallSketch, rules?: readonly JsonObject[], settings?: SettingsSketch): string {
  const { effect, reasons } = decideOn(sketch, rules, settings);
  return `${effect} ${reasons[0].code}`;
}

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

describe('the manifest', () => {
  const tools = [{ name: 'read_file', capabilities: ['fs.read'] }] as const;

  it('must declare every capability that the call would use', () => {
    const declared = manifest(tools);
    expect(code({ manifest: declared })).toBe('allow POLICY_ALLOW');
    const decision = decideOn({ manifest: declared, capabilities: ['fs.read', 'fs.write'] });
    expect(decision.reasons[0]).toMatchObject({ code: 'PERMISSION_UNDECLARED', phase: 'manifest' });
    expect(decision.reasons[0].message).toContain('`fs.write`');
  });

  it('comes before every rule', () => {
    expect(
      code({ manifest: manifest(tools), capabilities: ['exec'] }, [{ name: 'no', action: 'deny' }]),
    ).toBe('deny PERMISSION_UNDECLARED');
  });

  it('holds paths to the roots for reading or for writing', () => {
    const fs = { readRoots: ['/data', '/work'], writeRoots: ['/work'] };
    const declared = manifest([{ name: 'read_file', capabilities: ['fs.read', 'fs.write', 'fs.delete'] }], {
      fs,
    });
    const paths = (
      path: string,
      capability: 'fs.read' | 'fs.write' | 'fs.delete' | 'unclassified',
      tool = 'read_file',
    ) => code({ manifest: declared, tool, capabilities: [capability], paths: ['/work/x', path] });
    expect(paths('/data/x', 'fs.read')).toBe('allow POLICY_ALLOW');
    expect(paths('/data', 'fs.read')).toBe('allow POLICY_ALLOW');
    expect(paths('/data-old/x', 'fs.read')).toBe('deny FS_DENY');
    expect(paths('/data/x', 'fs.write')).toBe('deny FS_DENY');
    expect(paths('/data/x', 'fs.delete')).toBe('deny FS_DENY');
    expect(paths('/work/y', 'fs.write')).toBe('allow POLICY_ALLOW');
    expect(paths('/data/x', 'unclassified', 'undeclared_tool')).toBe('deny FS_DENY');
  });

  it('holds hosts to its domains, where `*.x.org` is not x.org', () => {
    const declared = manifest(tools, { net: { domains: ['*.x.org', 'y.org'] } });
    const hosts = (...hosts: string[]) => code({ manifest: declared, hosts });
    expect(hosts('a.x.org', 'b.c.x.org', 'y.org')).toBe('allow POLICY_ALLOW');
    expect(hosts('x.org')).toBe('deny EGRESS_DENY');
    expect(hosts('y.org', 'evilx.org')).toBe('deny EGRESS_DENY');
    expect(hosts('y.org.evil.net')).toBe('deny EGRESS_DENY');
  });

  it('passes an unknown tool on to the rules, as one of high risk', () => {
    const sketch: CallSketch = { manifest: manifest(tools), tool: 'other', capabilities: ['unclassified'] };
    expect(code(sketch, [])).toBe('deny DEFAULT_DENY');
    expect(code(sketch)).toBe('allow POLICY_ALLOW');
    expect(code(sketch, undefined, { risk: { high: 'deny' } })).toBe('deny POLICY_DENY');
    expect(code({ capabilities: [] }, undefined, { risk: { high: 'deny' } })).toBe('deny POLICY_DENY');
  });
});

describe('limits', () => {
  const limits = { maxSteps: 3, maxToolCalls: 2, maxWallTimeMs: 1000, maxIdenticalCalls: 2 };
  const after = (snapshot: CallSketch['snapshot'], rest: CallSketch = {}) =>
    code({ snapshot: snapshot ?? {}, ...rest }, undefined, { limits });

  it('of N steps allow exactly N', () => {
    expect(after({ steps: 2 })).toBe('allow POLICY_ALLOW');
    expect(after({ steps: 3 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ steps: 3 }, { method: 'resources/read', kind: 'resource' })).toBe('deny BUDGET_EXCEEDED');
  });

  it('of N tool calls allow exactly N, and count only those', () => {
    expect(after({ toolCalls: 1 })).toBe('allow POLICY_ALLOW');
    expect(after({ toolCalls: 2 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ toolCalls: 2 }, { method: 'resources/read', kind: 'resource' })).toBe(
      'allow POLICY_ALLOW',
    );
  });

  it('of wall time end a session to the millisecond, and for a time that is none', () => {
    expect(after({ startedAtMs: NOW - 1000 })).toBe('allow POLICY_ALLOW');
    expect(after({ startedAtMs: NOW - 1001 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ startedAtMs: Number.NaN })).toBe('deny BUDGET_EXCEEDED');
  });

  it('of N identical calls allow exactly N', () => {
    expect(after({ recentCalls: ['fingerprint', 'x'] })).toBe('allow POLICY_ALLOW');
    expect(after({ recentCalls: ['fingerprint', 'x', 'fingerprint'] })).toBe('deny LOOP_DETECTED');
  });

  it('are 24 steps, 12 tool calls, 120000 ms and 5 identical calls by default', () => {
    const spend = (snapshot: CallSketch['snapshot']) => code({ snapshot: snapshot ?? {} });
    expect(
      spend({
        steps: 23,
        toolCalls: 11,
        startedAtMs: NOW - 120_000,
        recentCalls: Array(4).fill('fingerprint'),
      }),
    ).toBe('allow POLICY_ALLOW');
    expect(spend({ steps: 24 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ toolCalls: 12 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ startedAtMs: NOW - 120_001 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ recentCalls: Array(5).fill('fingerprint') })).toBe('deny LOOP_DETECTED');
  });

  it('do not outlive the session: an ended one is refused, in shadow too', () => {
    const ended = { snapshot: { terminated: true } };
    expect(code(ended)).toBe('deny PROTOCOL_VIOLATION');
    expect(decideOn(ended, [ALLOW_ALL], { mode: 'shadow' }).mode).toBe('enforce');
  });
});

describe('findings', () => {
  const findings = [
    { id: 'sql.unparsable', denies: 'GUARD_SQL', message: 'the statement cannot be parsed' },
  ] as const;

  it.each([
    'GUARD_SQL',
    'GUARD_SHELL',
    'GUARD_PATH',
    'GUARD_SSRF',
    'GUARD_PROMPT',
    'GUARD_PII',
    'GUARD_SECRET',
  ] as const)('that mean denial deny with their own code %s', (denies) => {
    const decision = decideOn({ findings: [{ id: 'a.b' }, { id: 'c.d', denies }] });
    expect(decision.reasons[0]).toMatchObject({ code: denies, phase: 'guards' });
  });

  it('are waived by the rule that wins, by id', () => {
    const waiving = { name: 'w', action: 'allow', waive: ['sql.unparsable'] };
    expect(code({ findings }, [waiving])).toBe('allow POLICY_ALLOW');
    expect(code({ findings }, [ALLOW_ALL, waiving])).toBe('deny GUARD_SQL');
    expect(code({ findings: [...findings, { id: 'sql.other', denies: 'GUARD_SQL' }] }, [waiving])).toBe(
      'deny GUARD_SQL',
    );
    expect(code({ findings }, [{ ...waiving, action: 'require_approval' }])).toBe(
      'require_approval APPROVAL_REQUIRED',
    );
  });

  it('without denial are for the rules to judge', () => {
    expect(code({ findings: [{ id: 'sql.drop' }] })).toBe('allow POLICY_ALLOW');
  });
});

describe('risk', () => {
  const risk = { critical: 'deny', high: 'require_approval' } as const;

  it('follows from capabilities, is overridden by the manifest, and by the rule above all', () => {
    const tool = (rest: object) =>
      manifest([{ name: 'read_file', capabilities: ['db.destroy', 'fs.read', 'exec'], ...rest }]);
    const level = (sketch: CallSketch, rule: JsonObject = ALLOW_ALL) => code(sketch, [rule], { risk });
    expect(level({ manifest: tool({}), capabilities: ['fs.read'] })).toBe('allow POLICY_ALLOW');
    expect(level({ manifest: tool({}), capabilities: ['exec'] })).toBe('require_approval APPROVAL_REQUIRED');
    expect(level({ manifest: tool({}), capabilities: ['db.destroy'] })).toBe('deny POLICY_DENY');
    expect(level({ manifest: tool({ risk: 'low' }), capabilities: ['db.destroy'] })).toBe(
      'allow POLICY_ALLOW',
    );
    expect(level({ manifest: tool({}), capabilities: ['fs.read'] }, { ...ALLOW_ALL, risk: 'critical' })).toBe(
      'deny POLICY_DENY',
    );
    expect(level({ manifest: tool({}), capabilities: ['db.destroy'] }, { ...ALLOW_ALL, risk: 'low' })).toBe(
      'allow POLICY_ALLOW',
    );
  });

  it('never turns a denial or a request for approval into less', () => {
    const settings = { risk: { low: 'allow', high: 'allow' } } as const;
    expect(code({}, [{ name: 'r', action: 'deny' }], settings)).toBe('deny POLICY_DENY');
    expect(code({}, [{ name: 'r', action: 'require_approval' }], settings)).toBe(
      'require_approval APPROVAL_REQUIRED',
    );
    expect(code({}, [{ name: 'r', action: 'require_approval', risk: 'critical' }], { risk })).toBe(
      'deny POLICY_DENY',
    );
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
