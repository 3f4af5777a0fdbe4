import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { policyText, ruleNormalForm } from '../../src/policy/normal-form.ts';
import { policyOf } from './call.ts';

/** Rules with every key that a rule can have, written in no order. */
const RULES: readonly JsonObject[] = [
  {
    when: {
      tool_name: ['b*', 'a'],
      'args.z': { matches: '^é"\\\\d', lt: 1.5e-7, gt: -0 },
      path: { under: '/srv' },
      'args.0': true,
      'args.10': { in: [3, 'x', false] },
      'args.9': { exists: false },
    },
    name: 'whole \u2028 "name"',
    waive: ['pii.ssn', 'pii.card'],
    time: { zone: 'UTC', to: '06:00', from: '22:00', days: ['tue', 'mon'] },
    risk: 'low',
    requires: ['b', 'a'],
    reason: 'why\u00e9',
    mask: ['ssn', 'email'],
    log: true,
    limits: { timeout_ms: 5, max_output_bytes: 7 },
    labels: ['b', 'a'],
    condition: 'args.amount > 5.0',
    match: 'tools/*',
    action: 'allow',
  },
  {
    name: 'held',
    action: 'require_approval',
    approvers: { roles: ['b', 'a'], quorum: 2, people: ['z', 'y'] },
  },
  { name: 'never', action: 'deny', invariant: true },
  { name: 'tried', action: 'deny', mode: 'shadow' },
];

describe('the text that a policy digest covers', () => {
  const { rules, settings } = policyOf(RULES);

  it('is the canonical JSON of the rules and the settings', () => {
    const text = policyText(rules, settings);
    expect(text).toBe(canonicalJson(JSON.parse(text) as JsonObject));
    expect(canonicalJson(rules.map(ruleNormalForm))).toBe(JSON.stringify(rules.map(ruleNormalForm)));
  });

  it('is so with modules and layers, too', () => {
    const layers = [
      { name: 'b"\n', mode: 'shadow', agents: ['z*', 'a*'], rules },
      { name: 'c', mode: 'enforce', tenants: ['y', 'x'], rules: [] },
    ] as const;
    const text = policyText(rules, settings, [{ rule: 'opa:a', digest: '00' }], layers);
    const form = JSON.parse(text) as { readonly layers: readonly JsonObject[] };
    expect(text).toBe(canonicalJson(form as unknown as JsonObject));
    expect(form.layers.map(({ agents, tenants }) => [agents, tenants])).toEqual([
      [['a*', 'z*'], undefined],
      [undefined, ['x', 'y']],
    ]);
  });
});
