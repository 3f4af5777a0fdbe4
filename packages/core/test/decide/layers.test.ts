import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/decide/explain.ts';
import { mayAllow } from '../../src/decide/may-allow.ts';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type CompiledPolicy, compilePolicy, type PolicyLayer } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { call, sha256 } from '../policy/call.ts';
import { rules as generatedRules, sketch } from '../policy/generated.ts';
import { firstOf, type RawRule, referenceDecision } from '../policy/reference.ts';

type Sketched = Omit<PolicyLayer, 'parts' | 'mode'> & {
  readonly rules: readonly JsonObject[];
  readonly mode?: 'enforce' | 'shadow';
};

function part(rules: readonly JsonObject[]) {
  return {
    document: readDocument({ text: JSON.stringify({ policies: rules }), file: 'x.json' }),
    path: ['policies'],
    base: '/',
  };
}

function compile(
  rules: readonly JsonObject[],
  layers: readonly Sketched[],
  settings: Partial<PolicySettings> = {},
): CompiledPolicy {
  const { policy, diagnostics } = compilePolicy({
    parts: [part(rules)],
    layers: layers.map(({ rules: own, mode = 'enforce', ...rest }) => ({
      ...rest,
      mode,
      parts: [part(own)],
    })),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    sha256,
  });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

const rule = (name: string, action: string, more: JsonObject = {}): JsonObject => ({ name, action, ...more });

function said(policy: CompiledPolicy, input: DecisionInput = call()) {
  const { effect, rule: by, mode } = decide(policy, input);
  return mode === 'enforce' ? [effect, by] : [effect, by, mode];
}

describe('a policy with layers', () => {
  it('denies what no layer speaks of', () => {
    const policy = compile(
      [],
      [{ name: 'team', rules: [rule('web', 'allow', { when: { server: 'web' } })] }],
    );
    expect(said(policy)).toEqual(['deny', undefined]);
    expect(decide(policy, call()).reasons[0].code).toBe('DEFAULT_DENY');
  });

  it('lets a layer that says nothing pass, and takes the strictest of those that speak', () => {
    const allow = [rule('all', 'allow')];
    const team = {
      name: 'team',
      rules: [rule('writes', 'require_approval', { when: { tool_name: 'write_*' } })],
    };
    const agent = { name: 'own', rules: [rule('no-rm', 'deny', { when: { tool_name: 'write_all' } })] };
    const policy = compile(allow, [team, agent]);
    expect(said(policy)).toEqual(['allow', 'all']);
    expect(said(policy, call({ tool: 'write_one' }))).toEqual(['require_approval', 'team/writes']);
    expect(said(policy, call({ tool: 'write_all' }))).toEqual(['deny', 'own/no-rm']);
  });

  it('asks a layer only about the agents and tenants that it is for', () => {
    const layers = [
      { name: 'team', agents: ['pay-*'], rules: [rule('none', 'deny')] },
      {
        name: 'acme',
        tenants: ['acme'],
        rules: [rule('asked', 'require_approval', { when: { server: 'web' } })],
      },
    ];
    const policy = compile([rule('all', 'allow')], layers);
    expect(said(policy, call({ agent: 'pay-7' }))).toEqual(['deny', 'team/none']);
    expect(said(policy, call({ agent: 'ada' }))).toEqual(['allow', 'all']);
    expect(said(policy, call({ server: 'web' }))).toEqual(['require_approval', 'acme/asked']);
    expect(said(policy, call({ server: 'web', tenant: 'other' }))).toEqual(['allow', 'all']);
  });

  it('keeps every obligation of those that allow, and the smaller limits', () => {
    const layers = [
      { name: 'a', rules: [rule('x', 'allow', { mask: ['email'], limits: { timeout_ms: 100 } })] },
      { name: 'b', rules: [rule('x', 'audit', { mask: ['card'], limits: { max_output_bytes: 50 } })] },
    ];
    const decision = decide(compile([], layers), call());
    expect(decision).toMatchObject({
      effect: 'allow',
      audit: true,
      obligations: { mask: ['email', 'card'], timeoutMs: 100, maxOutputBytes: 50 },
    });
  });

  it('holds a call to the invariants of a layer, though no other rule of it speaks', () => {
    const never = rule('never', 'deny', { invariant: true, when: { capability: 'db.destroy' } });
    const policy = compile([rule('all', 'allow')], [{ name: 'org', agents: ['ada'], rules: [never] }]);
    const destroys = { capabilities: ['db.destroy'] } as const;
    expect(said(policy, call(destroys))).toEqual(['deny', 'org/never']);
    expect(said(policy, call({ ...destroys, agent: 'bob' }))).toEqual(['allow', 'all']);
    expect(said(policy, call())).toEqual(['allow', 'all']);
  });

  it('names its own invariants before those of its layers, wherever they stand among its rules', () => {
    const mark = rule('mark', 'audit', { invariant: true });
    const named = rule('named', 'audit', { invariant: true, when: { tool_name: 'read' } });
    const layers = [
      { name: 'a', rules: [rule('other', 'deny', { when: { server: 'none' } }), named] },
      { name: 'b', rules: [named, mark] },
    ];
    for (const first of [[], [rule('tried', 'deny', { mode: 'shadow', when: { server: 'none' } })]]) {
      const policy = compile([...first, rule('all', 'allow'), mark], layers);
      const { reasons } = decide(policy, call({ tool: 'read' }));
      expect(reasons.slice(1).map(({ rule: by }) => by)).toEqual(['mark', 'a/named', 'b/named', 'b/mark']);
    }
  });

  it('does not let a layer waive a finding for another one', () => {
    const found = { findings: [{ id: 'sql.unparsable', denies: 'GUARD_SQL' }] } as const;
    const waiving = { name: 'team', rules: [rule('mine', 'allow', { waive: ['sql.unparsable'] })] };
    expect(said(compile([], [waiving]), call(found))).toEqual(['allow', 'team/mine']);
    expect(decide(compile([rule('all', 'allow')], [waiving]), call(found)).effect).toBe('deny');
  });

  it('records what a layer in shadow would say beside what counts', () => {
    const trial = { name: 'trial', mode: 'shadow', rules: [rule('none', 'deny')] } as const;
    const policy = compile([rule('all', 'allow')], [trial]);
    const { effect, mode, reasons } = decide(policy, call());
    expect([effect, mode]).toEqual(['allow', 'enforce']);
    expect(reasons.map(({ rule: by, message }) => [by, message])).toEqual([
      ['all', 'allowed by the rule `all`'],
      [
        'trial/none',
        'in shadow, not in force: the layer `trial` would deny it: denied by the rule `trial/none`',
      ],
    ]);
    expect(decide(compile([], [{ ...trial, rules: [rule('any', 'allow')] }]), call()).effect).toBe('deny');
  });

  it('enforces the invariants of a layer in shadow, as those of a policy in shadow', () => {
    const never = rule('never', 'deny', { invariant: true });
    expect(said(compile([rule('all', 'allow')], [{ name: 't', mode: 'shadow', rules: [never] }]))).toEqual([
      'deny',
      't/never',
    ]);
    const shadow = compile([rule('all', 'allow')], [{ name: 't', rules: [never] }], { mode: 'shadow' });
    expect(said(shadow)).toEqual(['deny', 't/never']);
  });

  it('lets the calls of a policy in shadow go on, with the strictest as what would have been', () => {
    const layers = [{ name: 'team', rules: [rule('none', 'deny')] }];
    expect(said(compile([rule('all', 'allow')], layers, { mode: 'shadow' }))).toEqual([
      'deny',
      'team/none',
      'shadow',
    ]);
  });

  it('says in the explanation what each layer says', () => {
    const layers = [
      { name: 'team', rules: [rule('asked', 'require_approval')] },
      { name: 'quiet', rules: [rule('web', 'deny', { when: { server: 'web' } })] },
      { name: 'others', agents: ['bob'], rules: [rule('none', 'deny')] },
    ];
    const { layers: lines, winner, rules } = explain(compile([rule('all', 'allow')], layers), call());
    expect(lines).toEqual([
      { mode: 'enforce', says: 'allow', rule: 'all' },
      { layer: 'quiet', mode: 'enforce', says: 'nothing' },
      { layer: 'team', mode: 'enforce', says: 'require_approval', rule: 'team/asked' },
    ]);
    expect(winner).toBe('team/asked');
    expect(rules.map(({ rule: name, outcome }) => `${name} ${outcome}`)).toEqual([
      'all matched',
      'quiet/web passed_over',
      'team/asked matched',
    ]);
  });

  it('hides from lists what some layer denies for certain, and shows what some layer opens', () => {
    const layers = [
      { name: 'team', agents: ['ada'], rules: [rule('reads', 'allow', { when: { tool_name: 'read' } })] },
      { name: 'own', agents: ['bob'], rules: [rule('none', 'deny')] },
    ];
    const policy = compile([rule('stat', 'allow', { when: { tool_name: 'stat' } })], layers);
    const shown = (name: string, agent: string): boolean =>
      mayAllow(policy, {
        method: 'tools/call',
        resource: { kind: 'tool', server: 'files', name },
        subject: { tenant: 'acme', agent, user: agent, session: 'ses_1' },
        server: undefined,
      });
    expect([shown('stat', 'ada'), shown('read', 'ada'), shown('write', 'ada')]).toEqual([true, true, false]);
    expect([shown('stat', 'bob'), shown('read', 'cid')]).toEqual([false, false]);
  });

  it('refuses two rules of one layer with one name, and lets two layers have one each', () => {
    const twice = [rule('x', 'allow'), rule('x', 'deny')];
    expect(() => compile([], [{ name: 'a', rules: twice }])).toThrow('duplicate-name');
    const layers = [
      { name: 'a', rules: [rule('x', 'allow')] },
      { name: 'b', rules: [rule('x', 'allow')] },
    ];
    expect(compile([rule('x', 'allow')], layers).rules.map(({ name }) => name)).toEqual(['x', 'a/x', 'b/x']);
  });
});

const RANK: Readonly<Record<string, number>> = { allow: 0, require_approval: 1, deny: 2 };

/** Layers whose rules are made up; some are about another agent. */
const layers = fc
  .array(
    fc.record({
      rules: generatedRules,
      agents: fc.constantFrom<string[] | undefined>(undefined, ['ada'], ['b*']),
    }),
    {
      maxLength: 3,
    },
  )
  .map((list) =>
    list.map(({ rules, agents }, index): Sketched & { rules: JsonObject[] } => ({
      name: `l${index}`,
      rules: rules as unknown as JsonObject[],
      ...(agents === undefined ? {} : { agents }),
    })),
  );

const own = generatedRules.map((rules) => rules as unknown as JsonObject[]);

describe('on generated layers', () => {
  it('the effect is the strictest of those that speak, each with the invariants of all', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(own, layers, fc.array(sketch, { minLength: 4, maxLength: 6 }), (rules, list, sketches) => {
        const policy = compile(rules, list);
        const about = [
          rules,
          ...list.filter(({ agents }) => agents?.[0] !== 'b*').map((layer) => layer.rules),
        ];
        const all = about as unknown as RawRule[][];
        const invariants = all.flat().filter(({ invariant }) => invariant === true);
        for (const one of sketches) {
          const input = call(one);
          const wants = all.map((each) =>
            referenceDecision([...invariants, ...each.filter(({ invariant }) => invariant !== true)], input),
          );
          const waive = ['sql.drop', 'sql.unparsable'];
          const bound = referenceDecision([...invariants, { name: '-', action: 'allow', waive }], input);
          const spoke = all.filter((each) => isSpoken(each, input));
          const speaking = wants.filter((_, at) => isSpoken(all[at] ?? [], input));
          const want =
            spoke.length === 0 || bound.effect === 'deny'
              ? 'deny'
              : speaking.map(({ effect }) => effect).toSorted((a, b) => (RANK[b] ?? 0) - (RANK[a] ?? 0))[0];
          const { effect } = decide(policy, input);
          expect(effect).toBe(want);
          seen.set(effect, (seen.get(effect) ?? 0) + 1);
        }
      }),
      { numRuns: 800 },
    );
    for (const effect of Object.keys(RANK)) expect(seen.get(effect)).toBeGreaterThan(100);
  });

  it('one more layer never loosens what another one says, and which comes first makes no difference', () => {
    let tightened = 0;
    fc.assert(
      fc.property(own, layers, own, sketch, (rules, list, more, one) => {
        const input = call(one);
        const before = decide(compile(rules, list), input);
        const added = { name: 'more', rules: more };
        const after = decide(compile(rules, [...list, added]), input);
        const about = [rules, ...list.filter(({ agents }) => agents?.[0] !== 'b*').map((each) => each.rules)];
        if ((about as unknown as RawRule[][]).some((each) => isSpoken(each, input)))
          expect(RANK[after.effect]).toBeGreaterThanOrEqual(RANK[before.effect] ?? 0);
        if (RANK[after.effect] !== RANK[before.effect]) tightened++;
        const turned = compile(rules, [added, ...list.toReversed()]);
        expect(decide(turned, input)).toEqual(after);
      }),
      { numRuns: 800 },
    );
    expect(tightened).toBeGreaterThan(50);
  });

  it('a policy without layers is the same as before there were any', () => {
    const rules = [rule('all', 'allow')];
    expect(compile(rules, []).digest).toBe(
      compilePolicy({ parts: [part(rules)], settings: DEFAULT_SETTINGS, sha256 }).policy?.digest,
    );
    expect(compile(rules, [{ name: 'a', rules: [] }]).digest).not.toBe(compile(rules, []).digest);
  });
});

function isSpoken(rules: readonly RawRule[], input: DecisionInput): boolean {
  return firstOf(rules, input) !== undefined;
}
