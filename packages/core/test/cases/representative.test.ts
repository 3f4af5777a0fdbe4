import { describe, expect, it } from 'vitest';
import { representativeCalls } from '../../src/cases/representative.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { manifest, policyOf } from '../policy/call.ts';

const ground = (...rules: JsonObject[]) => ({
  rules: policyOf(rules).rules,
  manifests: new Map(),
  agents: ['ada'],
});
const rule = (when: JsonObject): JsonObject => ({ name: 'r', action: 'deny', when });

describe('calls that policies speak of', () => {
  it('are each declared tool, by each agent', () => {
    const manifests = new Map([['files', manifest([{ name: 'read' }, { name: 'write' }])]]);
    const calls = representativeCalls({ rules: [], manifests, agents: ['ada', 'bob'] });
    expect(calls.map(({ server, name, agent }) => `${agent} ${server} ${name}`)).toEqual([
      'ada files read',
      'bob files read',
      'ada files write',
      'bob files write',
    ]);
  });

  it('meet the conditions of a rule, and just do not', () => {
    const when = {
      tool_name: 'pay_*',
      server: 'bank',
      agent: 'bob',
      'args.amount': { gt: 100 },
      path: { under: '/data' },
    };
    const calls = representativeCalls(ground(rule(when)));
    expect(calls.map(({ agent, server, name }) => `${agent} ${server} ${name}`)).toContain('bob bank pay_x');
    expect(calls.map(({ args }) => args)).toEqual([
      { amount: 101, path: '/data/x' },
      { amount: 100, path: '/data/x' },
      { amount: 101, path: '/nowhere/x' },
    ]);
  });

  it('are no more than can be tried', () => {
    const tools = Array.from({ length: 3000 }, (_, n) => ({ name: `t${n}` }));
    const manifests = new Map([['files', manifest(tools)]]);
    expect(representativeCalls({ rules: [], manifests, agents: ['ada'] })).toHaveLength(2000);
  });
});
