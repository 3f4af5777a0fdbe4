import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import { readAgentManifest } from '../../src/manifest/agent/read.ts';
import type { Decision, Mode } from '../../src/model/decision.ts';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import { type CompiledPolicy, compilePolicy, type PolicyInput } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { DEFAULT_SINKS } from '../../src/taint/settings.ts';
import { call, sha256 } from '../policy/call.ts';
import { rules as generatedRules, sketch } from '../policy/generated.ts';
import { firstOf, type RawRule } from '../policy/reference.ts';

/** Everything that a call is decided by. */
interface World {
  readonly rules: readonly RawRule[];
  readonly settings: Partial<PolicySettings>;
  readonly modules?: PolicyInput['modules'];
  readonly layers?: PolicyInput['layers'];
  readonly input: DecisionInput;
}

function part(rules: readonly RawRule[]): PolicyInput['parts'][number] {
  const text = JSON.stringify({ policies: rules });
  return { document: readDocument({ text, file: 'p.json' }), path: ['policies'], base: '/' };
}

function compiled({ rules, settings, modules = [], layers = [] }: World): CompiledPolicy {
  const { policy } = compilePolicy({
    parts: [part(rules)],
    settings: { ...DEFAULT_SETTINGS, ...settings },
    modules,
    layers,
    sha256,
  });
  if (policy === undefined) throw new Error('the policy has faults');
  return policy;
}

const outcomeOf = (world: World): Decision => decide(compiled(world), world.input);

const module = (value: JsonValue) =>
  [
    { rule: 'rego:data.x', digest: 'd', reads: [], evaluate: () => ({ kind: 'value', value }) as const },
  ] as const;

function withoutWaiver(rule: RawRule): RawRule {
  const { waive: _, ...rest } = rule;
  return rest;
}

const settled =
  (settings: Partial<PolicySettings>) =>
  (world: World): World => ({ ...world, settings: { ...world.settings, ...settings } });

const met =
  (more: Partial<DecisionInput>) =>
  (world: World): World => ({ ...world, input: { ...world.input, ...more } });

const asked =
  (value: JsonValue) =>
  (world: World): World => ({ ...world, modules: module(value) });

const layered =
  (rules: readonly RawRule[], mode: Mode = 'enforce') =>
  (world: World): World =>
    // Where nobody speaks, one that does opens what was closed.
    mode === 'enforce' && firstOf(world.rules, world.input) === undefined
      ? world
      : { ...world, layers: [{ name: 'more', mode, parts: [part(rules)] }] };

const DEED = { server: 'files', name: 'a', capabilities: [], labels: [], atMs: 0, step: 1 };

function sequenced(action: 'deny' | 'require_approval') {
  const sequences = [{ name: 's', first: {}, next: {}, action, invariant: false }] as const;
  return (world: World): World => {
    const snapshot = { ...world.input.snapshot, deeds: [DEED] };
    return met({ snapshot })(settled({ sequences })(world));
  };
}

const rated = (action: 'deny' | 'require_approval') =>
  met({
    rates: [
      {
        rate: { name: 'few', per: [], limit: 1, windowMs: 1000, match: '*', action },
        key: '["few"]',
        bound: { most: 1, windowMs: 1000 },
        used: 1,
        waitMs: 5,
      },
    ],
  });

function manifest(permissions: JsonObject) {
  const text = JSON.stringify({
    schema: 'aegis.dev/manifest/v0.1',
    name: 'ada',
    version: '1',
    publisher: 'acme',
    permissions,
  });
  const read = readAgentManifest(readDocument({ text, file: 'm.json' }), { resolve: (path) => path });
  if (read.manifest === undefined) throw new Error('the manifest has faults');
  return met({ agent: read.manifest });
}

const scored = (value: number, band: 'high' | 'critical') => (world: World) => {
  const { facts } = world.input;
  return settled({ guards: { requests: { high: 'require_approval', critical: 'deny' } } })(
    met({ facts: { ...facts, score: { value, band, parts: [] } } })(world),
  );
};

const ANSWERS = ['deny', 'require_approval'] as const;
const TAINT = { untrusted: ['external'], sanitizers: [], userText: false };

/** Of what kind it is, how it is called, and what it does. */
type Addition = readonly [string, string, (world: World) => World];

