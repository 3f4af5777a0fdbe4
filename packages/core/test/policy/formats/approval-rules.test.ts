import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/decide.ts';
import { call } from '../call.ts';
import { compileFile, policyOfFile, rulesOf } from './read.ts';

const POLICY = `
version: "1"
timezone: Europe/Zurich
defaults:
  risk_level: high
  approval: approve
rules:
  - name: read_anything
    match: { type: "get_*" }
    risk_level: low
    approval: auto
  - name: never_drop_live_data
    match:
      type: drop_*
      target: live_*
    risk_level: critical
    approval: block
  - name: nobody_writes_at_night
    match: { type: "write_*" }
    conditions: { time_after: "22:00", time_before: "6:30" }
    approval: block
  - name: many_at_once
    match: { type: "write_*" }
    conditions:
      param_gt: { count: 100 }
      param_lt: { count: 5000 }
      param_eq: { table: leads }
    risk_level: high
  - name: deploy_in_the_week
    match: { type: deploy }
    conditions: { weekdays: [1, tue, Wednesday] }
    approval: auto
`;

describe('a policy of approvals', () => {
  it('is native rules in the same order, and its defaults are the last', () => {
    const night = { from: 22 * 60, to: 6 * 60 + 30, zone: 'Europe/Zurich' };
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const match = 'tools/call';
    expect(rulesOf(POLICY)).toEqual([
      { name: 'read_anything', match, action: 'allow', when: { tool_name: ['get_*'] }, risk: 'low' },
      {
        name: 'never_drop_live_data',
        match,
        action: 'deny',
        when: { tool_name: ['drop_*'], server: ['live_*'] },
      },
      {
        name: 'nobody_writes_at_night',
        match,
        action: 'deny',
        when: { tool_name: ['write_*'] },
        time: [{ ...night, days }],
      },
      {
        name: 'many_at_once',
        match,
        action: 'require_approval',
        when: {
          tool_name: ['write_*'],
          'args.table': { eq: 'leads' },
          'args.count': { gt: 100, lt: 5000 },
        },
        risk: 'high',
      },
      {
        name: 'deploy_in_the_week',
        match,
        action: 'allow',
        when: { tool_name: ['deploy'] },
        time: [{ from: 0, to: 1440, days: days.slice(0, 3), zone: 'Europe/Zurich' }],
      },
      { name: 'defaults', match, action: 'require_approval', risk: 'high' },
    ]);
  });

  it.each([
    ['get_user', 'crm', {}, 'allow', 'read_anything'],
    ['drop_table', 'live_db', {}, 'deny', 'never_drop_live_data'],
    ['drop_table', 'test_db', {}, 'require_approval', 'defaults'],
    ['write_row', 'crm', { count: 101, table: 'leads' }, 'require_approval', 'many_at_once'],
    ['write_row', 'crm', { count: 100, table: 'leads' }, 'require_approval', 'defaults'],
    ['write_row', 'crm', {}, 'require_approval', 'defaults'],
  ])('%s on %s with %j: %s by %s', (tool, server, args, effect, rule) => {
    const nowMs = Date.parse('2026-11-24T12:00:00+01:00');
    expect(decide(policyOfFile(POLICY), call({ tool, server, args, nowMs }))).toMatchObject({ effect, rule });
  });

  it.each([
    ['2026-11-24T03:00:00+01:00', 'nobody_writes_at_night'],
    ['2026-11-24T22:00:00+01:00', 'nobody_writes_at_night'],
    ['2026-11-24T06:29:59+01:00', 'nobody_writes_at_night'],
    ['2026-11-24T06:30:00+01:00', 'defaults'],
    ['2026-11-24T21:59:59+01:00', 'defaults'],
  ])('at %s a write is decided by %s', (at, rule) => {
    const decision = decide(policyOfFile(POLICY), call({ tool: 'write_row', nowMs: Date.parse(at) }));
    expect(decision.rule).toBe(rule);
  });

  it('lets nothing through but calls of tools', () => {
    const policy = policyOfFile('defaults: { approval: auto }\n');
    expect(decide(policy, call({})).effect).toBe('allow');
    for (const kind of ['resource', 'prompt'] as const) {
      const method = kind === 'resource' ? 'resources/read' : 'prompts/get';
      expect(decide(policy, call({ kind, method })).effect).toBe('deny');
    }
  });

  it('asks a person where a rule says nothing of approval, and denies what no rule matches', () => {
    const policy = policyOfFile('rules:\n  - { name: a, match: { type: a } }\n');
    expect(decide(policy, call({ tool: 'a' })).effect).toBe('require_approval');
    expect(decide(policy, call({ tool: 'b' })).effect).toBe('deny');
  });

  it.each([
    ['param_eq', { x: 5 }, { x: 6 }],
    ['param_ne', { x: 6 }, { x: 5 }],
    ['param_gt', { x: 6 }, { x: 5 }],
    ['param_gte', { x: 5 }, { x: 4 }],
    ['param_lt', { x: 4 }, { x: 5 }],
    ['param_lte', { x: 5 }, { x: 6 }],
  ])('%s of 5 holds for %j, and not for %j or nothing', (key, met, unmet) => {
    const policy = policyOfFile(
      `rules:\n  - { name: a, approval: auto, conditions: { ${key}: { x: 5 } } }\n`,
    );
    expect(decide(policy, call({ args: met })).effect).toBe('allow');
    expect(decide(policy, call({ args: unmet })).effect).toBe('deny');
    expect(decide(policy, call({ args: {} })).effect).toBe('deny');
  });

  it.each([
    ['param_contains', 'urg', 'very urgent', 'calm'],
    ['param_matches', '^INV-[0-9]+$', 'INV-7', 'INV-x'],
  ])('%s asks about texts', (key, wanted, met, unmet) => {
    const policy = policyOfFile(
      `rules:\n  - { name: a, approval: auto, conditions: { ${key}: { x: "${wanted}" } } }\n`,
    );
    expect(decide(policy, call({ args: { x: met } })).effect).toBe('allow');
    expect(decide(policy, call({ args: { x: unmet } })).effect).toBe('deny');
  });

  it('reports every mistake at once, each where it was written', () => {
    const { policy, faults } = compileFile(`version: "2"
defalts: {}
defaults: { approval: maybe }
rules:
  - match: { type: "[ab]*", tool: x }
    approval: auto
  - name: times
    conditions: { time_after: 18:00, weekdays: [8] }
  - name: clock
    conditions: { time_before: "25:00", timezone: Europe/Zurich }
  - name: never
    conditions: { time_after: "8:00", time_before: "08:00", timezone: Mars/Base }
  - name: zone-alone
    conditions: { timezone: UTC }
  - name: params
    risk_level: hih
    conditions:
      param_gt: { count: many }
      param_matches: { id: "(?=x)" }
      param_eq: {}
      param_is: { a: 1 }
      param_ne: { a.b: 1 }
  - name: times
`);
    expect(policy).toBeUndefined();
    expect(faults.map((fault) => fault.replace(/\n {2}help: /, ' | '))).toEqual([
      'policy.yaml:1:10: unknown version `2` | version `1` is read',
      'policy.yaml:2:1: unknown key `defalts` | did you mean `defaults`?',
      'policy.yaml:3:23: unknown approval `maybe` | expected one of `auto`, `approve`, `block`',
      'policy.yaml:5:5: a rule needs `name`',
      'policy.yaml:5:20: `[ab]*` has more than `*` and `?` in it | write a rule for each of the names',
      'policy.yaml:5:29: unknown key `tool` | expected one of `type`, `target`',
      'policy.yaml:8:19: a time needs `timezone` | write `timezone: Europe/Zurich` beside it, or once at the top of the file',
      'policy.yaml:8:49: `8` is not a day | `1` is Monday and `7` is Sunday; a name is `mon` or `monday`',
      'policy.yaml:10:32: `25:00` is not a time of day | write it like `08:30`',
      'policy.yaml:12:71: unknown time zone `Mars/Base` | name one of the IANA database, like `UTC` or `Europe/Zurich`',
      'policy.yaml:14:19: the rule has no time',
      'policy.yaml:16:17: unknown risk_level `hih` | did you mean `high`?',
      'policy.yaml:18:26: `gt` must be a number, not a string',
      'policy.yaml:19:28: the pattern does not compile: invalid or unsupported Perl syntax: `(?=` | patterns are RE2: no backreferences and no look-around',
      'policy.yaml:20:17: no parameter is named',
      'policy.yaml:21:7: unknown key `param_is` | did you mean `param_eq`?',
      'policy.yaml:22:19: `a.b` is not the name of a parameter | a value inside another is asked for in a native rule, as `args.options.depth`',
      'policy.yaml:23:11: a rule `times` exists already | the first one is at policy.yaml:7:11',
    ]);
  });

  it('says once that the time zone of the file does not exist', () => {
    const { faults } = compileFile(`timezone: Mars/Base
rules:
  - { name: a, conditions: { weekdays: [1] } }
  - { name: b, conditions: { weekdays: [2] } }
`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^policy\.yaml:1:11: unknown time zone `Mars\/Base`/);
  });

  it('refuses a time zone that no rule needs', () => {
    expect(compileFile('timezone: UTC\nrules: [{ name: a }]\n').faults).toEqual([
      'policy.yaml:1:1: no rule has a time',
    ]);
  });
});
