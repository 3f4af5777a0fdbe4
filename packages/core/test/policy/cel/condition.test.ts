import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/decide/explain.ts';
import { mayAllow } from '../../../src/decide/may-allow.ts';
import { decide } from '../../../src/decide.ts';
import { readAgentManifest } from '../../../src/manifest/agent/read.ts';
import { type JsonObject, type JsonValue } from '../../../src/model/json.ts';
import { readDocument } from '../../../src/source/document.ts';
import { type CallSketch, call, compileText, policyOf } from '../call.ts';

const rule = (condition: string, more: JsonObject = {}): JsonObject => ({
  name: 'r',
  action: 'allow',
  condition,
  ...more,
});

function effectOf(condition: string, sketch: CallSketch = {}): string {
  const { effect, reasons } = decide(policyOf([rule(condition)]), call(sketch));
  const [{ code, rule: by, message }] = reasons;
  return code === 'DEFAULT_DENY' ? 'no match' : by === 'r' && effect === 'deny' ? message : effect;
}

describe('a condition of a rule', () => {
  it.each<[string, CallSketch]>([
    ['args.amount > 100', { args: { amount: 150.5 } }],
    ['args.amount > 100 && args.amount == 150', { args: { amount: 150 } }],
    ['args.a.b[1] == "x"', { args: { a: { b: [0, 'x'] } } }],
    ['args.n == null', { args: { n: null } }],
    ['args.flag', { args: { flag: true } }],
    ['!has(args.path)', {}],
    ['request.tool == "read_file" && request.server == "files" && request.args == args', { args: { a: 1 } }],
    ['has(request.resource) && !has(request.tool)', { kind: 'resource', tool: 'file:///a' }],
    ['request.agent == "ada" && request.tenant == "acme"', {}],
    ['facts.paths.all(p, p.startsWith("/data/"))', { paths: ['/data/a', '/data/b'] }],
    ['facts.hosts.exists(h, (h == "a.org") || h.endsWith(".a.org"))', { hosts: ['x.a.org'] }],
    ['facts.findings.exists_one(f, f.id == "sql.drop" && f.severity == "high")', { findings: [{}] }],
    ['"fs.read" in facts.capabilities && facts.risk == "high"', {}],
    [
      'session.steps < 3 && session.tool_calls + session.denied == 3',
      { snapshot: { steps: 2, toolCalls: 2, denied: 1 } },
    ],
    ['taint.labels == ["external"] && !taint.steered', { labels: ['external'] }],
    ['"crm" in taint.authority.crm && !has(taint.args.to)', { labels: ['crm'] }],
    ['session.age_ms == 1000 && session.identical_calls == 0', {}],
    ['timestamp(now_ns / 1000000000).getFullYear("Europe/Zurich") == 2027', {}],
    ['rx(args.id, "^INV-[0-9]{4}$")', { args: { id: 'INV-0001' } }],
    ['args.l.map(x, x * 2.0).filter(x, x > 3.0).size() == 2', { args: { l: [1, 2, 3] } }],
    ['args.s.split(",").exists(x, x.trim() == "b")', { args: { s: 'a, b' } }],
    ['args.l.exists(x, x.l.exists(y, y == "(),"))', { args: { l: [{ l: [] }, { l: ['(),'] }] } }],
  ])('holds: %s', (condition, sketch) => {
    expect(effectOf(condition, sketch)).toBe('allow');
  });

  it('is asked about the manifest of the agent, which is empty for one without', () => {
    const written: JsonObject = {
      schema: 'aegis.dev/manifest/v0.1',
      name: 'ada',
      version: '1',
      publisher: 'acme',
      permissions: { tools: ['*'] },
    };
    const text = JSON.stringify(written);
    const { manifest: agent } = readAgentManifest(readDocument({ text, file: 'a.json' }), {
      resolve: (p) => p,
    });
    const policy = policyOf([rule('has(manifest.publisher) && manifest.publisher == "acme"')]);
    expect(decide(policy, { ...call(), agent }).effect).toBe('allow');
    expect(decide(policy, call()).reasons[0].code).toBe('DEFAULT_DENY');
  });

  it('that does not hold leaves the call to the next rule', () => {
    const policy = policyOf([
      rule('args.amount > 100.0', { action: 'deny' }),
      { name: 'rest', action: 'allow' },
    ]);
    expect(decide(policy, call({ args: { amount: 100 } })).rule).toBe('rest');
    expect(decide(policy, call({ args: { amount: 100.1 } })).rule).toBe('r');
  });

  it('is asked last: what `when` refuses it never sees', () => {
    const policy = policyOf([rule('args.amount > 1', { when: { tool_name: 'pay', agent: 'ada' } })]);
    expect(decide(policy, call({ tool: 'other' })).reasons[0].code).toBe('DEFAULT_DENY');
    expect(decide(policy, call({ tool: 'pay', agent: 'bob' })).reasons[0].code).toBe('DEFAULT_DENY');
    expect(decide(policy, call({ tool: 'pay' })).reasons[0].code).toBe('POLICY_DENY');
  });

  it.each<[string, JsonObject, string]>([
    ['args.amount > 1', {}, '`amount` is not there'],
    ['args.a.b > 1', { a: {} }, '`b` is not there'],
    ['args.constructor == "x"', {}, '`constructor` is not there'],
    ['args["toString"] == "x"', {}, 'no such key'],
    ['args.amount > 1', { amount: 'secret-text' }, 'no such overload'],
    ['args.amount * 2 > 1', { amount: 2 }, 'no such overload'],
    ['int(args.n) > 1', { n: 'secret-text' }, 'its condition fails'],
    ['args.l[5] == 1', { l: [] }, 'its condition fails'],
    ['rx(args.s, "a")', { s: 'a'.repeat(20_000) }, 'its condition fails'],
    ['rx(args.s, "a")', { s: 1 }, 'its condition fails'],
    ['session.steps / 0 == 1', {}, 'its condition fails'],
  ])('denies what it cannot judge: %s of %j', (condition, args, why) => {
    for (const action of ['allow', 'deny', 'require_approval'] as const) {
      for (const invariant of action === 'allow' ? [false] : [false, true]) {
        const policy = policyOf([
          rule(condition, { action, ...(invariant ? { invariant } : {}) }),
          { name: 'all', action: 'allow' },
        ]);
        const { effect, reasons } = decide(policy, call({ args }));
        expect([effect, reasons[0].code, reasons[0].rule]).toEqual(['deny', 'POLICY_DENY', 'r']);
        expect(reasons[0].message).toContain(why);
        expect(reasons[0].message).not.toContain('secret-text');
      }
    }
  });

  it('denies when its value is no boolean', () => {
    expect(effectOf('args.flag', { args: { flag: 'yes' } })).toContain('neither true nor false');
  });

  it('in a rule in shadow is told and not in force', () => {
    const policy = policyOf([
      rule('args.x > 1', { action: 'deny', mode: 'shadow' }),
      { name: 'all', action: 'allow' },
    ]);
    const { effect, reasons } = decide(policy, call());
    expect([effect, reasons[1]?.message]).toEqual([
      'allow',
      expect.stringMatching(/^in shadow.*`x` is not there/),
    ]);
  });

  it('hides nothing from lists, which have no arguments yet', () => {
    const { request } = call();
    const listing = {
      method: 'tools/call',
      resource: request.resource,
      subject: request.subject,
      server: undefined,
    };
    expect(mayAllow(policyOf([rule('args.amount > 100')]), listing)).toBe(true);
    const denied = policyOf([
      rule('true', { action: 'deny', invariant: true }),
      { name: 'all', action: 'allow' },
    ]);
    expect(mayAllow(denied, listing)).toBe(true);
  });

  it('has findings and score whenever it reads them, for calls that the rest of the rule meets', () => {
    const needs = (condition: string, sketch: CallSketch = {}) =>
      policyOf([rule(condition, { when: { tool_name: 'read_file' } })]).callNeeds(call(sketch));
    expect(needs('facts.score > 70')).toMatchObject({ text: true, secrets: true, score: true });
    expect(needs('facts.findings.size() > 0')).toMatchObject({ text: true, secrets: true, score: false });
    expect(needs('[facts].size() == 1').score).toBe(true);
    expect(needs('facts.paths.size() > 0')).toMatchObject({ text: false, secrets: false, score: false });
    expect(needs('facts.score > 70', { tool: 'other' }).score).toBe(false);
  });

  it('is named where a decision is explained', () => {
    const policy = policyOf([rule('args.amount > 100')]);
    expect(explain(policy, call({ args: { amount: 1 } })).rules).toMatchObject([
      { outcome: 'passed_over', why: 'the condition `args.amount > 100` does not hold' },
    ]);
    expect(explain(policy, call({ args: { amount: 101 } })).rules).toMatchObject([{ outcome: 'matched' }]);
    expect(explain(policy, call()).rules).toMatchObject([{ outcome: 'failed' }]);
  });

  it('is covered by the digest', () => {
    const digests = [{ name: 'r', action: 'allow' }, rule('true'), rule('1 == 1')].map(
      (one) => policyOf([one]).digest,
    );
    expect(new Set(digests).size).toBe(3);
  });
});

