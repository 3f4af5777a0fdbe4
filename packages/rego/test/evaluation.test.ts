import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compile, type Module } from '../src/compile.ts';
import type { HashFunctions } from '../src/builtins/builtin.ts';
import type { Value } from '../src/value/value.ts';

function moduleOf(rego: string, hashes?: HashFunctions): Module {
  const compiled = compile(
    [{ file: 'p.rego', text: `package t\n${rego}\n` }],
    hashes === undefined ? {} : { hashes },
  );
  if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled;
}

/** Two lists that are equal and not the same. */
function twice(list: readonly number[]): { text: readonly number[]; other: readonly number[] } {
  return { text: list, other: [...list] };
}

describe('a budget ends an evaluation with an error', () => {
  // SECURITY: what a caller sends is as large as he likes.
  it.each([
    ['a text', 'lower(input.text)', { text: 'x'.repeat(1 << 20) }],
    [
      'a list in a list',
      'input.text in {input.text}',
      { text: Array.from({ length: 1 << 16 }, (_, i) => i) },
    ],
    [
      'lists that are equal',
      'input.text == input.other',
      twice(Array.from({ length: 1 << 16 }, (_, i) => i)),
    ],
  ])('that looks at %s again and again', (_, expression, values) => {
    const policy = moduleOf(`p := count([1 | some i in input.list; _ := ${expression}])`);
    const list = Array.from({ length: 20_000 }, (_, i) => i);
    const result = policy.evaluate('data.t.p', { input: { list, ...values }, budget: { steps: 100_000 } });
    expect(result).toMatchObject({ kind: 'error', code: 'steps_exceeded' });
  });

  it.each([
    [
      'loops in loops',
      'p if { some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in numbers.range(1, 1000); a + b + c == 0 }',
      'steps_exceeded',
    ],
    ['functions that call twice', `${doubling(30)}\np := f30(1)`, 'steps_exceeded'],
    ['a range without end', 'p := numbers.range(0, 1000000000000)', 'size_exceeded'],
    ['a text that doubles', `${textDoubling(40)}\np := count(s40)`, 'size_exceeded'],
    [
      'a wide format',
      'p := sprintf("%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d", numbers.range(1, 18))',
      'size_exceeded',
    ],
    ['all addresses of IPv6', 'p := net.cidr_expand("::/0")', 'size_exceeded'],
    ['a number that is squared again and again', `${squaring(40)}\np := n40 > 0`, 'size_exceeded'],
    ['a fraction that is squared again and again', `${squaring(40, '1.5')}\np := n40 > 0`, 'size_exceeded'],
    ['rules that lean on each other', `${chain(300)}\np := r300`, 'depth_exceeded'],
  ])('%s', (_name, rego, code) => {
    const result = moduleOf(rego).evaluate('data.t.p', { input: {} });
    expect(result).toMatchObject({ kind: 'error', code });
  });

  it('counts the same steps for the same question', () => {
    const policy = moduleOf('p contains x if { some x in input.list; x > 1 }');
    const steps = (): number => policy.evaluate('data.t.p', { input: { list: [1, 2, 3] } }).steps;
    expect(steps()).toBe(steps());
    const { steps: needed } = policy.evaluate('data.t.p', { input: { list: [1, 2, 3] } });
    const exact = policy.evaluate('data.t.p', { input: { list: [1, 2, 3] }, budget: { steps: needed } });
    const short = policy.evaluate('data.t.p', { input: { list: [1, 2, 3] }, budget: { steps: needed - 1 } });
    expect([exact.kind, short.kind]).toEqual(['value', 'error']);
  });

  it('an input that is nested without end is an error and no crash', () => {
    let input: Value = 1;
    for (let i = 0; i < 50_000; i++) input = [input];
    const result = moduleOf('p := input == [input]').evaluate('data.t.p', { input });
    expect(result).toMatchObject({ kind: 'error', code: 'depth_exceeded' });
  });

  it('a pattern that would backtrack for ever answers at once', () => {
    const policy = moduleOf(
      'p := regex.match("^(a+)+$", input.s)\nq := glob.match("*a*a*a*a*a*a*b", [], input.s)',
    );
    const input = { s: `${'a'.repeat(5000)}!` };
    expect(policy.evaluate('data.t', { input })).toMatchObject({
      kind: 'value',
      value: { p: false, q: false },
    });
  });
});

describe('errors of policies are values', () => {
  it('a conflict says where', () => {
    const result = moduleOf('p := 1\np := 2').evaluate('data.t.p');
    expect(result).toMatchObject({
      kind: 'error',
      code: 'eval_conflict_error',
      message: 'complete rule `data.t.p` has more than one value',
      at: { file: 'p.rego', line: 2, column: 1 },
    });
  });

  it('a built-in that cannot answer is undefined, and an error when evaluation is strict', () => {
    const policy = moduleOf('p := to_number(input.x)');
    const input = { x: 'abc' };
    expect(policy.evaluate('data.t.p', { input }).kind).toBe('undefined');
    expect(policy.evaluate('data.t.p', { input, strict: true })).toMatchObject({
      kind: 'error',
      code: 'eval_type_error',
      at: { line: 2, column: 6 },
    });
  });

  it('an unknown entrypoint is an error and never undefined', () => {
    expect(moduleOf('decision := 1').evaluate('data.t.decison')).toMatchObject({
      kind: 'error',
      code: 'unknown_entrypoint',
      message: 'no rule `data.t.decison`: did you mean `data.t.decision`?',
    });
  });
});

