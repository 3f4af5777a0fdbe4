import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/decide/explain.ts';
import { decide } from '../../src/decide.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type CallSketch, call, compileText, policyOf } from './call.ts';
import { rules, sketch, when } from './generated.ts';
import { type RawRule, referenceDecision } from './reference.ts';

describe('on generated policies and calls', () => {
  it('the compiled policy decides as the reference does', () => {
    let decided = 0;
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(rules, fc.array(sketch, { minLength: 8, maxLength: 12 }), (raw, sketches) => {
        const policy = policyOf(raw as unknown as JsonObject[]);
        for (const one of sketches) {
          const input = call(one);
          const want = referenceDecision(raw, input);
          const { effect, rule } = decide(policy, input);
          expect({ effect, rule }).toEqual({ effect: want.effect, rule: want.rule });
          seen.set(effect, (seen.get(effect) ?? 0) + 1);
          decided++;
        }
      }),
      { numRuns: 10_000 },
    );
    expect(decided).toBeGreaterThan(80_000);
    for (const effect of ['allow', 'deny', 'require_approval'])
      expect(seen.get(effect)).toBeGreaterThan(1000);
  });

  it('the explanation never contradicts the decision', () => {
    fc.assert(
      fc.property(rules, sketch, fc.constantFrom('enforce', 'shadow'), (raw, one, mode) => {
        const policy = policyOf(raw as unknown as JsonObject[], { mode });
        const input = call(one);
        const { decision, winner, rules: lines } = explain(policy, input);
        expect(decision).toEqual(decide(policy, input));
        const inForce = (name: string) => raw.find((rule) => rule.name === name)?.mode !== 'shadow';
        if (lines.some(({ outcome, rule }) => outcome === 'failed' && inForce(rule))) {
          expect(winner).toBeUndefined();
          if (decision.effect === 'deny') return;
          // Where the rules are in shadow, an invariant that asks is in force all the same, and the fault is told with it.
          expect([mode, decision.mode, decision.effect]).toEqual(['shadow', 'enforce', 'require_approval']);
          const faults = lines.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule);
          expect(faults).toContain(decision.reasons.find(({ phase }) => phase === 'rules')?.rule);
          return;
        }
        const decidedByRules = decision.effect === 'allow' || decision.reasons[0].phase === 'rules';
        expect(decidedByRules ? decision.rule : winner).toBe(winner);
        const matched = lines.filter(({ outcome, rule }) => outcome === 'matched' && inForce(rule));
        expect(matched.map(({ rule }) => rule)).toEqual(winner === undefined ? [] : [winner]);
      }),
      { numRuns: 1000, examples: [[INVARIANT_BESIDE_A_FAULT, READS_A_LIST, 'shadow']] },
    );
  });

  it('a policy is the same in every format', () => {
    fc.assert(
      fc.property(rules, (raw) => {
        const json = JSON.stringify({ policies: raw }, null, 2);
        const digest = compileText(json, {}, 'json').policy?.digest;
        expect(digest).toBeDefined();
        // JSON is YAML too (YAML 1.2 section 1.3).
        expect(compileText(json, {}, 'yaml').policy?.digest).toBe(digest);
      }),
      { numRuns: 200 },
    );
  });

  it('one more invariant never lets through what was stopped', () => {
    const rank = { allow: 0, require_approval: 1, deny: 2 } as const;
    fc.assert(
      fc.property(
        rules,
        when,
        fc.constantFrom('deny', 'require_approval', 'audit'),
        sketch,
        (raw, when, action, one) => {
          const input = call(one);
          const before = decide(policyOf(raw as unknown as JsonObject[]), input);
          const more = [...raw, { name: 'more', action, when, invariant: true }];
          const after = decide(policyOf(more as unknown as JsonObject[]), input);
          expect(rank[after.effect]).toBeGreaterThanOrEqual(rank[before.effect]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('on any text and any input at all', () => {
  it('reading and compiling never throw', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json().map((json) => `{"policies": ${json}}`),
      fc
        .array(
          fc.constantFrom(
            '[[policies]]',
            'name = "a"',
            'when = {',
            '}',
            'a.b = 1',
            '"',
            '[',
            '= 1',
            '- a: &x *x',
            '\n',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('\n')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('toml', 'yaml', 'json'), (source, format) => {
        const { policy, diagnostics } = compileText(source, {}, format);
        expect(policy === undefined).toBe(diagnostics.length > 0);
        for (const { at } of diagnostics) {
          expect(at.line).toBeGreaterThan(0);
          expect(at.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('deciding never throws', () => {
    const policy = policyOf([
      { name: 'i', invariant: true, action: 'require_approval', when: { x: { gt: 5 } } },
      { name: 'p', action: 'deny', when: { path: { under: '/x' }, 'args.a.b': 'c*' } },
      { name: 'a', action: 'allow' },
    ]);
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.dictionary(fc.string(), fc.anything()),
        (facts, snapshot, args) => {
          const { request, ...rest } = call();
          const input = { ...rest, request: { ...request, args }, facts, snapshot } as never;
          const decision = decide(policy, input);
          expect(['allow', 'deny', 'require_approval']).toContain(decision.effect);
          expect(decision.reasons.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

const INVARIANT_BESIDE_A_FAULT: RawRule[] = [
  { name: 'r0', action: 'require_approval', match: '*', when: { risk: 'high' }, invariant: true },
  {
    name: 'r1',
    action: 'allow',
    match: '*',
    when: { path: { under: '/data' } },
    condition: 'args.amount > 1.0',
  },
];

const READS_A_LIST: CallSketch = {
  tool: 'read',
  kind: 'tool',
  server: 'files',
  method: 'tools/call',
  paths: ['/data'],
  hosts: [],
  capabilities: [],
  findings: [],
  labels: [],
  args: { amount: [] },
};