/** What can be added to a policy, each of it stricter or of no effect. */
const addition: fc.Arbitrary<Addition> = fc.oneof(
  fc.constantFrom<Addition>(
    ...ANSWERS.flatMap((answer): Addition[] => [
      ['sequence', answer, sequenced(answer)],
      ['rate', answer, rated(answer)],
      ['risk', answer, settled({ risk: { low: answer, critical: answer } })],
      ['module', answer, asked({ outcome: answer })],
      ['taint', answer, settled({ taint: { ...TAINT, sinks: { exec: answer } } })],
    ]),
    ['taint', 'by default', settled({ taint: { ...TAINT, sinks: DEFAULT_SINKS } })],
    ['module', 'limits', asked({ outcome: 'allow', constraints: { mask: ['card'], timeout_ms: 5 } })],
    ['manifest', 'grants', manifest({ tools: ['read*'] })],
    ['manifest', 'asks', manifest({ tools: ['*'], approval_required: ['*'] })],
    ['score', 'high', scored(75, 'high')],
    ['score', 'critical', scored(95, 'critical')],
    ['limit', 'no steps', settled({ limits: { ...DEFAULT_SETTINGS.limits, maxSteps: 0 } })],
    ['switch', 'thrown', met({ killed: { scope: 'all', by: 'ann', why: 'alarm' } })],
    ['waiver', 'none', (world) => ({ ...world, rules: world.rules.map(withoutWaiver) })],
  ),
  generatedRules.map((rules): Addition => ['layer', 'more', layered(rules)]),
);

const additions = (minLength: number) =>
  fc.uniqueArray(addition, { minLength, maxLength: 3, selector: ([kind]) => kind });

const RANK = { allow: 0, require_approval: 1, deny: 2 } as const;

/** How much of a decision is in force. */
const force = ({ effect, mode }: Decision): number => (mode === 'enforce' ? RANK[effect] : 0);

describe('adding anything stricter', () => {
  it.each(['enforce', 'shadow'] as const)('never loosens, of a policy in mode %s', (mode) => {
    const tightened = new Set<string>();
    fc.assert(
      fc.property(generatedRules, sketch, additions(1), (rules, one, added) => {
        let world: World = { rules, settings: { mode }, input: call(one) };
        let before = outcomeOf(world);
        for (const [kind, how, add] of added) {
          const name = `${kind}: ${how}`;
          world = add(world);
          const after = outcomeOf(world);
          expect(RANK[after.effect], name).toBeGreaterThanOrEqual(
            // In shadow an invariant's question is in force, and hides what would have denied.
            after.mode === mode ? RANK[before.effect] : 0,
          );
          expect(force(after), name).toBeGreaterThanOrEqual(force(before));
          if (after.effect !== 'deny') {
            const { mask, timeoutMs, maxOutputBytes } = after.obligations;
            if (before.effect !== 'deny')
              expect(mask).toEqual(expect.arrayContaining([...before.obligations.mask]));
            expect(timeoutMs).toBeLessThanOrEqual(before.obligations.timeoutMs);
            expect(maxOutputBytes).toBeLessThanOrEqual(before.obligations.maxOutputBytes);
          }
          if (after.effect !== before.effect) tightened.add(name);
          before = after;
        }
      }),
      { numRuns: 1500 },
    );
    // All but a module that limits, which leaves the effect as it is.
    expect(tightened.size).toBeGreaterThanOrEqual(mode === 'enforce' ? 16 : 14);
  });

  it('in shadow is of no effect at all, whatever else there is', () => {
    let noted = 0;
    fc.assert(
      fc.property(generatedRules, generatedRules, sketch, additions(0), (rules, more, one, added) => {
        const start: World = { rules, settings: {}, input: call(one) };
        const world = added.reduce((each, [, , add]) => add(each), start);
        const want = outcomeOf(world);
        const ordinary = more.filter(({ invariant }) => invariant !== true);
        const tried = ordinary.map((rule) => ({
          ...withoutWaiver(rule),
          name: `tried-${rule.name}`,
          mode: 'shadow' as const,
        }));
        const layer = { name: 'trial', mode: 'shadow', parts: [part(ordinary)] } as const;
        for (const other of [
          { ...world, rules: [...tried, ...world.rules] },
          { ...world, layers: [...(world.layers ?? []), layer] },
        ]) {
          const { reasons, policyDigest: _, ...rest } = outcomeOf(other);
          const { reasons: own, policyDigest: __, ...same } = want;
          expect(rest).toEqual(same);
          const inForce = (all: Decision['reasons']) => all.filter(({ inShadow }) => inShadow !== true);
          expect(inForce(reasons)).toEqual(inForce(own));
          if (reasons.length > own.length) noted++;
        }
      }),
      { numRuns: 1500 },
    );
    expect(noted).toBeGreaterThan(100);
  });
});
