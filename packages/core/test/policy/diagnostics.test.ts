import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { compileText, sha256 } from './call.ts';

/** The diagnostics of one rule, whose lines start at 4; `when` is written in full. */
function faults(lines: string): string[] {
  const text = `[[policies]]\nname = "r"\naction = "deny"\n${lines}\n`;
  const { policy, diagnostics } = compileText(text);
  expect(policy === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(({ at, code }) => `${at.line}:${at.column} ${code}`);
}

describe('a policy with faults', () => {
  it('reports all of them at once, in order, with places and suggestions', () => {
    const text = [
      '[[policies]]',
      'name = "a"',
      'action = "dny"',
      'tiem = "x"',
      'when = { tool_nme = "x", amount = { gtt = 5 }, note = { matches = "(" } }',
      '[[policies]]',
      'name = "a"',
      'action = "allow"',
      'invariant = true',
      'mask = ["emial"]',
      '[policies.limits]',
      'timeout = 5',
      '[[policies]]',
      'action = "deny"',
    ].join('\n');
    expect(compileText(text).diagnostics.map(formatDiagnostic)).toEqual([
      'policy.toml:3:10: unknown action `dny`\n  help: did you mean `deny`?',
      'policy.toml:4:1: unknown key `tiem`\n  help: did you mean `time`?',
      'policy.toml:5:10: unknown condition `tool_nme`\n  help: did you mean `tool_name`? an argument of that name is written `args.tool_nme`',
      'policy.toml:5:37: unknown operator `gtt`\n  help: did you mean `gt`? an argument inside is written `"amount.gtt"`',
      'policy.toml:5:67: the pattern does not compile: missing closing ): `(`\n  help: patterns are RE2: no backreferences and no look-around',
      'policy.toml:7:8: a rule `a` exists already\n  help: the first one is at policy.toml:2:8',
      'policy.toml:8:10: an invariant cannot allow\n  help: use `deny` or `require_approval`, or `audit` to attach `mask`, `limits`, `requires` or `log`',
      'policy.toml:10:9: unknown mask `emial`\n  help: did you mean `email`?',
      'policy.toml:12:1: unknown key `timeout`\n  help: did you mean `timeout_ms`?',
      'policy.toml:13:1: a rule needs `name`',
    ]);
  });

  it.each([
    ['yaml', 'policies:\n  - name: a\n    action: dny\n    when: { amount: [] }\n', ['3:13', '4:21']],
    ['json', '{"policies": [\n {"name": "a", "action": "dny", "when": {"amount": []}}]}', ['2:26', '2:52']],
  ] as const)('has places in %s too', (format, text, want) => {
    const { diagnostics } = compileText(text, {}, format);
    expect(diagnostics.map(({ at }) => `${at.line}:${at.column}`)).toEqual(want);
  });

  it.each([
    ['labels = ["x"]', '4:1 no-effect'],
    ['approvers = { quorum = 2 }', '4:1 no-effect'],
    ['match = 5', '4:9 wrong-type'],
    ['match = "x\\\\"', '4:9 bad-pattern'],
    ['match = ""', '4:9 bad-pattern'],
    ['when = "x"', '4:8 wrong-type'],
    ['when = { label = { gt = 1 } }', '4:20 unknown-operator'],
    ['when = { score = { gt = 500 } }', '4:25 wrong-type'],
    ['when = { score = { gte = "high" } }', '4:26 wrong-type'],
    ['when = { score = "high" }', '4:18 wrong-type'],
    ['when = { score = { matches = "7" } }', '4:20 unknown-operator'],
    ['when = { tool = "x" }', '4:10 unknown-condition'],
    ['when = { hosts = "x" }', '4:10 unknown-condition'],
    ['when = { "a..b" = 1 }', '4:10 unknown-condition'],
    ['when = { "args.__proto__.x" = 1 }', '4:10 unknown-condition'],
    ['when = { amount = 1, "args.amount" = 2 }', '4:22 duplicate-key'],
    ['when = { amount = {} }', '4:19 no-effect'],
    ['when = { amount = [] }', '4:19 no-effect'],
    ['when = { amount = [[1]] }', '4:20 wrong-type'],
    ['when = { amount = { exists = true, gt = 1 } }', '4:19 no-effect'],
    ['when = { amount = { exists = "yes" } }', '4:30 wrong-type'],
    ['when = { amount = { gt = "5" } }', '4:26 wrong-type'],
    ['when = { amount = { in = 5 } }', '4:26 wrong-type'],
    ['when = { amount = { eq = [5] } }', '4:26 wrong-type'],
    ['when = { options = { path = "x" } }', '4:22 unknown-operator'],
    ['when = { note = { matches = "(?=a)" } }', '4:29 bad-pattern'],
    ['when = { note = "x\\\\" }', '4:17 bad-pattern'],
    [`when = { note = "${'x'.repeat(1025)}" }`, '4:17 bad-pattern'],
    ['when = { tool_name = 5 }', '4:22 wrong-type'],
    ['when = { tool_name = { gt = 5 } }', '4:24 unknown-operator'],
    ['when = { server = { exists = true } }', '4:21 unknown-operator'],
    ['when = { path = "./data/*" }', '4:17 no-effect'],
    ['when = { path = { under = "data" } }', '4:27 bad-pattern'],
    ['when = { path = { cidr = "10.0.0.0/8" } }', '4:19 unknown-operator'],
    ['when = { host = { cidr = "10.0.0.1" } }', '4:26 bad-pattern'],
    ['when = { host = { cidr = ["10.0.0.0/33"] } }', '4:27 bad-pattern'],
    ['when = { capability = "fs.wrte" }', '4:23 unknown-value'],
    ['when = { capability = "net.x*" }', '4:23 unknown-value'],
    ['when = { risk = { gte = "hgh" } }', '4:25 unknown-value'],
    ['log = "yes"', '4:7 wrong-type'],
    ['reason = "two\\nlines"', '4:10 bad-text'],
    ['mode = "off"', '4:8 unknown-value'],
    ['mask = ["email"]', '4:1 no-effect'],
    ['limits = { timeout_ms = 5 }', '4:1 no-effect'],
    ['requires = ["x"]', '4:1 no-effect'],
    ['waive = ["sql.drop"]', '4:1 no-effect'],
    ['risk = "low"', '4:1 no-effect'],
    ['mode = "shadow"\nlog = true', '5:1 no-effect'],
    ['invariant = true\nmode = "shadow"', '5:8 invariant-loosens'],
    ['invariant = true\nwaive = ["sql.drop"]', '5:1 invariant-loosens'],
    ['when = { at = 2024-01-01 }', '4:15 not-json'],
  ])('refuses %j', (lines, want) => {
    expect(faults(lines)).toEqual([want]);
  });

  it.each([
    ['action = "allow"\nmask = "email"', '3:8 wrong-type'],
    ['action = "allow"\nmask = ["email", "email"]', '3:18 duplicate-value'],
    ['action = "allow"\nlimits = { timeout_ms = 0 }', '3:25 out-of-range'],
    ['action = "allow"\nlimits = { timeout_ms = 1.5 }', '3:25 out-of-range'],
    ['action = "allow"\nlimits = { max_output_bytes = 1e10 }', '3:31 out-of-range'],
    ['action = "allow"\nwaive = ["everything"]', '3:10 unknown-value'],
    ['action = "audit"\nlog = false', '3:1 no-effect'],
    ['action = "audit"\ninvariant = true\nrisk = "low"', '4:1 no-effect'],
    ['reason = "x"', '1:1 missing-key'],
  ])('refuses a rule with %j', (lines, want) => {
    const { diagnostics } = compileText(`policies = [{ name = "r", ${lines.replaceAll('\n', ', ')} }]`);
    const flat = diagnostics.map(({ code }) => code);
    expect(flat).toEqual([want.split(' ')[1]]);
    const text = `[[policies]]\n${lines}\nname = "r"\n`;
    expect(compileText(text).diagnostics.map(({ at, code }) => `${at.line}:${at.column} ${code}`)).toEqual([
      want,
    ]);
  });

  it('finds a name used twice across files', () => {
    const parts = ['a.toml', 'b.toml'].map((file) => ({
      document: readDocument({ text: '[[policies]]\nname = "same"\naction = "deny"\n', file }),
      path: ['policies'],
    }));
    const { diagnostics } = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'b.toml:2:8: a rule `same` exists already\n  help: the first one is at a.toml:2:8',
    ]);
  });

  it('refuses rules that are not a list, and has none where there is no list', () => {
    expect(compileText('policies = { name = "a" }').diagnostics[0]?.code).toBe('wrong-type');
    expect(compileText('').policy?.rules).toEqual([]);
    expect(compileText('policies = [1, "x"]').diagnostics.map(({ code }) => code)).toEqual([
      'wrong-type',
      'wrong-type',
    ]);
  });

  it('refuses limits that could not be kept', () => {
    expect(() => compileText('', { limits: { maxSteps: 1.5 } })).toThrow(/maxSteps/);
    expect(() => compileText('', { limits: { maxSteps: -1 } })).toThrow(/maxSteps/);
    expect(() => compileText('', { limits: { maxIdenticalCalls: 65 } })).toThrow(/maxIdenticalCalls/);
  });
});
