import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayAllow } from '../../src/decide/may-allow.ts';
import { decide } from '../../src/decide.ts';
import type { Capability } from '../../src/model/capability.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { call, type CallSketch, manifest, policyOf, type SettingsSketch } from '../policy/call.ts';

const SERVER = manifest([
  { name: 'read', capabilities: ['fs.read'] },
  { name: 'drop', capabilities: ['db.destroy'] },
  {
    name: 'query',
    capabilities: ['db.read', 'db.write', 'db.destroy'],
    args: new Map([['sql', { kind: 'sql', dialect: 'sqlite' }]]),
  },
  { name: 'safe', capabilities: ['exec'], risk: 'low' },
]);

function visible(rules: readonly JsonObject[], tool: string, settings: SettingsSketch = {}): boolean {
  const { request } = call({ tool });
  return mayAllow(policyOf(rules, settings), {
    method: 'tools/call',
    resource: request.resource,
    subject: request.subject,
    server: SERVER,
  });
}

const ALLOW = { name: 'allow', action: 'allow' };
const INVARIANT = { name: 'never', action: 'deny', invariant: true };

describe('what a list shows', () => {
  it.each<[string, boolean, string, JsonObject[], SettingsSketch]>([
    ['nothing that no rule lets through', false, 'read', [], {}],
    ['what a rule lets through', true, 'read', [ALLOW], {}],
    ['what a person may be asked for', true, 'read', [{ name: 'ask', action: 'require_approval' }], {}],
    ['nothing that a rule denies first', false, 'read', [{ name: 'no', action: 'deny' }, ALLOW], {}],
    [
      'what a rule denies for some arguments only',
      true,
      'read',
      [{ name: 'no', action: 'deny', when: { path: '/etc/*' } }, ALLOW],
      {},
    ],
    ['nothing allowed for another agent', false, 'read', [{ ...ALLOW, when: { agent: 'bob' } }], {}],
    [
      'nothing that an invariant denies',
      false,
      'drop',
      [{ ...INVARIANT, when: { capability: 'db.destroy' } }, ALLOW],
      {},
    ],
    [
      'a tool with statements, which decide what it does',
      true,
      'query',
      [{ ...INVARIANT, when: { capability: 'db.destroy' } }, ALLOW],
      {},
    ],
    ['nothing of a risk that is denied', false, 'drop', [ALLOW], { risk: { critical: 'deny' } }],
    ['what its manifest calls less risky', true, 'safe', [ALLOW], { risk: { high: 'deny' } }],
    ['an undeclared tool as unclassified', false, 'new', [ALLOW], { risk: { high: 'deny' } }],
    [
      'what a later rule lets through where an earlier one may not apply and would be too risky',
      true,
      'read',
      [{ name: 'risky', action: 'allow', risk: 'critical', when: { mode: 'x' } }, ALLOW],
      { risk: { critical: 'deny' } },
    ],
    ['everything in shadow', true, 'read', [], { mode: 'shadow' }],
    ['nothing that an invariant denies, in shadow either', false, 'read', [INVARIANT], { mode: 'shadow' }],
  ])('%s', (_, want, tool, rules, settings) => {
    expect(visible(rules, tool, settings)).toBe(want);
  });
});

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const when: fc.Arbitrary<JsonObject> = fc
  .record({
    tool_name: optional(
      fc.constantFrom<JsonObject[string]>('read', '*e*', 'q*', { ne: 'drop' }, { matches: 'r' }),
    ),
    server: optional(fc.constantFrom('files', 'web')),
    agent: optional(fc.constantFrom<JsonObject[string]>('ada', { ne: 'ada' })),
    path: optional(fc.constantFrom<JsonObject[string]>('/data/*', { exists: false }, { under: '/data' })),
    host: optional(fc.constantFrom<JsonObject[string]>('*.org', { exists: false })),
    capability: optional(
      fc.constantFrom<JsonObject[string]>('db.*', 'exec', { ne: 'db.read' }, { exists: false }),
    ),
    risk: optional(fc.constantFrom<JsonObject[string]>('low', ['high', 'critical'], { ne: 'low' })),
    finding: optional(fc.constantFrom<JsonObject[string]>('sql.*', { exists: false })),
    amount: optional(fc.constantFrom<JsonObject[string]>(2, { gt: 1 }, { exists: false })),
  })
  .map(
    (record) =>
      Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as JsonObject,
  );

