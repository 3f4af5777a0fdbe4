import { describe, expect, it } from 'vitest';
import { groundsOf } from '../../src/approval/question.ts';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import { readAgentManifest } from '../../src/manifest/agent/read.ts';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import { NO_TAINTS } from '../../src/model/taint.ts';
import { type CompiledPolicy, compilePolicy, type PolicyInput } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { DEFAULT_SINKS } from '../../src/taint/settings.ts';
import { ALLOW_ALL, call, sha256 } from '../policy/call.ts';

const TRIED: JsonObject = { name: 'tried', action: 'deny', mode: 'shadow' };
const NOTE = 'in shadow, not in force: denied by the rule `tried`';
const HELD: JsonObject = { name: 'held', action: 'require_approval' };

function part(policies: readonly JsonObject[]): PolicyInput['parts'][number] {
  return {
    document: readDocument({ text: JSON.stringify({ policies }), file: 'p.json' }),
    path: ['policies'],
  };
}

function compiled(
  policies: readonly JsonObject[],
  settings: Partial<PolicySettings> = {},
  more: Pick<PolicyInput, 'modules' | 'layers'> = {},
): CompiledPolicy {
  const { policy } = compilePolicy({
    parts: [part(policies)],
    settings: { ...DEFAULT_SETTINGS, ...settings },
    ...more,
    sha256,
  });
  if (policy === undefined) throw new Error('the policy has faults');
  return policy;
}

const answering = (value: JsonValue): Pick<PolicyInput, 'modules'> => ({
  modules: [{ rule: 'rego:data.x', digest: 'd', reads: [], evaluate: () => ({ kind: 'value', value }) }],
});

const told = (policy: CompiledPolicy, input: DecisionInput) => {
  const { effect, reasons } = decide(policy, input);
  return { effect, notes: reasons.filter(({ message }) => message === NOTE).length };
};

function withFacts(more: Partial<DecisionInput['facts']>): DecisionInput {
  const input = call({ capabilities: ['message.send'] });
  return { ...input, facts: { ...input.facts, ...more } };
}

const scored = withFacts({ score: { value: 75, band: 'high', parts: [] } });
const tainted = withFacts({
  taint: {
    ...NO_TAINTS,
    taints: [{ at: '/to', labels: ['external'], from: ['call_0'], agreement: 'value', use: 'authority' }],
  },
});
const secret = withFacts({
  findings: [{ id: 'secret.github.token', at: '/t', severity: 'high', message: '' }],
});
const TAINT = { sinks: DEFAULT_SINKS, untrusted: ['external'], sanitizers: [], userText: false };

function manifested(): DecisionInput {
  const text = JSON.stringify({
    schema: 'aegis.dev/manifest/v0.1',
    name: 'ada',
    version: '1',
    publisher: 'acme',
    permissions: { tools: ['*'], approval_required: ['*'] },
  });
  const { manifest } = readAgentManifest(readDocument({ text, file: 'm.json' }), {
    resolve: (path) => path,
  });
  if (manifest === undefined) throw new Error('the manifest has faults');
  return { ...call(), agent: manifest };
}

const RATE = {
  rate: { name: 'few', per: [], limit: 1, windowMs: 1000, match: '*', action: 'require_approval' },
  key: '["few"]',
  bound: { most: 1, windowMs: 1000 },
  used: 1,
  waitMs: 5,
} as const;

/** Everything that can make stricter what the rules allow or hold. */
const STRICTER: readonly [string, Partial<PolicySettings>, DecisionInput, Pick<PolicyInput, 'modules'>?][] = [
  ['a score', { guards: { requests: { high: 'require_approval' } } }, scored],
  ['a credential', { guards: { secrets: 'require_approval' } }, secret],
  ['a taint', { taint: TAINT }, tainted],
  ['a rate', {}, { ...call(), rates: [RATE] }],
  ['the manifest of an agent', {}, manifested()],
  ['a module that asks', {}, call(), answering({ outcome: 'require_approval' })],
  ['a module that denies', {}, call(), answering({ outcome: 'deny' })],
];

describe('what a rule in shadow would have said stays in the reasons', () => {
  it.each(STRICTER)('when %s makes an allowed call stricter', (what, settings, input, modules) => {
    const effect = what === 'a module that denies' ? 'deny' : 'require_approval';
    expect(told(compiled([TRIED, ALLOW_ALL], settings, modules), input)).toEqual({ effect, notes: 1 });
  });

  it.each(STRICTER)('when %s makes a held call stricter', (what, settings, input, modules) => {
    const effect = what === 'a module that denies' ? 'deny' : 'require_approval';
    expect(told(compiled([TRIED, HELD], settings, modules), input)).toEqual({ effect, notes: 1 });
  });

  it.each(['deny', 'require_approval'] as const)('when a layer says %s', (action) => {
    const layers = [{ name: 'team', mode: 'enforce', parts: [part([{ name: 'x', action }])] }] as const;
    expect(told(compiled([TRIED, ALLOW_ALL], {}, { layers }), call())).toEqual({ effect: action, notes: 1 });
  });

  it('is no ground on which a person is asked', () => {
    const decision = decide(compiled([TRIED, HELD]), call());
    expect([groundsOf(decision), decision.reasons.length]).toEqual([['held'], 2]);
    const trial = { name: 'trial', mode: 'shadow', parts: [part([{ name: 'no', action: 'deny' }])] } as const;
    const layered = decide(compiled([HELD], {}, { layers: [trial] }), call());
    expect([groundsOf(layered), layered.reasons.length]).toEqual([['held'], 2]);
  });
});

describe('a policy in shadow', () => {
  const denies = answering({ outcome: 'deny' });

  it('asks a person where an invariant does, whatever its modules would say', () => {
    const asked = { name: 'asked', action: 'require_approval', invariant: true };
    const own = compiled([asked, ALLOW_ALL], { mode: 'shadow' }, denies);
    expect(decide(own, call())).toMatchObject({ effect: 'require_approval', mode: 'enforce' });
    const layers = [{ name: 'team', mode: 'enforce', parts: [part([ALLOW_ALL])] }] as const;
    const layered = compiled([asked], { mode: 'shadow' }, { ...denies, layers });
    expect(decide(layered, call())).toMatchObject({ effect: 'require_approval', mode: 'enforce' });
  });

  it('asks a person where a sequence that is an invariant does', () => {
    const deed = { server: 'files', name: 'a', capabilities: [], labels: [], atMs: 0, step: 1 };
    const sequences = [
      {
        name: 's',
        first: { tool: ['a'] },
        next: { tool: ['*'] },
        action: 'require_approval',
        invariant: true,
      },
    ] as const;
    const policy = compiled([ALLOW_ALL], { mode: 'shadow', sequences });
    expect(decide(policy, call({ snapshot: { deeds: [deed] } }))).toMatchObject({
      effect: 'require_approval',
      mode: 'enforce',
    });
    expect(decide(policy, call())).toMatchObject({ effect: 'allow', mode: 'shadow' });
  });
});
