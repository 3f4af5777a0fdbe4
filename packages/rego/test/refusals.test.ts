import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import type { Diagnostic } from '../src/diagnostic.ts';

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const compiled = compile([{ file: 'p.rego', text }]);
  return compiled.kind === 'refused' ? compiled.diagnostics : [];
}

/** Body of package `t`, then `line:column code message`; the package is line 1. */
const REFUSALS: readonly (readonly [rego: string, want: string])[] = [
  ['p := x', '2:6 rego_unsafe_var_error variable `x` is unsafe'],
  ['p if { x > 1 }', '2:8 rego_unsafe_var_error variable `x` is unsafe'],
  ['p if not input.list[_] == 1', '2:21 rego_unsafe_var_error variable `_` is unsafe'],
  ['p if not startswith(input.list[_], "a")', '2:32 rego_unsafe_var_error variable `_` is unsafe'],
  ['p := [x | input.y == x + z]', '2:26 rego_unsafe_var_error variable `z` is unsafe'],
  ['f(x) := x + y', '2:13 rego_unsafe_var_error variable `y` is unsafe'],
  [
    'p := q\nq := p',
    '2:1 rego_recursion_error rule `data.t.p` is recursive: data.t.p -> data.t.q -> data.t.p',
  ],
  ['f(x) := f(x - 1)', '2:1 rego_recursion_error rule `data.t.f` is recursive: data.t.f -> data.t.f'],
  ['p := data.t[input.x]', '2:1 rego_recursion_error rule `data.t.p` is recursive: data.t.p -> data.t.p'],
  ['p := countt([1])', '2:6 rego_type_error undefined function `countt`'],
  ['p := data.lib.f(1)', '2:6 rego_type_error undefined function `data.lib.f`'],
  ['q := 1\np := q(1)', '3:6 rego_type_error undefined function `q`'],
  ['p := count([1], 2, 3)', '2:6 rego_type_error `count` takes 1 argument, found 3'],
  ['f(x, y) := x + y\np := f(1)', '3:6 rego_type_error `t.f` takes 2 arguments, found 1'],
  ['p := startswith(1, "a")', '2:17 rego_type_error `startswith`: argument 1 must be string, found number'],
  [
    'p := count(1)',
    '2:12 rego_type_error `count`: argument 1 must be string or array or object or set, found number',
  ],
  ['p := 1 + "a"', '2:10 rego_type_error `plus`: argument 2 must be number, found string'],
  [
    'p if { x := [1]; lower(x) == "a" }',
    '2:24 rego_type_error `lower`: argument 1 must be string, found array',
  ],
  ['p if { x := 1; x = "a" }', '2:16 rego_type_error a number can never be a string'],
  ['p := upper(count([]))', '2:12 rego_type_error `upper`: argument 1 must be string, found number'],
  [
    'p := regex.match("[", "a")',
    '2:6 rego_type_error `regex.match`: error parsing regexp: missing closing ]: `[`',
  ],
  [
    'p := regex.match("(?=a)", "a")',
    '2:6 rego_type_error `regex.match`: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  ['p := glob.match("{a", [], "a")', '2:6 rego_type_error `glob.match`: missing `}`'],
  ['p := 1\np contains 2', '3:1 rego_type_error conflicting rules `data.t.p`'],
  ['p(x) := 1\np := 2', '3:1 rego_type_error conflicting rules `data.t.p`'],
  ['f(x) := 1\nf(x, y) := 2', '3:1 rego_type_error conflicting rules `data.t.f`'],
  ['default p := 1\ndefault p := 2', '3:1 rego_type_error multiple default rules `data.t.p`'],
  ['p := 1\np.q := 2', '2:1 rego_type_error rule `data.t.p` conflicts with `data.t.p.q`'],
  ['p if { x := 1; x := 2 }', '2:16 rego_compile_error variable `x` is declared twice'],
  ['p if { y := x; x := 1 }', '2:16 rego_compile_error variable `x` is used before it is declared'],
  ['p if { some x; true }', '2:13 rego_compile_error declared variable `x` is unused'],
  ['p if { every x in [1] { true } }', '2:14 rego_compile_error declared variable `x` is unused'],
  ['p if { input := 1 }', '2:8 rego_compile_error variables must not shadow `input`'],
  ['f(data) := 1', '2:3 rego_compile_error args must not shadow `data`'],
  ['input := 1', '2:1 rego_compile_error rules must not shadow `input`'],
  ['p if { input.x := 2 }', '2:8 rego_compile_error cannot assign to this term'],
  ['import data.a.x\nimport data.b.x\np := x', '3:1 rego_compile_error import must not shadow import `x`'],
  [
    'q := {"a": 1}\np if { q.a == 1 with data.t.q.a as 2 }',
    '3:22 rego_compile_error `with` cannot replace a part of a rule',
  ],
  ['p := http.send({})', '2:6 rego_unsupported built-in `http.send` is outside the subset'],
  ['p := opa.runtime()', '2:6 rego_unsupported built-in `opa.runtime` is outside the subset'],
  ['p := rand.intn("a", 5)', '2:6 rego_unsupported built-in `rand.intn` is outside the subset'],
  [
    'p := io.jwt.decode_verify("a", {})',
    '2:6 rego_unsupported built-in `io.jwt.decode_verify` is outside the subset',
  ],
  [
    'p := io.jwt.verify_hs256("a", "b")',
    '2:6 rego_unsupported built-in `io.jwt.verify_hs256` needs a hash function of the host',
  ],
  ['p := any([true])', '2:6 rego_unsupported built-in `any` is outside the subset'],
  [
    'p := crypto.sha256("a")',
    '2:6 rego_unsupported built-in `crypto.sha256` needs a hash function of the host',
  ],
  [
    'p if { q with input[x] as 1; x := "a" }\nq := 1',
    '2:15 rego_unsupported `with` can only replace a function or a fixed path below `input` or `data`',
  ],
  ['p if { q with http.send as 1 }\nq := 1', '2:15 rego_unsupported `with` cannot replace `http.send`'],
  [
    'p if { q with plus as 1 }\nq := 1',
    '2:15 rego_unsupported `with` cannot replace an operator or a relation',
  ],
  [
    'p if { q with walk as 1 }\nq := 1',
    '2:15 rego_unsupported `with` cannot replace an operator or a relation',
  ],
  [
    'p if { q with count as http.send }\nq := 1',
    '2:15 rego_unsupported a function can be replaced by a value, a rule or a function',
  ],
  [
    'p if { q with count as data.t }\nq := 1',
    '2:15 rego_unsupported a function can be replaced by a value, a rule or a function',
  ],
  [
    'p if { q with count as concat }\nq := 1',
    '2:10 rego_type_error `with`: the function takes 1 argument, its replacement 2',
  ],
  [
    'g(x) := h(x)\nh(x) := count(x)\np if { q with count as g }\nq := 1',
    '4:10 rego_unsupported `data.t.g` cannot be a replacement and depend on what is replaced',
  ],
  [
    'g(x) := count(x)\np if { q with count as g }\nq := g([])',
    '3:10 rego_unsupported `data.t.g` cannot be a replacement and depend on what is replaced',
  ],
  [
    'r := count([])\np if { q with count as r }\nq := 1',
    '3:10 rego_unsupported `data.t.r` cannot be a replacement and depend on what is replaced',
  ],
  [
    'p if { q with upper as g }\nq := 1\ng(x) := x if p',
    '2:1 rego_recursion_error rule `data.t.p` is recursive: data.t.p -> data.t.g -> data.t.p',
  ],
  ['p if input.a and input.b', '2:14 rego_parse_error rule `and` has neither a value nor a body'],
  [
    'import rego.v2\np if { x := 1 or input.b }',
    '3:8 rego_compile_error cannot assign inside `or` without braces',
  ],
  ['import rego.v2\np if not x := 1', '3:6 rego_compile_error cannot assign inside `not` without braces'],
  ['import rego.v2\np if { x = 1 or input.b }', '3:8 rego_unsafe_var_error variable `x` is unsafe'],
  ['import rego.v2\np if { { x := 1 } and x == 1 }', '3:23 rego_unsafe_var_error variable `x` is unsafe'],
  [
    'import rego.v2\np if { input.list[_] == 1 or input.b }',
    '3:19 rego_unsafe_var_error variable `_` is unsafe',
  ],
  [
    'import rego.v2\np if { input.a with input.a as 1 and input.b }',
    '3:34 rego_parse_error put an operand of `and` that has a `with` in parentheses, found `and`',
  ],
  [
    'import rego.v2\np if { {1, 2} == input.a and input.b }',
    '3:26 rego_parse_error put an operand of `and` that starts with a brace in parentheses, found `and`',
  ],
  [
    'import rego.v2\np if { some x in [1] and x }',
    '3:22 rego_parse_error `some` and `every` are an operand of `and` only in braces, found `and`',
  ],
  [
    'import rego.v2\np if { print("a") or input.b }',
    '3:8 rego_parse_error an operand cannot consist only of calls of `print`',
  ],
  [
    'import rego.v2\np if not { input.a | input.b }',
    '3:12 rego_parse_error a union in braces reads as a comprehension',
  ],
  ['import rego.v2\nor := 1', '3:1 rego_parse_error expected a rule, found `or`'],
  ['p := $"{x}"', '2:9 rego_unsafe_var_error variable `x` is unsafe'],
  ['p := $"{input.list[_]}"', '2:20 rego_unsafe_var_error variable `_` is unsafe'],
  ['p := $"{x := 1}"', '2:9 rego_parse_error expected a value in the string'],
  ['p := $"{not input.x}"', '2:9 rego_parse_error expected a value in the string'],
  ['p := $"{input.x"', '2:16 rego_parse_error non-terminated string'],
  ['p := $"a', '2:6 rego_parse_error non-terminated string'],
  ['p := $"\\q"', '2:6 rego_parse_error illegal string literal "\\q"'],
  ['p := $"a"[0]', '2:6 rego_parse_error a reference cannot start with a scalar'],
  [
    'import future.keywords.xor\np := 1',
    '2:1 rego_unsupported unknown language import `future.keywords.xor`',
  ],
  ['import http.x\np := 1', '2:1 rego_parse_error import `http.x` must start with `data` or `input`'],
  ['p { true }', '2:3 rego_parse_error expected `if` before the body, found `{`'],
  ['p[x] { x := 1 }', '2:6 rego_parse_error expected `if` before the body, found `{`'],
  ['p["a"]', '2:1 rego_parse_error rule `p` has neither a value nor a body'],
  ['p', '2:1 rego_parse_error rule `p` has neither a value nor a body'],
  ['p := [1, 2', '3:1 rego_parse_error expected `]`, found end of file'],
  ['p := (1', '3:1 rego_parse_error expected `)`, found end of file'],
  ['p := 01', '2:6 rego_parse_error expected number without leading zero'],
  ['p := 1e400', '2:6 rego_parse_error number `1e400` is too big'],
  ['p := "a', '2:6 rego_parse_error non-terminated string'],
  ['p := "\\q"', '2:6 rego_parse_error illegal string literal "\\q"'],
  ['p := `a', '2:6 rego_parse_error non-terminated string'],
  ['p := 1 ? 2', '2:8 rego_parse_error unexpected character `?`'],
  ['p if { x = 1 y = 2 }', '2:14 rego_parse_error expected a new line, `;` or `}`, found `y`'],
  ['default p := input.x', '2:14 rego_parse_error a default value cannot contain variables or calls'],
  ['default f(1) := 2', '2:11 rego_parse_error arguments of a default function must be variables'],
  ['p if { not some x in [1] }', '2:12 rego_parse_error `not some` is not allowed'],
  ['p if { not every x in [1] { x } }', '2:12 rego_parse_error `not every` is not allowed'],
  [
    'p contains 1 if { true } else := 2',
    '2:26 rego_parse_error `else` cannot be used on a partial set, found `else`',
  ],
  [
    'p[x] := 1 if { some x in [1] } else := 2',
    '2:1 rego_parse_error `else` cannot be used on a rule with variables in its head',
  ],
  ['package u', '2:1 rego_parse_error unexpected `package`, found `package`'],
];

describe('what cannot work is refused with its place', () => {
  it.each(REFUSALS)('%s', (rego, want) => {
    const found = diagnosticsOf(`package t\n${rego}\n`);
    const shown = found.map(({ at, code, message }) => `${at.line}:${at.column} ${code} ${message}`);
    expect(shown).toContain(want);
  });

  it('names everything that is wrong in every file at once, in order', () => {
    const compiled = compile([
      { file: 'b.rego', text: 'package t\np := lowr("A")\nq := x\n' },
      { file: 'a.rego', text: 'package t\nr := http.send({})\n' },
    ]);
    expect(compiled).toEqual({
      kind: 'refused',
      diagnostics: [
        {
          code: 'rego_unsupported',
          message: 'built-in `http.send` is outside the subset',
          at: { file: 'a.rego', line: 2, column: 6 },
          help: 'policies have no network: let the host fetch it and hand it in as input or data',
        },
        {
          code: 'rego_type_error',
          message: 'undefined function `lowr`',
          at: { file: 'b.rego', line: 2, column: 6 },
          help: 'did you mean `lower`?',
        },
        {
          code: 'rego_unsafe_var_error',
          message: 'variable `x` is unsafe',
          at: { file: 'b.rego', line: 3, column: 6 },
          help: 'bind it with `:=` or `some`, outside of `not`',
        },
      ],
    });
  });

  it('goes on at the next rule after one that cannot be read', () => {
    const found = diagnosticsOf('package t\np := )\nq := 1\nr := [1\ns := 1\nt := }\n');
    expect(found.map(({ at }) => at.line)).toEqual([2, 5, 6]);
  });

  it('refuses a file without a package', () => {
    expect(diagnosticsOf('p := 1\n')[0]).toMatchObject({
      message: 'expected `package`, found `p`',
      at: { line: 1, column: 1 },
    });
  });

  it('refuses nesting that could exhaust the stack', () => {
    expect(diagnosticsOf(`package t\np := ${'['.repeat(5000)}${']'.repeat(5000)}\n`)[0]?.message).toContain(
      'nested deeper than',
    );
  });

  it('reads brackets that could be two things in linear time', () => {
    const text = `package t\np := ${'{'.repeat(90)}1${'}'.repeat(90)}\n`;
    expect(compile([{ file: 'p.rego', text }]).kind).toBe('module');
  });

  it.each([
    ['parentheses', `${'('.repeat(60)}input.a${')'.repeat(60)} and input.b`],
    ['groups', `${'('.repeat(60)}input.a or input.b${')'.repeat(60)}`],
    ['negations', `${'not { '.repeat(60)}input.a${' }'.repeat(60)}`],
    ['operands', `${'{ '.repeat(60)}input.a${' } or input.b'.repeat(60)}`],
    ['sets', `input.a == ${'{'.repeat(60)}1${'}'.repeat(60)} or input.b`],
  ])('reads %s that could be operands in linear time', (_, condition) => {
    const text = `package t\nimport rego.v2\np if ${condition}\n`;
    expect(compile([{ file: 'p.rego', text }]).kind).toBe('module');
  });
});