const policy = fc
  .array(
    fc.record({
      action: fc.constantFrom('allow', 'allow', 'deny', 'audit', 'require_approval'),
      kind: fc.constantFrom('rule', 'rule', 'rule', 'invariant', 'shadow'),
      match: fc.constantFrom('*', 'tools/call', 'resources/*'),
      risk: optional(fc.constantFrom('low', 'high', 'critical')),
      waive: optional(fc.constant(['sql.unreadable'])),
      when,
    }),
    { maxLength: 6 },
  )
  .map((bodies) =>
    bodies.map(({ action, kind, match, risk, waive, when }, index): JsonObject => {
      const invariant = kind === 'invariant';
      const lets = kind === 'rule' && action !== 'deny';
      return {
        name: `r${index}`,
        action: invariant && action === 'allow' ? 'audit' : action,
        match,
        when,
        ...(invariant ? { invariant } : {}),
        ...(kind === 'shadow' ? { mode: 'shadow' } : {}),
        ...(risk !== undefined && lets ? { risk } : {}),
        ...(waive !== undefined && lets ? { waive } : {}),
      };
    }),
  );

const settings: fc.Arbitrary<SettingsSketch> = fc.record({
  mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow'),
  risk: fc.dictionary(
    fc.constantFrom('low', 'medium', 'high', 'critical'),
    fc.constantFrom('allow', 'require_approval', 'deny'),
    { noNullPrototype: true },
  ),
});

const STATEMENTS = fc.subarray<Capability>(['db.read', 'db.write', 'db.destroy']);

/** A call with the capabilities that inspection would have established for its tool. */
const sketch: fc.Arbitrary<CallSketch> = fc
  .record({
    tool: fc.constantFrom('read', 'drop', 'query', 'safe', 'new'),
    kind: fc.constantFrom('tool', 'tool', 'tool', 'resource', 'prompt'),
    statements: STATEMENTS,
    implied: fc.subarray<Capability>(['fs.read', 'net.egress']),
    paths: fc.subarray(['/data/a', '/etc/passwd']),
    hosts: fc.subarray(['a.org', 'b.net']),
    findings: fc.subarray([{ id: 'sql.drop' }, { id: 'sql.unreadable', denies: 'GUARD_SQL' as const }]),
    args: fc.constantFrom<JsonObject>({}, { amount: 1 }, { amount: 2 }, { mode: 'x' }),
  })
  .map(({ tool, kind, statements, implied, ...rest }) => {
    const declared = SERVER.tools.get(tool)?.capabilities ?? (['unclassified'] as const);
    const method = { tool: 'tools/call', resource: 'resources/read', prompt: 'prompts/get' }[kind] ?? '';
    const capabilities = kind === 'tool' ? (tool === 'query' ? statements : declared) : implied;
    return Object.assign(rest, { tool, kind: kind as 'tool', method, capabilities, manifest: SERVER });
  });

describe('what a list of resources shows', () => {
  const secret = { name: 'no-secrets', action: 'deny', when: { uri: 'notes://secret/*' } };

  it.each<[string, boolean, string, JsonObject[]]>([
    ['nothing that a rule denies by its URI', false, 'notes://secret/a', [secret, ALLOW]],
    ['the others', true, 'notes://open/a', [secret, ALLOW]],
    [
      'nothing but what a rule allows by its URI',
      false,
      'notes://open/a',
      [{ ...ALLOW, when: { uri: 'x://*' } }],
    ],
    ['a template that stands for more than what is denied', true, 'notes://{folder}/a', [secret, ALLOW]],
    ['what an unknown argument could allow', true, 'notes://open/a', [{ ...ALLOW, when: { other: 'x' } }]],
  ])('%s', (_, shown, name, rules) => {
    const { request } = call({});
    const resource = { kind: 'resource', server: 'files', name } as const;
    const listing = { method: 'resources/read', resource, subject: request.subject, server: SERVER };
    expect(mayAllow(policyOf(rules), listing)).toBe(shown);
  });
});

describe('on generated policies and calls', () => {
  it('a list never hides what some call could be allowed to use', () => {
    let shown = 0;
    let hidden = 0;
    fc.assert(
      fc.property(
        policy,
        settings,
        fc.array(sketch, { minLength: 8, maxLength: 8 }),
        (rules, given, calls) => {
          const compiled = policyOf(rules, given);
          for (const one of calls) {
            const input = call(one);
            const { method } = input.request.action;
            const { subject, resource } = input.request;
            const listed = mayAllow(compiled, { method, resource, subject, server: SERVER });
            if (listed) shown++;
            else hidden++;
            const { effect, mode } = decide(compiled, input);
            const goesOn = effect !== 'deny' || mode === 'shadow';
            if (goesOn) expect(listed, JSON.stringify({ rules, given, one, effect })).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(shown).toBeGreaterThan(2000);
    expect(hidden).toBeGreaterThan(2000);
  });
});