describe('what a policy may see', () => {
  it('own properties of the input only', () => {
    const policy = moduleOf('p := input.constructor\nq := input.__proto__\nr := input.list.length');
    expect(policy.evaluate('data.t', { input: { list: [] } })).toMatchObject({ kind: 'value', value: {} });
  });

  it('a key called __proto__ is a key like any other', () => {
    const policy = moduleOf('p := {"__proto__": {"admin": true}}');
    const result = policy.evaluate('data.t.p');
    expect(result.kind === 'value' && JSON.stringify(result.value)).toBe('{"__proto__":{"admin":true}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('the input and the data stay as they are', () => {
    const input = Object.freeze({ list: Object.freeze([3, 1, 2]) });
    const policy = moduleOf('p := sort(input.list)\nq := x if x := p with input.list as [9]');
    expect(policy.evaluate('data.t.p', { input })).toMatchObject({ value: [1, 2, 3] });
    expect(input).toEqual({ list: [3, 1, 2] });
  });

  it('the time that the host hands in, and none without it', () => {
    const policy = moduleOf('p := time.now_ns()');
    expect(policy.evaluate('data.t.p', { nowNs: 5n })).toMatchObject({ value: 5 });
    expect(policy.evaluate('data.t.p').kind).toBe('undefined');
  });

  it('hash functions that the host hands in', () => {
    const policy = moduleOf('p := [crypto.sha256("a"), crypto.hmac.sha256("a", "k"), crypto.md5("é")]', {
      sha256: (bytes) => createHash('sha256').update(bytes).digest(),
      md5: (bytes) => createHash('md5').update(bytes).digest(),
      hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
    });
    const hex = (hash: 'sha256' | 'md5', text: string): string => createHash(hash).update(text).digest('hex');
    const keyed = createHmac('sha256', 'k').update('a').digest('hex');
    expect(policy.evaluate('data.t.p')).toMatchObject({
      value: [hex('sha256', 'a'), keyed, hex('md5', 'é')],
    });
  });

  it('tokens are verified with the hash of the host', () => {
    const hmacSha384 = (key: Uint8Array, bytes: Uint8Array): Uint8Array =>
      createHmac('sha384', key).update(bytes).digest();
    const policy = moduleOf('p := [io.jwt.verify_hs384(input.token, k) | some k in ["key", "other"]]', {
      hmacSha384,
    });
    const signed = `${Buffer.from('{"alg":"HS384"}').toString('base64url')}.e30`;
    const signature = createHmac('sha384', 'key').update(signed).digest('base64url');
    expect(policy.evaluate('data.t.p', { input: { token: `${signed}.${signature}` } })).toMatchObject({
      value: [true, false],
    });
    expect(policy.evaluate('data.t.p', { input: { token: signed } })).toMatchObject({ value: [] });
  });

  it('prints are collected with their places', () => {
    const policy = moduleOf('p if {\n  print("user", input.user, [1, "a"], input.nothing)\n}');
    expect(policy.evaluate('data.t.p', { input: { user: 'ann' } })).toMatchObject({
      kind: 'value',
      prints: [{ text: 'user ann [1, "a"] <undefined>', at: { file: 'p.rego', line: 3, column: 3 } }],
    });
  });
});

describe('a module tells about itself', () => {
  it('which paths of the input it reads', () => {
    const policy = moduleOf(
      [
        'import input.session as s',
        'p if { input.tool.name == "x"; s.calls > 1; some i; input.args.paths[i].raw; input.by[input.key] }',
        'q := f(input.tool) if input.tool.risk',
        'f(x) := x.name',
      ].join('\n'),
    );
    expect(policy.inputPaths).toEqual([
      ['args', 'paths', '*', 'raw'],
      ['by', '*'],
      ['key'],
      ['session', 'calls'],
      ['tool'],
    ]);
  });

  it('which documents can be asked for', () => {
    const policy = moduleOf('p := 1\nq contains 1\nf(x) := x\nr.s := 2');
    expect(policy.entrypoints).toEqual(['data.t.p', 'data.t.q', 'data.t.r.s']);
    expect(policy.query('data.t.f')).toBeUndefined();
    expect(policy.query('data.t.q')?.evaluate()).toMatchObject({ value: [1] });
    expect(policy.query('data.t')?.evaluate()).toMatchObject({ value: { p: 1, q: [1], r: { s: 2 } } });
  });
});

function doubling(count: number): string {
  const functions = Array.from({ length: count }, (_, i) => `f${i + 1}(x) := f${i}(x) + f${i}(x)`);
  return ['f0(x) := x', ...functions].join('\n');
}

function textDoubling(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => `s${i + 1} := concat("", [s${i}, s${i}])`);
  return ['s0 := "ab"', ...rules].join('\n');
}

function squaring(count: number, start = '3'): string {
  const rules = Array.from({ length: count }, (_, i) => `n${i + 1} := n${i} * n${i}`);
  return [`n0 := ${start}`, ...rules].join('\n');
}

function chain(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => `r${i + 1} := r${i}`);
  return ['r0 := 1', ...rules].join('\n');
}