describe('a condition under attack', () => {
  it('a pattern that makes a backtracking engine hang takes no time', () => {
    expect(
      compileText(
        'policies: [{ name: r, action: allow, condition: \'args.s.matches("(a+)+$")\' }]',
        {},
        'yaml',
      ).diagnostics[0]?.message,
    ).toContain('`matches`');
    expect(effectOf('rx(args.s, "^(a+)+$")', { args: { s: `${'a'.repeat(10_000)}b` } })).toBe('no match');
  });

  it.each([
    'args.l.all(x, args.l.all(y, args.l.all(z, true)))',
    'args.l.exists(x, args.l.exists(y, args.l.exists(z, false)))',
    'args.l.map(x, args.l.map(y, args.l.map(z, z))).size() > 0',
    'args.l.filter(x, args.l.filter(y, args.l.exists_one(z, z == y)).size() > 0).size() > 0',
    '!args.l.exists(x, args.l.exists(y, args.l.exists(z, false))) || true',
  ])('loops in loops end in a denial: %s', (condition) => {
    const l = Array.from({ length: 300 }, (_, index) => index);
    expect(effectOf(condition, { args: { l } })).toContain('too many turns');
  });

  it('a long text in a long loop ends in a denial', () => {
    const args = { text: 'a'.repeat(1_000_000), l: Array.from({ length: 2_000 }, () => 'b') };
    expect(effectOf('args.l.exists(x, args.text.contains(x))', { args })).toContain('too many turns');
    expect(effectOf('["b", "c"].exists(x, args.text.contains(x))', { args })).toBe('no match');
  });

  it('a policy cannot read the meter itself', () => {
    const { diagnostics } = compileText(
      'policies: [{ name: r, action: allow, condition: "__turn()" }]',
      {},
      'yaml',
    );
    expect(diagnostics[0]?.message).toContain('there is no function `__turn`');
  });

  it('never throws, and denies or decides, whatever the arguments are', () => {
    const policy = policyOf([
      rule('args.a.b.exists(x, x.c == args.d) && args.e > 1 && rx(args.f, "a|b") || args.g in args.h'),
    ]);
    const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    const args = fc.record(
      {
        a: fc.record({ b: fc.array(fc.record({ c: value })) }),
        d: value,
        e: value,
        f: fc.oneof(fc.string(), value),
        g: value,
        h: fc.oneof(fc.array(value), value),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(args, (given) => {
        const { reasons } = decide(policy, call({ args: given as JsonObject }));
        expect(['POLICY_ALLOW', 'POLICY_DENY', 'DEFAULT_DENY']).toContain(reasons[0].code);
      }),
    );
  });
});

describe('a condition that is wrong', () => {
  const faultsOf = (condition: JsonValue) =>
    compileText(JSON.stringify({ policies: [rule(condition as string)] }), {}, 'json').diagnostics.map(
      ({ code, message }) => `${code}: ${message}`,
    );

  it.each<[JsonValue, string]>([
    ['args.amount >', 'bad-condition: column 14 of the condition: unexpected token: EOF'],
    ['amount > 1', 'bad-condition: column 1 of the condition: unknown variable: amount'],
    ['true &&\n  session.stepz > 1', 'bad-condition: line 2, column 11 of the condition: no such key: stepz'],
    ['session.steps == "a"', 'bad-condition: column 1 of the condition: no such overload: int == string'],
    [
      'session.steps + 1',
      'bad-condition: column 1 of the condition: the condition is of the type `int`, not `bool`',
    ],
    ['args.s.matches("a")', 'bad-condition: column 1 of the condition: there is no function `matches`'],
    ['true && now() > 1', 'bad-condition: column 9 of the condition: there is no function `now`'],
    [
      'rx(args.s, args.p)',
      'bad-condition: column 1 of the condition: the pattern of `rx` must be a literal text',
    ],
    [
      'rx(args.s, "(")',
      expect.stringMatching(/^bad-condition: column 12 of the condition: the pattern does not compile/),
    ],
    ['cel.bind(x, args, true)', 'bad-condition: column 1 of the condition: there is no function `bind`'],
    ['args.l.join(",") == ""', 'bad-condition: column 1 of the condition: there is no function `join`'],
    [
      'args.l.map(x, x > 1, x).size() == 1',
      'bad-condition: column 1 of the condition: `map` takes a variable and a value',
    ],
    ['', 'bad-condition: a condition is an expression of 1 to 4096 characters'],
    [true, 'wrong-type: `condition` must be a string, not a boolean'],
  ])('is refused: %j', (condition, fault) => {
    expect(faultsOf(condition)).toEqual([fault]);
  });

  it('is refused when it is too long, too deep or too large', () => {
    const deep = `${'('.repeat(300)}true${')'.repeat(300)}`;
    const large = `${'true && '.repeat(500)}true`;
    for (const condition of ['x'.repeat(5000), deep, large]) {
      expect(faultsOf(condition)).toEqual([expect.stringMatching(/^bad-condition: /)]);
    }
  });

  it('stands where it stands in the file, beside everything else that is wrong', () => {
    const { diagnostics } = compileText(
      '[[policies]]\nname = "r"\naction = "allow"\ncondition = "amount > 1"\n[[policies]]\nname = "s"\naction = "alow"\n',
    );
    expect(diagnostics.map(({ at }) => `${at.line}:${at.column}`)).toEqual(['4:13', '7:10']);
  });
});
